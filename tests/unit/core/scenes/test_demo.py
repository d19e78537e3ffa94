"""A demo is deterministic, complete, exact, and replaces nothing but a demo."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project
from cascadeclip.core.scenes import DEMO_WORDS, INDEX, Art, draw_scene
from cascadeclip.core.scenes import demo as module
from cascadeclip.core.scenes.demo import FIRST_SEED, SEEDS_PER_DEMO, TRUTH, demo_words, write_demo


@pytest.fixture(autouse=True)
def art(monkeypatch):
    """Discs instead of real art: nothing to install, nothing to render."""
    yy, xx = np.mgrid[:40, :40]
    disc = np.zeros((40, 40, 4), np.uint8)
    disc[np.hypot(yy - 20, xx - 20) < 18] = (200, 40, 40, 255)
    found = Art(
        "discs", {name: disc for name in DEMO_WORDS if name not in ("grass", "sky", "sand")}
    )
    monkeypatch.setattr(module, "load_art", lambda: found)
    return found


def _bytes(folder):
    return [path.read_bytes() for path in sorted((folder / "images").iterdir())]


def test_the_project_is_complete(tmp_path):
    write_demo(tmp_path / "demo", count=3, size=64)
    with Project.open(tmp_path / "demo") as project:
        rows = project.images.page()
        assert [row.path for row in rows] == [f"images/scene-000{n}.png" for n in (1, 2, 3)]
        assert {(row.width, row.height, row.status) for row in rows} == {(64, 64, "unreviewed")}
        assert [row.name for row in project.classes.all()] == list(DEMO_WORDS)
        assert project.versions.active() is None
    assert not (tmp_path / "demo" / TRUTH).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_word_brings_its_other_spellings():
    words = {word.name: word for word in demo_words()}
    assert list(words) == list(DEMO_WORDS)
    assert all(word.phrases[0] == name for name, word in words.items())
    assert any(len(word.phrases) > 1 for word in words.values())
    assert len({word.colour for word in words.values()}) == len(words)


def test_the_seed_decides_and_is_never_one_of_training(tmp_path, art):
    one = write_demo(tmp_path / "one", seed=7, count=2, size=64)
    same = write_demo(tmp_path / "same", seed=7, count=2, size=64)
    other = write_demo(tmp_path / "other", seed=8, count=2, size=64)
    assert _bytes(one) == _bytes(same)
    assert not set(_bytes(one)) & set(_bytes(other))
    number = FIRST_SEED + 7 * SEEDS_PER_DEMO + 1
    scene = draw_scene(art, number, size=64, words=DEMO_WORDS)
    assert number > 2**31
    assert np.array_equal(np.array(Image.open(one / "images" / "scene-0002.png")), scene.image)


def test_the_truth_is_exact(tmp_path, art):
    folder = write_demo(tmp_path / "demo", seed=3, count=4, size=64, truth=True)
    truth = COCO(str(folder / TRUTH))
    assert [one["name"] for one in truth.loadCats(truth.getCatIds())] == list(DEMO_WORDS)
    assert len(truth.imgs) == 4
    numbers = np.array([INDEX[name] for name in DEMO_WORDS])
    for place, number in enumerate(sorted(truth.imgs)):
        seed = FIRST_SEED + 3 * SEEDS_PER_DEMO + place
        scene = draw_scene(art, seed, size=64, words=DEMO_WORDS)
        drawn = np.full((64, 64), -1)
        covered = np.zeros((64, 64), int)
        rows = truth.loadAnns(truth.getAnnIds(imgIds=[number]))
        for row in rows:
            mask = truth.annToMask(row).astype(bool)
            drawn[mask] = numbers[row["category_id"] - 1]
            covered += mask
        assert np.array_equal(drawn, scene.labels)
        assert covered.min() == covered.max() == 1
        assert truth.imgs[number]["file_name"] == f"scene-000{place + 1}.png"
        things = [row for row in rows if DEMO_WORDS[row["category_id"] - 1] not in
                  ("grass", "sky", "sand")]  # fmt: skip
        assert len(things) == sum(one.mask.any() for one in scene.objects)


def test_a_demo_is_replaced_whole(tmp_path):
    folder = write_demo(tmp_path / "demo", count=5, size=64, truth=True)
    (folder / "note.txt").write_text("from before")
    write_demo(folder, count=2, size=64)
    assert len(list((folder / "images").iterdir())) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["demo.json", "images", "project.db"]
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert json.loads((folder / "demo.json").read_text())["count"] == 2


def test_an_empty_folder_is_taken_and_any_other_left_alone(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    write_demo(empty, count=1, size=64)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(ProjectError, match="other files"):
        write_demo(mine, count=1, size=64)
    with pytest.raises(ProjectError, match="is a file"):
        write_demo(mine / "holiday.jpg", count=1, size=64)
    assert [path.name for path in mine.iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize(
    ("request_", "part"),
    [({"count": 0}, "scenes"), ({"size": 8}, "pixels"), ({"seed": -1}, "seed")],
)
def test_impossible_requests_are_refused_before_anything_is_made(tmp_path, request_, part):
    with pytest.raises(ProjectError, match=part):
        write_demo(tmp_path / "demo", **request_)
    assert list(tmp_path.iterdir()) == []


def test_a_stop_or_a_fault_changes_nothing(tmp_path, monkeypatch):
    folder = write_demo(tmp_path / "demo", seed=1, count=2, size=64)
    before = _bytes(folder)
    seen = []
    with pytest.raises(ProjectError, match="stopped"):
        write_demo(
            folder,
            seed=2,
            count=4,
            size=64,
            truth=True,
            progress=lambda done, total: seen.append((done, total)),
            stopped=lambda: len(seen) == 2,
        )
    assert seen == [(1, 4), (2, 4)]
    monkeypatch.setattr(module, "draw_scene", _full_disk)
    with pytest.raises(ProjectError, match="No space left"):
        write_demo(folder, seed=2, count=4, size=64, truth=True)
    assert _bytes(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def _full_disk(*args, **kwargs):
    raise OSError(28, "No space left on device")


def test_a_demo_that_holds_masks_is_replaced_only_when_asked(tmp_path):
    folder = write_demo(tmp_path / "demo", count=2, size=64)
    with Project.open(folder) as project:
        (first, _) = project.images.page()
        project.annotations.add(first.id, project.classes.all()[0].id, np.ones((64, 64), bool))
    with pytest.raises(ProjectError, match="holds 1 masks"):
        write_demo(folder, count=3, size=64)
    with Project.open(folder) as project:
        assert project.annotations.count() == 1
    write_demo(folder, count=3, size=64, replace=True)
    with Project.open(folder) as project:
        assert (project.annotations.count(), project.images.count()) == (0, 3)
