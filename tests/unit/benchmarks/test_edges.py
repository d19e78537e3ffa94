"""The benchmark of edges counts what it says, and the way that is kept is better than none."""

import json

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import regions


@pytest.fixture
def edges(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import edges

    return edges


def halves(at, size=20):
    """Word 0 left of column `at`, word 1 from there on."""
    return np.tile((np.arange(size) >= at).astype(np.int32), (size, 1))


@pytest.mark.parametrize(("at", "f"), [(10, 1.0), (12, 1.0), (13, 0.5), (14, 0.0)])
def test_boundaries_match_within_two_pixels(edges, at, f):
    # the outline is two pixels broad, columns 9 and 10; three columns on, one of two is near
    boundary = edges.Boundary()
    boundary.add(halves(10), halves(at))
    assert boundary.f() == pytest.approx(f)
    assert (boundary.true, boundary.answered) == (80, 80)


def test_a_boundary_of_the_wrong_word_is_wrong(edges):
    boundary = edges.Boundary()
    boundary.add(halves(10), np.where(halves(10) == 1, 2, 0))
    # that of word 0 is right, that of word 1 not found, that of word 2 not true
    assert boundary.f() == pytest.approx(0.5)


def test_boundaries_near_unknown_pixels_do_not_count(edges):
    boundary = edges.Boundary()
    truth = halves(10)
    truth[:7] = edges.UNKNOWN
    boundary.add(truth, halves(10))
    # rows 7 and 8 are within two pixels of row 6
    assert (boundary.true, boundary.answered, boundary.f()) == (44, 44, 1.0)


def test_without_any_boundary_there_is_no_figure(edges):
    boundary = edges.Boundary()
    boundary.add(halves(20), halves(20))
    assert np.isnan(boundary.f())
    boundary.add(halves(20), halves(10))
    assert boundary.f() == 0


def test_unknown_pixels_take_the_nearest_word(edges):
    labels = halves(10)
    labels[:, 8:12] = edges.UNKNOWN
    np.testing.assert_array_equal(edges.nearest(labels), halves(10))


def test_clean_maps_are_the_shares_of_patches(edges):
    labels = halves(10)
    truth = edges.Truth("made", np.zeros((20, 20, 3), np.uint8), labels, labels, labels)
    case = edges.degraded(truth, 4, soft=False, rng=np.random.default_rng(0))
    assert case.numbers.tolist() == [0, 1]
    np.testing.assert_allclose(case.maps.probabilities[1, 0], [0, 0, 0.5, 1, 1])
    soft = edges.degraded(truth, 4, soft=True, rng=np.random.default_rng(0))
    assert ((soft.maps.probabilities > 0) & (soft.maps.probabilities < 1)).all()


def test_every_way_follows_an_edge_and_on_beats_off(edges):
    labels = halves(26, size=64)
    image = np.where(labels[..., None] == 1, (220, 60, 40), (60, 160, 60)).astype(np.uint8)
    truth = edges.Truth("made", image, labels, labels, labels)
    case = edges.degraded(truth, 16, soft=True, rng=np.random.default_rng(3))
    figures = edges.measure([case], edges.WAYS)
    assert set(figures) == set(edges.WAYS)
    assert figures["off"]["f"] < 90
    for name in set(figures) - {"off"}:
        assert figures[name]["iou"] > figures["off"]["iou"], name
        assert figures[name]["f"] > figures["off"]["f"], name
    assert figures["on"]["f"] == 100


@pytest.mark.parametrize("threshold", [-1.0, 0.5])
def test_the_defaults_are_what_on_does_and_are_among_those_swept(edges, monkeypatch, threshold):
    ways = edges.sweep_ways()
    settings = edges.EdgeSettings()
    name = f"cells {settings.cells}, radius {settings.radius}, epsilon {settings.epsilon:g}"
    chance = np.random.default_rng(1)
    labels = chance.integers(0, 3, (4, 4), dtype=np.int32).repeat(24, axis=0).repeat(24, axis=1)
    image = np.array([(220, 60, 40), (60, 160, 60), (50, 60, 200)])[labels]
    image = (image + chance.normal(0, 40, image.shape)).clip(0, 255).astype(np.uint8)
    truth = edges.Truth("made", image, labels, labels, labels)
    case = edges.degraded(truth, 16, soft=False, rng=chance)
    on = edges.WAYS["on"](case, threshold)
    np.testing.assert_array_equal(ways["colours"](case, threshold), on)
    assert (edges.WAYS["edges"](case, threshold) != on).any()
    monkeypatch.setattr(regions, "listen", lambda *_, **__: None)
    on = edges.WAYS["on"](case, threshold)
    for way in (ways[name], edges.WAYS["edges"]):
        np.testing.assert_array_equal(way(case, threshold), on)


def test_with_a_threshold_what_no_word_reaches_is_nobodys(edges):
    labels = halves(10)
    truth = edges.Truth("made", np.zeros((20, 20, 3), np.uint8), labels, labels, labels)
    case = edges.degraded(truth, 4, soft=False, rng=np.random.default_rng(0))
    for name in set(edges.WAYS) - {"on"}:
        answered = [edges.WAYS[name](case, least) for least in (edges.ANY_SCORE, 0.7, 1.1)]
        assert [(one == -1).mean() > 0 for one in answered] == [False, True, True], name
        assert (answered[2] == -1).all(), name
    figures = edges.measure([case], {"off": edges.WAYS["off"]}, 1.1)
    assert figures["off"]["iou"] == 0


def test_absent_data_is_said_and_each_half_is_used(edges, tmp_path, capsys, monkeypatch):
    for kind in ("images", "masks"):
        (tmp_path / "camvid" / kind).mkdir(parents=True)
    for index in range(3):
        labels = halves(8 + index, size=32)
        Image.fromarray(np.stack([200 * labels] * 3, axis=2).astype(np.uint8)).save(
            tmp_path / "camvid" / "images" / f"{index}.png"
        )
        Image.fromarray(labels.astype(np.uint8)).save(
            tmp_path / "camvid" / "masks" / f"{index}.png"
        )

    def no_art(limit):
        raise edges.CascadeClipError("There is no art.")

    monkeypatch.setattr(edges, "scene_truths", no_art)
    counts = []
    for more in ([], ["--sweep"]):
        edges.main(["--data", str(tmp_path), "--patches", "8", "--json", *more])
        found = json.loads(capsys.readouterr().out)
        assert [one.split(":")[0] for one in found["missing"]] == ["pets", "scenes"]
        assert [(row["maps"], row["threshold"]) for row in found["rows"]] == [
            ("clean", -1),
            ("soft", -1),
            ("soft", 0.5),
        ]
        counts.append([row["images"] for row in found["rows"]])
    assert counts == [[1, 1, 1], [2, 2, 2]]
