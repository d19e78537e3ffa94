"""Every format that can be written, read with what others read it with."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats import PROFILES, ExportOptions, export
from cascadeclip.core.formats.folder import MARKER
from cascadeclip.core.formats.importing import import_annotations

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

FOLDERS = sorted(set(PROFILES) - {"coco", "coco-polygon", "coco-stuff"})


@pytest.fixture
def filled(tmp_path):
    real.make_images(tmp_path / "images")
    with real.make_project(tmp_path / "project", tmp_path / "images") as project:
        real.annotate(project)
        yield project


def _tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _score(truth, kind="segm"):
    rows = [
        {
            "image_id": one["image_id"],
            "category_id": one["category_id"],
            "segmentation": truth.annToRLE(one),
            "score": 0.9,
        }
        for one in truth.dataset["annotations"]
    ]
    judge = COCOeval(truth, truth.loadRes(rows), kind)
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return judge.stats[0]


@pytest.mark.parametrize("kind", ["coco", "coco-polygon", "coco-stuff"])
def test_a_perfect_answer_scores_one(filled, tmp_path, kind):
    result = export(filled, tmp_path / "o.json", kind)
    truth = COCO(str(tmp_path / "o.json"))
    assert len(truth.anns) == result.annotations > 0
    # The judge divides by tp + fp + eps: with many words its mean may miss one by a rounding.
    assert _score(truth) == pytest.approx(1.0, abs=0 if kind == "coco" else 1e-12)


def test_polygons_draw_the_masks_again_with_pycocotools(filled, tmp_path):
    result = export(filled, tmp_path / "o.json", "coco-polygon")
    truth = COCO(str(tmp_path / "o.json"))
    expected = [rle for _, _, rle in real.state(filled)]
    assert len(expected) == len(truth.anns) == 6
    for one, rle in zip(truth.dataset["annotations"], expected, strict=True):
        assert isinstance(one["segmentation"], list)
        assert all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in one["segmentation"])
        assert np.array_equal(truth.annToMask(one).astype(bool), masks.decode(rle))
        assert (one["area"], tuple(one["bbox"])) == (masks.area(rle), masks.bbox(rle))
        assert one["attributes"]["polygon_iou"] == 1.0
    assert any("1.0000 on average, 1.0000 at least" in note for note in result.notes)


def test_outlines_that_do_not_fit_go_out_as_runs(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(masks, "iou", lambda a, b: 0.9)
    result = export(filled, tmp_path / "o.json", "coco-polygon")
    truth = COCO(str(tmp_path / "o.json"))
    assert all("counts" in one["segmentation"] for one in truth.anns.values())
    assert "Masks kept as run lengths, as outlines do not fit them: 6." in result.notes


def test_stuff_has_one_annotation_per_word_and_no_pixel_twice(filled, tmp_path):
    result = export(filled, tmp_path / "o.json", "coco-stuff")
    truth = COCO(str(tmp_path / "o.json"))
    for image in truth.getImgIds():
        found = truth.loadAnns(truth.getAnnIds(imgIds=[image]))
        assert len({one["category_id"] for one in found}) == len(found)
        if found:
            assert np.sum([truth.annToMask(one) for one in found], axis=0).max() == 1
    assert any("given to the smallest one" in note for note in result.notes)


def test_panoptic_ids_are_those_of_the_segments(filled, tmp_path):
    out = tmp_path / "out"
    export(filled, out, "coco-panoptic", options=ExportOptions(stuff=("grass",), images="copy"))
    data = json.loads((out / "annotations/panoptic.json").read_text())
    assert {one["name"]: one["isthing"] for one in data["categories"]} == {
        "cat": 1, "grass": 0, "road": 1,
    }  # fmt: skip
    assert len(data["annotations"]) == len(data["images"]) == 4
    for one, image in zip(data["annotations"], data["images"], strict=True):
        assert one["image_id"] == image["id"]
        assert Path(one["file_name"]).stem == Path(image["file_name"]).stem
        assert (out / "images" / image["file_name"]).is_file()
        rgb = np.array(Image.open(out / "annotations/panoptic" / one["file_name"])).astype(int)
        ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
        assert ids.shape == (image["height"], image["width"])
        assert set(np.unique(ids)) - {0} == {part["id"] for part in one["segments_info"]}
        for part in one["segments_info"]:
            ys, xs = np.nonzero(ids == part["id"])
            assert part["area"] == ys.size
            box = [xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1]
            assert part["bbox"] == box
        kinds = [part["category_id"] for part in one["segments_info"]]
        assert kinds.count(2) <= 1
    assert max(len(one["segments_info"]) for one in data["annotations"]) > 1


def test_ids_of_one_colour_stay_apart(project, tmp_path):
    word, image = project.add_class("cat"), project.add_image("a.png")
    for at in range(4):
        project.annotate(image, word, np.arange(48).reshape(6, 8) == at)
    export(project, tmp_path / "out", "coco-panoptic")
    data = json.loads((tmp_path / "out/annotations/panoptic.json").read_text())
    assert len({part["id"] for part in data["annotations"][0]["segments_info"]}) == 4


def test_unreviewed_pixels_are_never_background(project, tmp_path):
    cat = project.add_class("cat")
    mask, small = np.zeros((2, 6, 8), bool)
    mask[1:3, 1:4] = True
    small[5, 7] = True
    for status in ("unreviewed", "reviewed"):
        image = project.add_image(f"{status}.png", status=status)
        project.annotate(image, cat, mask)
        project.annotate(image, cat, small)
    options = ExportOptions(min_area=2)
    export(project, tmp_path / "s", "semantic", options=options)
    export(project, tmp_path / "v", "voc", options=ExportOptions(min_area=2, images="none"))
    for folder in ("s/labels", "v/SegmentationClass", "v/SegmentationObject"):
        seen = np.array(Image.open(tmp_path / folder / "unreviewed.png"))
        assert np.array_equal(seen == 1, mask)
        assert set(np.unique(seen)) == {1, 255}
        seen = np.array(Image.open(tmp_path / folder / "reviewed.png"))
        assert np.array_equal(seen == 1, mask)
        assert np.array_equal(seen == 255, small)  # left out, yet no background
        assert set(np.unique(seen)) == {0, 1, 255}


def test_classes_say_what_the_values_are(filled, tmp_path):
    export(filled, tmp_path / "out", "semantic", options=ExportOptions(words=("road",)))
    rows = json.loads((tmp_path / "out/classes.json").read_text())
    assert [(one["value"], one["name"]) for one in rows] == [
        (0, "background"), (1, "road"), (2, "cat"), (3, "grass"), (255, "unreviewed"),
    ]  # fmt: skip
    labels = Image.open(tmp_path / "out/labels/a.png")
    assert labels.mode == "P"
    road = next(row for row in filled.classes.all() if row.name == "road")
    assert "#" + bytes(labels.getpalette()[3:6]).hex() == road.colour == rows[1]["colour"]


def test_more_words_than_a_byte_holds_are_refused(project, tmp_path):
    for number in range(255):
        project.add_class(f"word {number}")
    for kind in ("semantic", "voc"):
        with pytest.raises(FormatError, match="at most 254"):
            export(project, tmp_path / "out", kind)
    assert _tree(tmp_path) == ["project"]


def test_smaller_masks_lie_above_larger_ones(project, tmp_path):
    cat, grass = project.add_class("cat"), project.add_class("grass")
    image, small = project.add_image("a.png"), np.zeros((6, 8), bool)
    small[2, 3] = True
    project.annotate(image, cat, small)
    project.annotate(image, grass, np.ones((6, 8), bool))
    export(project, tmp_path / "out", "semantic")
    labels = np.array(Image.open(tmp_path / "out/labels/a.png"))
    assert np.array_equal(labels == 1, small)
    assert np.array_equal(labels == 2, ~small)


def test_yolo_lines_draw_the_masks_again(filled, tmp_path):
    out = tmp_path / "out"
    result = export(filled, out, "yolo")
    assert (out / "data.yaml").read_text(encoding="utf-8") == (
        'train: images/train\nval: images/train\nnames:\n  0: "cat"\n  1: "grass"\n  2: "road"\n'
    )
    drawn = []
    for image in filled.images.page()[:3]:
        stem = {"a.png": "a", "a.jpg": "a_jpg"}.get(Path(image.path).name, "deeper/Zürich 東京")
        assert (out / f"images/train/{stem}{Path(image.path).suffix}").is_file()
        for line in (out / f"labels/train/{stem}.txt").read_text().splitlines():
            number, *shares = line.split()
            points = np.array(shares, float).reshape(-1, 2)
            assert points.min() >= 0
            assert points.max() <= 1
            ring = (points * [image.width, image.height]).ravel().tolist()
            (rle,) = coco_mask.frPyObjects([ring], image.height, image.width)
            drawn.append((int(number), coco_mask.decode(rle).astype(bool)))
    numbers = {"cat": 0, "grass": 1, "road": 2}
    expected = [(numbers[name], masks.decode(rle)) for _, name, rle in real.state(filled)]
    assert len(drawn) == len(expected) == 6
    for (number, mask), (wanted, truth) in zip(drawn, expected, strict=True):
        assert number == wanted
        assert np.array_equal(mask, truth)
    assert not (out / "labels/train/deeper/b.txt").exists()  # nobody reviewed it
    assert any("learnt as empty: 1." in note for note in result.notes)


def test_yolo_keeps_reviewed_images_without_masks(filled, tmp_path):
    filled.images.set_status(filled.images.page()[3].id, "reviewed")
    export(filled, tmp_path / "out", "yolo")
    assert (tmp_path / "out/labels/train/deeper/b.txt").read_text() == ""


def test_voc_has_its_folders_and_lists(filled, tmp_path):
    out = tmp_path / "out"
    shares = (("train", 0.5), ("val", 0.5))
    result = export(filled, out, "voc", options=ExportOptions(shares=shares))
    names = (out / "ImageSets/Segmentation/trainval.txt").read_text(encoding="utf-8").split("\n")
    assert names == ["a", "a_jpg", "deeper__Zürich 東京", "deeper__b", ""]
    parts = [
        (out / f"ImageSets/Segmentation/{part}.txt").read_text(encoding="utf-8").splitlines()
        for part in ("train", "val")
    ]
    assert sorted(sum(parts, [])) == names[:-1]
    for name in names[:-1]:
        with Image.open(out / f"JPEGImages/{name}.jpg") as image:
            assert (image.format, image.size) == ("JPEG", (31, 20))
        for kind in ("Class", "Object"):
            with Image.open(out / f"Segmentation{kind}/{name}.png") as labels:
                assert (labels.mode, labels.size) == ("P", (31, 20))
    assert "Images written again as JPEG: 3." in result.notes
    text = (out / "labelmap.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition(":")[0] for line in text[1:]] == [
        "background", "cat", "grass", "road", "unreviewed",
    ]  # fmt: skip


def test_voc_refuses_more_objects_than_a_byte_holds(project, tmp_path):
    word, image = project.add_class("cat"), project.add_image("a.png", width=16, height=16)
    for at in range(255):
        project.annotate(image, word, np.arange(256).reshape(16, 16) == at)
    with pytest.raises(FormatError, match=r"a\.png has 255 masks"):
        export(project, tmp_path / "out", "voc")
    assert _tree(tmp_path) == ["project"]


def test_labelme_files_stand_beside_their_images(filled, tmp_path):
    out = tmp_path / "out"
    export(filled, out, "labelme")
    assert [name for name in _tree(out) if name.endswith(".json")] == sorted(
        ["a.json", "a_jpg.json", MARKER, "deeper/Zürich 東京.json", "deeper/b.json"]
    )
    data = json.loads((out / "a.json").read_text(encoding="utf-8"))
    assert (data["imagePath"], data["imageData"]) == ("a.png", None)
    assert (data["imageWidth"], data["imageHeight"]) == (31, 20)
    assert {one["shape_type"] for one in data["shapes"]} == {"polygon"}
    data = json.loads((out / "a_jpg.json").read_text(encoding="utf-8"))
    groups = [one["group_id"] for one in data["shapes"] if one["label"] == "grass"]
    assert groups == [1, 1, None]  # two parts of one mask, and a mask of one part


def test_labelme_without_images_points_to_the_originals(filled, tmp_path):
    export(filled, tmp_path / "out", "labelme", options=ExportOptions(images="none"))
    path = tmp_path / "out/deeper/b.json"
    named = json.loads(path.read_text(encoding="utf-8"))["imagePath"]
    assert (path.parent / named).resolve() == (tmp_path / "images/deeper/b.png").resolve()


@pytest.mark.parametrize("kind", sorted(PROFILES))
def test_a_split_divides_images_and_nothing_else(filled, tmp_path, kind):
    shares = (("train", 0.5), ("val", 0.5))
    options = ExportOptions(shares=shares, images="copy")
    result = export(filled, tmp_path / "out", kind, options=options)
    again = export(filled, tmp_path / "again", kind, options=options)
    assert result.images == again.images == 4
    assert _tree(tmp_path / "out") == _tree(tmp_path / "again")
    files = [path for path in (tmp_path / "out").rglob("*") if path.suffix in (".png", ".jpg")]
    assert len(files) >= 3


def test_categories_are_the_same_in_every_part(filled, tmp_path):
    shares = (("train", 0.4), ("val", 0.3), ("test", 0.3))
    export(filled, tmp_path / "out", "coco", options=ExportOptions(shares=shares))
    parts = [COCO(str(tmp_path / f"out/annotations/instances_{name}.json")) for name, _ in shares]
    assert len({json.dumps(part.dataset["categories"]) for part in parts}) == 1
    names = [image["file_name"] for part in parts for image in part.dataset["images"]]
    assert sorted(names) == sorted(real.NAMES)
    assert sum(len(part.anns) for part in parts) == 6


def test_equal_files_and_whole_folders_stay_together():
    shares = (("train", 0.5), ("val", 0.5))
    by_image = ExportOptions(shares=shares)
    by_folder = ExportOptions(shares=shares, group="folder")
    digests = [f"{number:064x}" for number in range(400)]
    parts = [by_image.split_of(digest, "x") for digest in digests]
    assert 150 < parts.count("train") < 250
    assert parts == [by_image.split_of(digest, "y") for digest in digests]
    assert len({by_folder.split_of(digest, "x") for digest in digests}) == 1
    assert ExportOptions().split_of("0", "x") == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_area": -1},
        {"group": "person"},
        {"images": "move"},
        {"shares": (("train", 0.5),)},
        {"shares": (("a", 0.5), ("a", 0.5))},
        {"shares": (("../x", 1.0),)},
        {"shares": (("", 1.0),)},
        {"shares": (("a", float("nan")),)},
        {"shares": (("a", -1.0), ("b", 2.0))},
    ],
    ids=str,
)
def test_impossible_options_are_refused(wrong):
    with pytest.raises(FormatError):
        ExportOptions(**wrong)


def test_a_part_without_images_is_told(filled, tmp_path):
    images = filled.images.page()
    options = ExportOptions(shares=(("most", 0.999999), ("none", 0.000001)))
    done = export(filled, tmp_path / "o", "coco", options=options)
    assert done.notes[-2] == f"Images by part: most {len(images)}, none 0."
    assert done.notes[-1].startswith("No image fell into none: ")
    options = ExportOptions(shares=(("all", 1.0),))
    done = export(filled, tmp_path / "o", "coco", options=options)
    assert done.notes[-1] == f"Images by part: all {len(images)}."


@pytest.mark.parametrize("kind", [kind for kind in PROFILES if kind != "coco-panoptic"])
def test_words_without_objects_are_for_panoptic_alone(filled, tmp_path, kind):
    with pytest.raises(FormatError, match="coco-panoptic knows others"):
        export(filled, tmp_path / "o", kind, options=ExportOptions(stuff=("cat",)))


def test_words_come_in_the_order_asked_for(filled, tmp_path):
    options = ExportOptions(words=("Road", "grass"))
    export(filled, tmp_path / "o.json", "coco", options=options)
    rows = json.loads((tmp_path / "o.json").read_text())["categories"]
    assert [(one["id"], one["name"]) for one in rows] == [(1, "road"), (2, "grass"), (3, "cat")]
    with pytest.raises(FormatError, match='"horse" is no word'):
        export(filled, tmp_path / "o.json", "coco", options=ExportOptions(words=("horse",)))


def test_small_masks_are_left_out_and_told(filled, tmp_path):
    result = export(filled, tmp_path / "o.json", "coco", options=ExportOptions(min_area=2))
    assert result.annotations == 5
    assert "Masks left out as too small: 1." in result.notes
    assert all(one["area"] >= 2 for one in COCO(str(tmp_path / "o.json")).anns.values())


def test_provenance_can_be_left_out(filled, tmp_path):
    export(filled, tmp_path / "o.json", "coco", options=ExportOptions(provenance=False))
    assert all("attributes" not in one for one in COCO(str(tmp_path / "o.json")).anns.values())


def test_suggestions_are_a_results_file_of_their_own(project, tmp_path):
    cat, image = project.add_class("cat"), project.add_image("a.png")
    mask = np.tri(6, 8, dtype=bool)
    project.annotate(image, cat, mask)
    project.suggest(image, cat, mask, score=0.75)
    export(project, tmp_path / "o.json", "coco", options=ExportOptions(suggestions=True))
    truth = COCO(str(tmp_path / "o.json"))
    found = truth.loadRes(str(tmp_path / "o.suggestions.json"))
    assert [one["score"] for one in found.anns.values()] == [0.75]
    assert np.array_equal(found.annToMask(found.anns[1]).astype(bool), mask)
    assert found.anns[1]["area"] == mask.sum()
    with pytest.raises(FormatError, match="Suggestions have no place"):
        export(project, tmp_path / "x", "yolo", options=ExportOptions(suggestions=True))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_images_are_linked_or_copied(filled, tmp_path):
    given = {"a_jpg.jpg": "a.jpg"}  # so that no two share a name without its ending
    for how in ("link", "copy"):
        export(filled, tmp_path / how, "coco", options=ExportOptions(images=how))
        truth = COCO(str(tmp_path / how / "annotations/instances.json"))
        for image in truth.imgs.values():
            name = image["file_name"]
            path = tmp_path / how / "images" / name
            assert path.is_symlink() == (how == "link")
            original = tmp_path / "images" / given.get(name, name)
            assert path.read_bytes() == original.read_bytes()
        names = [one["file_name"] for one in truth.imgs.values()]
        assert names == ["a.png", "a_jpg.jpg", "deeper/Zürich 東京.png", "deeper/b.png"]
        for place in (tmp_path / how, tmp_path / how / "annotations/instances.json"):
            done = import_annotations(filled, place, "coco", dry_run=True)
            assert (done.images_matched, done.added, done.unmatched) == (4, 0, ())


@pytest.mark.parametrize("orientation", range(2, 9))
def test_copies_of_turned_images_are_upright(tmp_path, orientation):
    real.make_images(tmp_path / "images", names=real.NAMES)
    tagged = Image.new("RGB", (31, 20), "white")
    tagged.paste("red", (0, 0, 10, 5))
    exif = Image.Exif()
    exif[0x0112] = orientation
    tagged.save(tmp_path / "images/a.jpg", exif=exif, quality=95)
    before = (tmp_path / "images/a.jpg").read_bytes()
    with real.make_project(tmp_path / "project", tmp_path / "images") as project:
        options = ExportOptions(images="link")
        result = export(project, tmp_path / "out", "coco", options=options)
    assert result.turned == 1
    assert "Images written again upright: 1." in result.notes
    rows = {one["file_name"]: one for one in COCO(
        str(tmp_path / "out/annotations/instances.json")).imgs.values()}  # fmt: skip
    with Image.open(tmp_path / "out/images/a_jpg.jpg") as copy:
        assert copy.size == (rows["a_jpg.jpg"]["width"], rows["a_jpg.jpg"]["height"])
        assert copy.getexif().get(0x0112, 1) == 1
    seen = cv2.imread(str(tmp_path / "images/a.jpg"))[..., ::-1].astype(int)  # turns by the tag
    upright = cv2.imread(str(tmp_path / "out/images/a_jpg.jpg"))[..., ::-1].astype(int)
    assert seen.shape == upright.shape
    assert np.abs(seen - upright).mean() < 3
    assert (tmp_path / "images/a.jpg").read_bytes() == before


@pytest.mark.parametrize("kind", sorted(PROFILES))
def test_a_stopped_export_leaves_nothing(filled, tmp_path, kind):
    seen = []
    before = _tree(tmp_path)
    result = export(
        filled,
        tmp_path / "out",
        kind,
        options=ExportOptions(images="copy"),
        progress=lambda done, total: seen.append(done),
        stopped=lambda: len(seen) == 2,
    )
    assert seen == [1, 2]
    assert (result.path, result.images) == (None, 0)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("kind", sorted(PROFILES))
def test_a_missing_image_leaves_the_old_export(filled, tmp_path, kind):
    options = ExportOptions(images="copy")
    export(filled, tmp_path / "out", kind, options=options)
    before = _tree(tmp_path / "out")
    (tmp_path / "images/a.jpg").unlink()
    with pytest.raises(FormatError, match=r"a\.jpg is no longer"):
        export(filled, tmp_path / "out", kind, options=options)
    assert _tree(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("kind", FOLDERS)
def test_an_export_is_replaced_whole_and_nothing_else_is(filled, tmp_path, kind):
    out = tmp_path / "out"
    export(filled, out, kind)
    export(filled, out, kind, options=ExportOptions(images="none"))
    assert (out / MARKER).is_file()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(FormatError, match=r"holds notes\.txt"):
        export(filled, out, kind)
    assert (out / "notes.txt").read_text() == "mine"
    (tmp_path / "other").mkdir()
    (tmp_path / "other/keep").write_text("mine")
    with pytest.raises(FormatError, match="holds something that is no export"):
        export(filled, tmp_path / "other", kind)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FormatError, match="is a file"):
        export(filled, tmp_path / "file", kind)
    assert (tmp_path / "other/keep").read_text() == (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("kind", FOLDERS)
def test_files_of_others_are_seen_at_any_depth(filled, tmp_path, kind):
    out = tmp_path / "out"
    export(filled, out, kind, options=ExportOptions(images="copy"))
    place = next(path for path in sorted(out.rglob("*")) if path.is_dir())
    (place / "deep").mkdir()
    export(filled, out, kind, options=ExportOptions(images="copy"))  # an empty folder is no loss
    (place / "deep").mkdir()
    (place / "deep/notes.txt").write_text("mine")
    with pytest.raises(FormatError, match=r"deep/notes\.txt, which the last export did not write"):
        export(filled, out, kind)
    assert (place / "deep/notes.txt").read_text() == "mine"


def test_files_that_were_changed_since_are_not_replaced(filled, tmp_path):
    out = tmp_path / "out"
    export(filled, out, "labelme")
    text = (out / "a.json").read_text()
    (out / "a.json").write_text(text.replace("cat", "wolf"))
    with pytest.raises(FormatError, match=r"a\.json in .* was changed since"):
        export(filled, out, "labelme")
    assert "wolf" in (out / "a.json").read_text()
    (out / "a.json").write_text(text)
    os.utime(out / "a.json", (1, 1))  # edited, and as long as before
    with pytest.raises(FormatError, match="was changed since"):
        export(filled, out, "labelme")
    (out / "a.json").unlink()
    assert export(filled, out, "labelme").path == out


def test_a_replacement_that_was_killed_half_way_is_brought_back(filled, tmp_path):
    out = tmp_path / "out"
    export(filled, out, "semantic")
    before = _tree(out)
    out.rename(tmp_path / ".out.old-1234")
    result = export(filled, out, "semantic", stopped=lambda: True)
    assert (result.path, _tree(out)) == (None, before)


def test_a_folder_with_images_of_the_project_is_never_replaced(filled, tmp_path):
    (tmp_path / "images" / MARKER).write_text('{"files": []}')
    with pytest.raises(FormatError, match="images of the project"):
        export(filled, tmp_path / "images", "yolo")
    assert (tmp_path / "images/a.png").is_file()


def test_a_place_that_cannot_be_written_is_named(filled, tmp_path):
    (tmp_path / "file").write_text("x")
    for kind in FOLDERS:
        with pytest.raises(FormatError, match="could not be written"):
            export(filled, tmp_path / "file/out", kind)


def test_an_unknown_format_is_refused(filled, tmp_path):
    with pytest.raises(FormatError, match='no format "coffee"'):
        export(filled, tmp_path / "out", "coffee")


def test_torchvision_loads_coco_as_it_stands(filled, tmp_path):
    from torchvision.datasets import CocoDetection

    export(filled, tmp_path / "out", "coco", options=ExportOptions(images="copy"))
    data = CocoDetection(tmp_path / "out/images", tmp_path / "out/annotations/instances.json")
    assert len(data) == 4
    counts = []
    for image, found in data:
        counts.append(len(found))
        for one in found:
            assert data.coco.annToMask(one).shape == image.size[::-1]
    assert counts == [2, 2, 2, 0]


def test_torchvision_loads_voc_as_it_stands(filled, tmp_path):
    from torchvision.datasets import VOCSegmentation

    export(filled, tmp_path / "VOCdevkit/VOC2012", "voc")
    data = VOCSegmentation(tmp_path, year="2012", image_set="trainval")
    assert len(data) == 4
    for image, labels in data:
        assert image.size == labels.size
        assert set(np.unique(labels)) <= {0, 1, 2, 3, 255}
