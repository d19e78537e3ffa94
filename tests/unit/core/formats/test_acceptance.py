"""What an export of COCO must hold, one test for each line of the table in `docs/formats.md`."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats import ExportOptions, export, exporting
from cascadeclip.core.project import Project

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

KINDS = ["coco", "coco-polygon"]


@pytest.fixture
def filled(tmp_path):
    """A project with a donut, two parts, a 1-px line, a corner, a full image and noise."""
    real.make_images(tmp_path / "images")
    with real.make_project(tmp_path / "project", tmp_path / "images") as project:
        real.annotate(project)
        yield project


@pytest.fixture(params=KINDS)
def written(request, filled, tmp_path):
    """The file as pycocotools has loaded it, and the masks that were stored, in its order."""
    export(filled, tmp_path / "o.json", request.param)
    return COCO(str(tmp_path / "o.json")), [masks.decode(rle) for _, _, rle in real.state(filled)]


def test_line_masks_are_the_stored_ones(written):
    truth, stored = written
    assert len(truth.anns) == len(stored) == len(real.shapes())
    for one, mask in zip(truth.dataset["annotations"], stored, strict=True):
        assert np.array_equal(truth.annToMask(one).astype(bool), mask)


def test_line_area_is_the_sum_of_the_mask(written):
    truth, stored = written
    assert [one["area"] for one in truth.dataset["annotations"]] == [one.sum() for one in stored]


def test_line_box_is_to_bbox(written):
    truth, _ = written
    for one in truth.dataset["annotations"]:
        assert one["bbox"] == coco_mask.toBbox(truth.annToRLE(one)).tolist()


def test_line_ids_are_unique_and_from_one(written):
    truth, _ = written
    for rows in (truth.dataset["annotations"], truth.dataset["images"]):
        ids = [one["id"] for one in rows]
        assert len(set(ids)) == len(ids)
        assert min(ids) >= 1
        assert {type(one) for one in ids} == {int}


@pytest.mark.parametrize("kind", KINDS)
def test_line_categories_are_1_to_n_in_every_split(filled, tmp_path, kind):
    shares = (("train", 0.5), ("val", 0.3), ("test", 0.2))
    export(filled, tmp_path / "out", kind, options=ExportOptions(shares=shares))
    found = [
        json.loads((tmp_path / f"out/annotations/instances_{part}.json").read_text())["categories"]
        for part, _ in shares
    ]
    assert [one["id"] for one in found[0]] == [1, 2, 3]
    assert found[0] == found[1] == found[2]


def test_line_images_without_annotations_are_there(written):
    truth, _ = written
    empty = [image for image in truth.imgs if not truth.getAnnIds(imgIds=[image])]
    assert (len(truth.imgs), len(empty)) == (4, 1)


def test_line_counts_sum_to_height_times_width(filled, tmp_path):
    export(filled, tmp_path / "o.json", "coco")
    for one in json.loads((tmp_path / "o.json").read_text())["annotations"]:
        height, width = one["segmentation"]["size"]
        rle = masks.Rle(height, width, one["segmentation"]["counts"].encode())
        assert int(masks._runs(rle).sum()) == height * width


def _natives(value):
    yield type(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield type(key)
            yield from _natives(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _natives(inner)


@pytest.mark.parametrize("kind", KINDS)
def test_line_json_has_only_native_types(filled, tmp_path, kind, monkeypatch):
    seen = set()
    dumps = json.dumps

    def watch(value, **more):
        seen.update(_natives(value))
        return dumps(value, **more)

    monkeypatch.setattr(json, "dumps", watch)
    export(filled, tmp_path / "o.json", kind)
    assert seen <= {dict, list, str, int, float}


def test_line_perfect_answers_score_one(written):
    truth, _ = written
    rows = [
        {"image_id": one["image_id"], "category_id": one["category_id"],
         "segmentation": truth.annToRLE(one), "score": 1.0}
        for one in truth.dataset["annotations"]
    ]  # fmt: skip
    judge = COCOeval(truth, truth.loadRes(rows), "segm")
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    # Every precision is 1 but for the judge's own tp / (tp + fp + eps).
    assert judge.stats[0] == pytest.approx(1.0, abs=1e-12)
    assert round(float(judge.stats[0]), 12) == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_line_an_empty_mask_is_refused(filled, tmp_path, kind):
    empty = masks.encode(np.zeros((20, 31), bool)).counts.decode()
    filled._store.run("UPDATE annotations SET counts = ? WHERE id = 1", (empty,))
    with pytest.raises(FormatError, match="no pixels"):
        export(filled, tmp_path / "o.json", kind)
    assert not (tmp_path / "o.json").exists()


def test_line_names_are_not_ascii_and_nested(written):
    truth, _ = written
    assert [one["file_name"] for one in truth.dataset["images"]] == list(real.NAMES)
    assert {"a.png", "a.jpg"} <= {one["file_name"] for one in truth.dataset["images"]}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_line_exif_1_to_8(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "images").mkdir()
    Image.new("RGB", (31, 20)).save(tmp_path / "images/a.jpg", exif=exif)
    with Project.create(tmp_path / "project") as project:
        row = project.images.add(tmp_path / "images/a.jpg")
        size = (31, 20) if orientation < 5 else (20, 31)
        assert (row.width, row.height) == size
        mask = np.zeros((row.height, row.width), bool)
        mask[1:4, 2:9] = True
        project.annotations.add(row.id, project.classes.add("cat").id, mask)
        export(project, tmp_path / "out", "coco", options=ExportOptions(images="copy"))
    truth = COCO(str(tmp_path / "out/annotations/instances.json"))
    (image,) = truth.imgs.values()
    assert (image["width"], image["height"]) == size
    assert np.array_equal(truth.annToMask(truth.anns[1]).astype(bool), mask)
    with Image.open(tmp_path / "out/images/a.jpg") as copy:
        assert (copy.size, copy.getexif().get(0x0112, 1)) == (size, 1)


def test_line_one_image_at_a_time_is_held(filled, tmp_path, monkeypatch):
    """A hundred thousand masks take the memory of one image; seconds: `benchmarks/export.py`."""
    alive, most = [], []
    images = exporting.Plan.images

    def watched(plan):
        for image in images(plan):
            alive.append(len(image.masks))
            most.append(len(alive))
            yield image
            alive.pop()

    monkeypatch.setattr(exporting.Plan, "images", watched)
    export(filled, tmp_path / "o.json", "coco")
    assert most == [1, 1, 1, 1]


def test_line_panoptic_ids_are_those_of_segments_info(filled, tmp_path):
    export(filled, tmp_path / "out", "coco-panoptic")
    place = tmp_path / "out/annotations"
    for one in json.loads((place / "panoptic.json").read_text())["annotations"]:
        pixels = np.array(Image.open(place / "panoptic" / one["file_name"])).astype(int)
        ids = set(np.unique(pixels @ (1, 256, 65536)).tolist()) - {0}
        assert ids == {part["id"] for part in one["segments_info"]}


@pytest.mark.parametrize("kind", KINDS)
def test_line_beside_flushed_then_in_place(filled, tmp_path, kind, monkeypatch):
    out, done = tmp_path / "o.json", []
    flush, put = os.fsync, os.replace

    def flushed(number):
        about = os.fstat(number)
        done.append(("flush", about.st_ino, about.st_size))
        flush(number)

    def replaced(source, target):
        about = Path(source).stat()
        done.append(("put", about.st_ino, about.st_size, Path(source).parent, Path(target)))
        put(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", replaced)
    export(filled, out, kind)
    puts = [one for one in done if one[0] == "put"]
    assert [one[3:] for one in puts] == [(tmp_path, out)]
    assert ("flush", *puts[0][1:3]) in done[: done.index(puts[0])]


@pytest.mark.parametrize("kind", KINDS)
def test_line_the_file_is_replaced_whole(filled, tmp_path, kind):
    out = tmp_path / "o.json"
    export(filled, out, kind)
    before = out.read_bytes()
    seen = []
    export(
        filled, out, kind,
        progress=lambda *_: seen.append(out.read_bytes() == before),
        options=ExportOptions(min_area=5),
    )  # fmt: skip
    assert seen == [True] * 4
    assert out.read_bytes() != before


@pytest.mark.parametrize("kind", KINDS)
def test_line_cancelled_midway_leaves_nothing(filled, tmp_path, kind):
    before = sorted(path.name for path in tmp_path.iterdir())
    seen = []
    done = export(
        filled, tmp_path / "o.json", kind,
        progress=lambda *_: seen.append(1), stopped=lambda: len(seen) == 2,
    )  # fmt: skip
    assert (done.path, len(seen)) == (None, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_table_of_lines_names_every_test():
    page = (Path(__file__).parents[4] / "docs/formats.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `(test_line_\w+)` \|", page)
    assert len(named) == len(set(named))
    assert set(named) == {name for name in globals() if name.startswith("test_line_")}
