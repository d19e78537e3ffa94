"""What consumers of COCO files accept, checked with pycocotools itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats import export_coco, whole_file
from cascadeclip.core.formats.coco_file import CocoFile
from cascadeclip.core.values import Provenance, Rle


def _reload(path) -> COCO:
    return COCO(str(path))


def _rectangle(height, width, top, left, bottom, right):
    mask = np.zeros((height, width), bool)
    mask[top:bottom, left:right] = True
    return mask


def _shapes(height, width):
    yy, xx = np.mgrid[:height, :width]
    radius = np.hypot(yy - height / 2, xx - width / 2)
    two_parts = _rectangle(height, width, 1, 1, 5, 6) | _rectangle(height, width, 9, 9, 12, 15)
    return {
        "donut": (radius < 8) & (radius > 4),
        "two parts": two_parts,
        "line": _rectangle(height, width, 3, 0, 4, width),
        "pixel": _rectangle(height, width, 7, 5, 8, 6),
        "whole": np.ones((height, width), bool),
        "border": _rectangle(height, width, 0, width - 3, height, width),
        "corner": _rectangle(height, width, height - 1, width - 1, height, width),
        "noise": np.random.default_rng(0).random((height, width)) > 0.5,
    }


@pytest.fixture
def shapes(project):
    """One image for each shape, as a word of its own, and one image without any."""
    masks = _shapes(20, 31)
    for name, mask in masks.items():
        image = project.add_image(f"images/{name}.png", width=31, height=20)
        project.annotate(image, project.add_class(name), mask)
    project.add_image("images/nothing.png", width=31, height=20)
    return masks


def test_masks_come_back_bit_for_bit(project, shapes, tmp_path):
    result = export_coco(project, tmp_path / "out.json")
    coco = _reload(result.path)
    names = {one["id"]: one["name"] for one in coco.loadCats(coco.getCatIds())}
    found = {names[one["category_id"]]: one for one in coco.loadAnns(coco.getAnnIds())}
    assert set(found) == set(shapes)
    for name, mask in shapes.items():
        assert np.array_equal(coco.annToMask(found[name]), mask), name
        ys, xs = np.nonzero(mask)
        box = [xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1]
        assert found[name]["area"] == mask.sum()
        assert found[name]["bbox"] == box


def test_perfect_answers_score_one(project, shapes, tmp_path):
    truth = _reload(export_coco(project, tmp_path / "out.json").path)
    answers = [
        {key: one[key] for key in ("image_id", "category_id", "segmentation")} | {"score": 1.0}
        for one in truth.loadAnns(truth.getAnnIds())
    ]
    evaluation = COCOeval(truth, truth.loadRes(answers), "segm")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0, abs=1e-12)


def test_the_file_has_what_consumers_ask_for(project, shapes, tmp_path):
    result = export_coco(project, tmp_path / "deep" / "out.json")
    data = json.loads(result.path.read_text("ascii"))
    assert set(data) == {"info", "licenses", "images", "categories", "annotations"}
    assert isinstance(data["info"]["year"], int)
    assert data["licenses"][0]["id"] == 1
    assert [one["id"] for one in data["images"]] == list(range(1, len(shapes) + 2))
    assert [one["id"] for one in data["categories"]] == list(range(1, len(shapes) + 1))
    assert [one["id"] for one in data["annotations"]] == list(range(1, len(shapes) + 1))
    assert {one["iscrowd"] for one in data["annotations"]} == {0}
    assert all(type(one["iscrowd"]) is int for one in data["annotations"])
    assert all(isinstance(one["supercategory"], str) for one in data["categories"])
    assert all("ignore" not in one and "score" not in one for one in data["annotations"])
    assert (result.images, result.annotations) == (len(shapes) + 1, len(shapes))
    assert [path.name for path in result.path.parent.iterdir()] == ["out.json"]


def test_a_project_without_annotations_is_a_file_of_negatives(project, tmp_path):
    project.add_image("a.png")
    project.add_class("cat")
    data = json.loads(export_coco(project, tmp_path / "out.json").path.read_text())
    assert (len(data["images"]), data["annotations"]) == (1, [])
    assert data["categories"] == [{"id": 1, "name": "cat", "supercategory": "object"}]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["images/a.png", "images/b.png"], ["a.png", "b.png"]),
        (["images/a.png", "images/a.jpg"], ["a.png", "a.jpg"]),
        (["images/x/a.png", "images/y/a.png"], ["x/a.png", "y/a.png"]),
        (["a.png", "sub/b.png"], ["a.png", "sub/b.png"]),
        (["../shots/Zürich 東京.jpg", "../shots/n/b.jpg"], ["Zürich 東京.jpg", "n/b.jpg"]),
        (["../shots/a.jpg", "b.jpg"], ["shots/a.jpg", "project/b.jpg"]),
    ],
)
def test_file_names_are_relative_to_the_folder_of_all_images(
    project, tmp_path, monkeypatch, paths, names
):
    for path in paths:
        project.add_image(path)
    monkeypatch.chdir(tmp_path.anchor)
    coco = _reload(export_coco(project, tmp_path / "out.json").path)
    assert [coco.imgs[number]["file_name"] for number in sorted(coco.imgs)] == names


def test_only_reviewed_images_keep_their_names_and_categories(project, tmp_path):
    cat, dog = project.add_class("cat"), project.add_class("dog")
    done = project.add_image("images/x/a.png", status="reviewed")
    project.annotate(done, dog, np.ones((6, 8), bool))
    project.annotate(project.add_image("images/y/b.png"), cat, np.ones((6, 8), bool))
    coco = _reload(export_coco(project, tmp_path / "o.json", reviewed_only=True).path)
    assert [one["file_name"] for one in coco.imgs.values()] == ["x/a.png"]
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["cat", "dog"]
    assert [one["category_id"] for one in coco.anns.values()] == [2]


def test_hidden_and_negative_words_are_listed_only_when_used(project, tmp_path):
    project.add_class("shadow", negative=True)
    project.add_class("cow", active=False)
    hidden = project.add_class("bird", active=False)
    project.add_class("cat")
    project.annotate(project.add_image("a.png"), hidden, np.ones((6, 8), bool))
    coco = _reload(export_coco(project, tmp_path / "o.json").path)
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["cat", "bird"]
    assert [one["category_id"] for one in coco.anns.values()] == [2]


def test_provenance_is_told_in_attributes(project, tmp_path):
    made = Provenance(
        origin="accepted",
        model_version="mini-1",
        phrases=("cat", "kitten"),
        templates=("a photo of a {}.",),
        score=0.75,
        threshold=0.5,
        author="ann",
        seconds=2.25,
        edited_pixels=12,
    )
    image, cat = project.add_image("a.png"), project.add_class("cat")
    row = project.annotate(image, cat, np.ones((6, 8), bool), provenance=made)
    coco = _reload(export_coco(project, tmp_path / "o.json").path)
    assert coco.anns[1]["attributes"] == {
        "origin": "accepted",
        "edited_pixels": 12,
        "model_version": "mini-1",
        "model_score": 0.75,
        "threshold": 0.5,
        "phrases": "cat | kitten",
        "author": "ann",
        "seconds": 2.2,
        "created": row.created,
        "updated": row.updated,
    }


def test_a_drawn_mask_tells_nothing_of_a_model(project, tmp_path):
    project.annotate(project.add_image("a.png"), project.add_class("cat"), np.ones((6, 8), bool))
    coco = _reload(export_coco(project, tmp_path / "o.json").path)
    assert sorted(coco.anns[1]["attributes"]) == ["created", "edited_pixels", "origin", "updated"]


def test_images_that_were_turned_are_counted(project, tmp_path):
    for orientation in range(1, 9):
        project.add_image(f"{orientation}.jpg", orientation=orientation)
    assert export_coco(project, tmp_path / "o.json").turned == 7


def test_an_empty_mask_is_refused_and_the_old_file_stays(project, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("old")
    project.annotate(project.add_image("a.png"), project.add_class("cat"), np.zeros((6, 8), bool))
    with pytest.raises(FormatError, match="no pixels"):
        export_coco(project, out)
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "project"]


def test_a_stopped_export_leaves_nothing(project, shapes, tmp_path):
    seen = []
    result = export_coco(
        project,
        tmp_path / "out.json",
        progress=lambda done, total: seen.append((done, total)),
        stopped=lambda: len(seen) == 3,
    )
    assert seen == [(1, 9), (2, 9), (3, 9)]
    assert result.path is None
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_places_that_cannot_be_written_are_named(project, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FormatError, match="is a folder"):
        export_coco(project, tmp_path)
    with pytest.raises(FormatError, match=r"is no \.json"):
        export_coco(project, tmp_path / "file")
    with pytest.raises(FormatError, match="could not be written"):
        export_coco(project, tmp_path / "file" / "out.json")
    assert (tmp_path / "file").read_text() == "x"


def _fill(file):
    with file:
        for _ in range(1000):
            file.add_annotation(1, 1, Rle(1, 1, b"01"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told(tmp_path, monkeypatch):
    file = CocoFile(tmp_path / "out.json", description="x")
    monkeypatch.setattr(whole_file, "draft_of", lambda out: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda path, **_: None)
    with pytest.raises(FormatError, match="No space left"):
        _fill(file)
    assert not (tmp_path / "out.json").exists()


def test_the_masks_of_one_image_at_a_time_are_held(project, tmp_path):
    mask = _rectangle(48, 64, 10, 20, 30, 42)
    word, rows, asked = project.add_class("cat"), {}, []
    one = project.annotate(0, word, mask)
    for _ in range(20):
        image = project.add_image(f"{image_name(len(rows))}.png", width=64, height=48)
        rows[image] = [one] * 50
    project.annotations.of_image = lambda image: asked.append(image) or rows[image]
    result = export_coco(project, tmp_path / "out.json")
    assert result.annotations == 1000
    assert asked == sorted(rows)


def image_name(number):
    return f"images/{number:06d}"
