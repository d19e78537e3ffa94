"""What others made comes in without loss or with a named one, and nothing else happens."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, ProjectError
from cascadeclip.core.formats import ExportOptions, export
from cascadeclip.core.formats.folder import MARKER
from cascadeclip.core.formats.importing import (
    POLICIES,
    READERS,
    import_annotations,
    imports,
    streaming,
    undo_import,
)
from cascadeclip.core.formats.importing import coco as coco_reader
from cascadeclip.core.formats.importing.foreign import Told
from cascadeclip.core.formats.importing.yolo import _yaml_names
from cascadeclip.core.project import BatchUndone, Project

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

WAYS = {
    "coco": "coco",
    "coco-polygon": "coco",
    "yolo": "yolo",
    "labelme": "labelme",
}


@pytest.fixture
def images(tmp_path):
    real.make_images(tmp_path / "images")
    return tmp_path / "images"


@pytest.fixture
def filled(tmp_path, images):
    with real.make_project(tmp_path / "project", images) as project:
        real.annotate(project)
        yield project


@pytest.fixture
def bare(tmp_path, images):
    """A project with the same images, no masks and no words."""
    with real.make_project(tmp_path / "bare", images, words=()) as project:
        yield project


def _coco(path, annotations, *, names=("cat",), images=None):
    data = {
        "images": images or [{"id": 1, "file_name": "a.png", "width": 31, "height": 20}],
        "categories": [{"id": at, "name": name} for at, name in enumerate(names, 1)],
        "annotations": [
            {"id": at, "image_id": 1, "category_id": 1, "iscrowd": 0, **one}
            for at, one in enumerate(annotations, 1)
        ],
    }
    path.write_text(json.dumps(data))
    return path


def _rectangle(height=20, width=31):
    mask = np.zeros((height, width), bool)
    mask[2:9, 3:12] = True
    return mask


@pytest.mark.parametrize("kind", WAYS)
def test_out_in_and_out_again_is_the_same(filled, bare, tmp_path, kind):
    out = tmp_path / ("one.json" if "coco" in kind else "one")
    export(filled, out, kind, options=ExportOptions(provenance=False))
    preview = import_annotations(bare, out, WAYS[kind])
    assert (preview.images_matched, preview.added, preview.dropped) == (
        4 if kind != "yolo" else 3, 6, (),
    )  # fmt: skip
    assert preview.unmatched == ()
    assert preview.done
    assert real.state(bare) == real.state(filled)
    assert {one.provenance.origin for one in bare.annotations.of_image(1)} == {"imported"}
    again = out.with_name(f"again{out.suffix}")
    export(bare, again, kind, options=ExportOptions(provenance=False, words=("cat", "grass")))
    if out.is_file():
        rows = [json.loads(path.read_text()) for path in (out, again)]
        for key in ("images", "categories", "annotations"):
            assert rows[0][key] == rows[1][key]
    else:
        files = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".yaml"]
        files.remove(out / MARKER)  # it has times in it
        for path in files:
            assert path.read_bytes() == (again / path.relative_to(out)).read_bytes()


@pytest.mark.parametrize("kind", ["semantic", "voc"])
def test_label_images_come_back_as_what_is_visible(tmp_path, images, bare, kind):
    with real.make_project(tmp_path / "project", images) as project:
        real.annotate(project, apart=True)
        export(project, tmp_path / "out", kind)
        preview = import_annotations(bare, tmp_path / "out", kind)
        assert (preview.added, preview.dropped, preview.unmatched) == (3, (), ())
        assert real.state(bare) == real.state(project)
        before = real.state(bare)
        # The image nobody reviewed says nothing: replacing by it takes nothing away.
        kept = bare.annotations.add(4, bare.classes.all()[0].id, _rectangle())
        import_annotations(bare, tmp_path / "out", kind, policy="replace")
        assert bare.annotations.get(kept.id).rle == kept.rle
        assert real.state(bare)[: len(before)] == before


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_there_already_is_never_doubled(filled, tmp_path, policy):
    export(filled, tmp_path / "o.json", "coco")
    before = real.state(filled)
    origins = [one.provenance for one in filled.annotations.of_image(1)]
    preview = import_annotations(filled, tmp_path / "o.json", "coco", policy=policy)
    assert (preview.added, preview.replaced, preview.skipped) == (0, 0, 6)
    assert real.state(filled) == before
    assert [one.provenance for one in filled.annotations.of_image(1)] == origins


def test_policies(bare, tmp_path):
    word = bare.classes.add("cat")
    whole = np.ones((20, 31), bool)
    rle = masks.encode(_rectangle())
    runs = {"size": [20, 31], "counts": rle.counts.decode()}
    path = _coco(tmp_path / "o.json", [{"segmentation": runs}])
    for policy, expected, counts in [
        ("skip", [masks.encode(whole)], (0, 0, 1)),
        ("add", [masks.encode(whole), rle], (1, 0, 0)),
        ("replace", [rle], (1, 1, 0)),
    ]:
        bare.annotations.add(1, word.id, whole)
        preview = import_annotations(bare, path, "coco", policy=policy)
        assert (preview.added, preview.replaced, preview.skipped) == counts, policy
        assert [one.rle for one in bare.annotations.of_image(1)] == expected, policy
        if preview.added:
            assert bare.undo(1) == "import masks"
        assert [one.rle for one in bare.annotations.of_image(1)] == [masks.encode(whole)]
        bare.undo(1)


def test_a_preview_changes_nothing_and_tells_the_same(filled, bare, tmp_path):
    export(filled, tmp_path / "o.json", "coco")
    preview = import_annotations(bare, tmp_path / "o.json", "coco", dry_run=True)
    assert real.state(bare) == []
    assert bare.classes.all() == []
    assert not preview.done
    assert preview.classes_new == ("cat", "grass", "road")
    done = import_annotations(bare, tmp_path / "o.json", "coco")
    for name in ("images_matched", "unmatched", "classes_new", "added", "skipped", "dropped"):
        assert getattr(preview, name) == getattr(done, name)


def test_a_stop_in_the_middle_changes_nothing(filled, bare, tmp_path):
    export(filled, tmp_path / "o.json", "coco")
    seen = []
    preview = import_annotations(
        bare,
        tmp_path / "o.json",
        "coco",
        progress=lambda done, total: seen.append((done, total)),
        stopped=lambda: len(seen) == 2,
    )
    assert seen == [(1, 4), (2, 4)]
    assert not preview.done
    assert (real.state(bare), bare.classes.all()) == ([], [])


def test_both_kinds_of_runs_and_outlines_are_read(bare, tmp_path):
    mask = _rectangle()
    down = np.diff(np.flatnonzero(np.diff(mask.T.ravel(), prepend=False)), prepend=0).tolist()
    counts = [*down, 620 - sum(down)]
    rle = coco_mask.encode(np.asfortranarray(mask[::-1]).astype(np.uint8))
    path = _coco(
        tmp_path / "o.json",
        [
            {"segmentation": {"size": [20, 31], "counts": counts}},
            {"segmentation": {"size": [20, 31], "counts": rle["counts"].decode()}},
            {"segmentation": [[12, 2, 20, 2, 20, 9, 12, 9], [0.5, 0, 2, 0, 2, 5.25]]},
        ],
    )
    assert import_annotations(bare, path, "coco").added == 3
    found = [masks.decode(one.rle) for one in bare.annotations.of_image(1)]
    assert np.array_equal(found[0], mask)
    assert np.array_equal(found[1], mask[::-1])
    assert found[2][2:9, 12:20].all()


def test_crowds_are_taken_and_told(bare, tmp_path):
    mask = _rectangle()
    runs = [
        {"size": [20, 31], "counts": masks.encode(one).counts.decode()} for one in (mask, ~mask)
    ]
    path = _coco(
        tmp_path / "o.json",
        [
            {"segmentation": runs[0], "iscrowd": 1},
            {"segmentation": runs[1], "iscrowd": 1, "attributes": {"occluded": False}},
        ],
    )
    preview = import_annotations(bare, path, "coco")
    assert preview.added == 2
    assert set(preview.notes) == {
        "Crowd regions, each taken as one mask: 1.",
        "Masks that CVAT marks as crowd, taken as they are: 1.",
    }
    assert bare.undo(1) == "import masks"
    preview = import_annotations(bare, path, "coco", crowds="leave")
    assert [one.rle for one in bare.annotations.of_image(1)] == [masks.encode(~mask)]
    assert dict(preview.dropped) == {"Crowd regions: many things in one mask": 1}
    assert preview.notes == ("Masks that CVAT marks as crowd, taken as they are: 1.",)
    with pytest.raises(FormatError, match="keep or leave"):
        import_annotations(bare, path, "coco", crowds="guess")


def test_everything_that_is_dropped_is_counted(bare, tmp_path):
    good = {"size": [20, 31], "counts": masks.encode(_rectangle()).counts.decode()}
    path = _coco(
        tmp_path / "o.json",
        [
            {"segmentation": good},
            {"segmentation": [], "bbox": [1, 2, 3, 4]},
            {"segmentation": None},
            {"segmentation": {"size": [31, 20], "counts": good["counts"]}},
            {"segmentation": {"size": [20, 31], "counts": "0Y"}},
            {"segmentation": {"size": [20, 31], "counts": [2**70, -5]}},
            {"segmentation": {"size": [20, 31], "counts": [620]}},
            {"segmentation": [[1, 2, 3, 4]]},
            {"segmentation": [[1, 2, "x", 4, 5, 6]]},
            {"segmentation": [[1, 2, 10**400, 4, 5, 6]]},
            {"segmentation": [5]},
            {"segmentation": good, "category_id": 7},
            {"segmentation": good, "image_id": 9},
            {"segmentation": good, "category_id": [1]},
        ],
    )
    preview = import_annotations(bare, path, "coco")
    assert dict(preview.dropped) == {
        "Annotations of images that the file does not list": 1,
        "Annotations without a mask": 1,
        "Masks of another size than their image": 1,
        "Damaged masks": 6,
        "Masks without pixels": 1,
        "Masks of a word that the file does not name": 2,
    }
    assert (preview.added, preview.suggested) == (1, 1)
    examples = dict(preview.examples)
    assert set(examples) == set(dict(preview.dropped))
    assert examples["Damaged masks"] == tuple(f"a.png, annotation {at}" for at in (5, 6, 8))
    assert examples["Annotations of images that the file does not list"] == ("image 9",)


def test_nothing_is_replaced_by_what_was_dropped(bare, tmp_path):
    word = bare.classes.add("cat")
    bare.annotations.add(1, word.id, _rectangle())
    path = _coco(tmp_path / "o.json", [{"segmentation": [[1, 2]]}])
    preview = import_annotations(bare, path, "coco", policy="replace")
    assert (preview.replaced, len(bare.annotations.of_image(1))) == (0, 1)
    size = [{"id": 1, "file_name": "a.png", "width": 20, "height": 31}]
    path = _coco(tmp_path / "p.json", [], images=size)
    assert import_annotations(bare, path, "coco", policy="replace").replaced == 0


def test_words_are_found_by_any_of_their_phrases_and_cleaned(bare, tmp_path):
    cat = bare.classes.add("cat", phrases=("kitten",))
    hidden = bare.classes.add("old")
    bare.classes.remove(hidden.id)
    whole = {"size": [20, 31], "counts": masks.encode(np.ones((20, 31), bool)).counts.decode()}
    names = ("Kitten", "-tree, big|tall", "OLD", " , ")
    rows = [{"segmentation": whole, "category_id": at} for at in (1, 2, 3, 4)]
    preview = import_annotations(bare, _coco(tmp_path / "o.json", rows, names=names), "coco")
    assert preview.classes_new == ("tree big tall",)
    assert {one.class_id for one in bare.annotations.of_image(1)} >= {cat.id, hidden.id}
    assert dict(preview.dropped) == {"Masks of a word that the file does not name": 1}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../etc/passwd", "leaves"),
        ("/etc/passwd", "leaves"),
        ("C:\\a.png", "leaves"),
        ("x/../a.png", "leaves"),
        ("a\x00.png", "leaves"),
        ("", "leaves"),
        ("x" * 5000, "leaves"),
        ("other.png", "no image"),
        ("deeper/b.png/", None),
        ("./deeper\\b.png", None),
        ("coco/val/a.png", None),
    ],
)
def test_names_are_compared_and_never_opened(bare, tmp_path, monkeypatch, name, reason):
    rows = [{"id": 1, "file_name": name}]
    preview = import_annotations(bare, _coco(tmp_path / "o.json", [], images=rows), "coco")
    if reason is None:
        assert (preview.images_matched, preview.unmatched) == (1, ())
    else:
        assert preview.images_matched == 0
        assert reason in preview.unmatched[0][1]


def test_the_name_that_agrees_furthest_is_meant(tmp_path):
    names = ("x/a.png", "y/a.png")
    real.make_images(tmp_path / "images", names=names)
    with Project.create(tmp_path / "project") as project:
        for name in names:
            project.images.add(tmp_path / "images" / name)
        for name, number in [("y/a.png", 2), ("data/x/a.png", 1), ("a.png", None)]:
            row = [{"id": 1, "file_name": name}]
            whole = {"size": [20, 31], "counts": masks.encode(np.ones((20, 31), bool)).counts}
            whole["counts"] = whole["counts"].decode()
            path = _coco(tmp_path / "o.json", [{"segmentation": whole}], images=row)
            preview = import_annotations(project, path, "coco", dry_run=True)
            if number is None:
                assert "several" in preview.unmatched[0][1]
                continue
            import_annotations(project, path, "coco")
            assert len(project.annotations.of_image(number)) == 1


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no proper JSON"),
        ("{", "no proper JSON"),
        ("[" * 200_000, "holds no object"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ('{"images": NaN}', "no proper JSON"),
        ("[]", "holds no object"),
        ("3", "holds no object"),
        ('{"images": [], "annotations": []}', "list of categories"),
        ('{"images": 5, "categories": [], "annotations": []}', "list of images"),
        ('{"images": [], "categories": [], "annotations": [1]}', "list of annotations"),
        ('{"x": ' + "9" * 5000 + "}", "no proper JSON"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b'{"images": [{"file_name": "\xe9"}]}', "no text in UTF-8"),
        ('{"images": [], "categories": []}', "no list of annotations"),
        ('{"images": [], "categories": [], "annotations": []} x', "goes on after its end"),
        ('{"images": [] "categories"', "a comma is missing"),
        ('{"images" [] }', "a colon is missing"),
        ('{"info": {}, "area": 9\0\0}', "a comma is missing"),
    ],
    ids=range(18),
)
def test_what_is_no_file_of_that_kind_is_one_sentence(filled, tmp_path, text, part):
    before = real.state(filled)
    path = tmp_path / "bad.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FormatError, match=part) as caught:
        import_annotations(filled, path, "coco", policy="replace")
    assert "\n" not in str(caught.value)
    assert real.state(filled) == before


@pytest.mark.parametrize("kind", READERS)
def test_a_path_that_is_not_there_is_refused(bare, tmp_path, kind):
    with pytest.raises(FormatError):
        import_annotations(bare, tmp_path / "nothing", kind)
    (tmp_path / "empty").mkdir()
    if kind != "labelme":
        with pytest.raises(FormatError):
            import_annotations(bare, tmp_path / "empty", kind)
    with pytest.raises(FormatError):
        import_annotations(bare, tmp_path, "coffee")
    with pytest.raises(FormatError):
        import_annotations(bare, tmp_path, kind, policy="guess")


def test_files_are_refused_by_their_size(bare, tmp_path, monkeypatch):
    path = tmp_path / "o.json"
    with path.open("wb") as file:
        file.truncate((1 << 28) + 1)
    with pytest.raises(FormatError, match="larger than 256 MB"):
        import_annotations(bare, path, "labelme")
    with pytest.raises(FormatError, match="no proper JSON"):
        import_annotations(bare, path, "coco")


def test_links_that_lead_out_are_left(bare, tmp_path):
    (tmp_path / "secret.json").write_text('{"shapes": []}')
    (tmp_path / "in").mkdir()
    try:
        (tmp_path / "in/a.json").symlink_to(tmp_path / "secret.json")
    except OSError:
        pytest.skip("no links here")
    preview = import_annotations(bare, tmp_path / "in", "labelme")
    assert dict(preview.dropped) == {"Files that lie outside the folder": 1}


def _labelme(path, shapes, **more):
    data = {"shapes": shapes, "imagePath": "a.png", "imageWidth": 31, "imageHeight": 20, **more}
    path.write_text(json.dumps(data))
    return path


def _png(mask):
    buffer = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_masks_and_groups_of_labelme_are_read(bare, tmp_path):
    part = np.random.default_rng(0).random((7, 9)) > 0.5
    square = [[2, 2], [6, 2], [6, 5], [2, 5]]
    other = [[10, 2], [14, 2], [14, 5], [10, 5]]
    path = _labelme(
        tmp_path / "somewhere.json",
        [
            {"label": "cat", "shape_type": "mask", "points": [[3, 2], [11, 8]], "mask": _png(part)},
            {"label": "dog", "shape_type": "polygon", "points": square, "group_id": 1},
            {"label": "dog", "shape_type": "polygon", "points": other, "group_id": 1},
            {"label": "dog", "points": square, "group_id": None},
            {"label": "dog", "shape_type": "rectangle", "points": [[1, 1], [5, 5]]},
            {"label": "dog", "shape_type": "circle", "points": [[1, 1], [5, 5]]},
            {"label": 5, "shape_type": "polygon", "points": square},
            {"label": "__ignore__", "shape_type": "polygon", "points": square},
            {"label": "cat", "shape_type": "polygon", "points": [[1, 1], [5]]},
        ],
    )
    preview = import_annotations(bare, path, "labelme", dry_run=True)
    assert "several" in preview.unmatched[0][1]  # a.png and a.jpg, and no ending in the name
    (tmp_path / "b.json").write_text(path.read_text().replace("a.png", "b.png"))
    preview = import_annotations(bare, tmp_path / "b.json", "labelme")
    found = [masks.decode(one.rle) for one in bare.annotations.of_image(4)]
    assert len(found) == preview.added == 3
    assert np.array_equal(found[0][2:9, 3:12], part)
    assert [int(one.sum()) for one in found] == [int(part.sum()), 24, 12]
    (box,) = bare.suggestions.of_image(4)
    assert (box.model_version, box.score) == ("imported", 1.0)
    assert masks.bbox(box.rle) == (1, 1, 4, 4)
    assert dict(preview.dropped) == {
        "Shapes that are neither outlines nor masks (points, lines, circles)": 1,
        "Masks of a word that the file does not name": 1,
        "Shapes that only say what to ignore": 1,
        "Damaged masks": 1,
    }


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ([[3, 2], [11, 8]], "no base64!"),
        ([[3, 2], [11, 8]], None),
        ([[3, 2], [11, 9]], "part"),
        ([[-3, 2], [5, 8]], "part"),
        ([[25, 2], [33, 8]], "part"),
        ([[3, 2], [1e300, 8]], "part"),
        ([[3, 2]], "part"),
        ("x", "part"),
        ([[3, 2], [11, 8]], "cut"),
    ],
)
def test_masks_of_labelme_that_cannot_be_are_dropped(bare, tmp_path, points, text):
    whole = _png(np.ones((7, 9), bool))
    text = {"part": whole, "cut": whole[:60]}.get(text, text)
    shape = {"label": "cat", "shape_type": "mask", "points": points, "mask": text}
    preview = import_annotations(bare, _labelme(tmp_path / "b.json", [shape]), "labelme")
    assert dict(preview.dropped) == {"Damaged masks": 1}


def test_lines_of_yolo_that_cannot_be_are_told(bare, tmp_path):
    (tmp_path / "set/labels/val").mkdir(parents=True)
    (tmp_path / "set/data.yaml").write_text("names: ['cat', \"a dog\"]\n")
    (tmp_path / "set/labels/val/b.txt").write_text(
        "0 0 0 0.5 0 0.5 1 0 1\n"
        "\n"
        "1 0.5 0.5 0.1 0.1\n"
        "7 0 0 1 0 1 1\n"
        "x 0 0 1 0 1 1\n"
        "-1 0 0 1 0 1 1\n"
        "0 0 0 nan 0 1 1\n"
        "0 0 0 1e30 0 1 1\n"
        "0 0 0 1 0 1\n"
        "0 0 0\n"
    )
    preview = import_annotations(bare, tmp_path / "set", "yolo")
    assert (preview.added, preview.classes_new) == (1, ("cat", "a dog"))
    (box,) = bare.suggestions.of_image(4)
    assert masks.bbox(box.rle) == (14, 9, 3, 2)  # 3.1 x 2 pixels around the middle
    assert bare.annotations.of_image(4)[0].area == 20 * 16  # half a pixel counts as one
    assert dict(preview.examples)["Lines that cannot be read"] == (
        "val/b, line 5",
        "val/b, line 6",
        "val/b, line 7",
    )
    assert dict(preview.dropped) == {
        "Masks of a word that the file does not name": 1,
        "Lines that cannot be read": 4,
        "Damaged masks": 2,
    }


@pytest.mark.parametrize(
    "text",
    [
        "names: [cat, 'a: dog']\nnc: 2",
        "names: {0: cat, 1: 'a: dog'}",
        'path: x\nnames:\n  0: cat\n  1: "a: dog" # two\nnc: 2\n',
        "names:\n- cat\n- 'a: dog'\nnc: 2\n",
        "names:\n  # a note\n  - cat # one\n\n  - 'a: dog'",
    ],
)
def test_names_in_all_their_forms(text):
    assert {place: name.partition('" #')[0] for place, name in _yaml_names(text)} == {
        0: "cat",
        1: "a: dog",
    }


def test_voc_by_others_is_read_by_its_known_words(bare, tmp_path):
    for kind in ("SegmentationClass", "SegmentationObject"):
        (tmp_path / "VOC" / kind).mkdir(parents=True)
    labels, objects = np.zeros((2, 20, 31), np.uint8)
    labels[2:8, 2:8], objects[2:8, 2:8] = 8, 1
    labels[2:8, 12:18], objects[2:8, 12:18] = 8, 2
    labels[10:14, 2:8], objects[10:14, 2:8] = 15, 3
    labels[16:, :], objects[16:, :] = 255, 255
    labels[15, 30] = 15  # of no object
    labels[0, 0], objects[0, 0] = 99, 4
    for name, values in (("Class", labels), ("Object", objects)):
        Image.fromarray(values).save(tmp_path / f"VOC/Segmentation{name}/b.png")
    preview = import_annotations(bare, tmp_path / "VOC", "voc")
    assert any("VOC's own twenty words" in note for note in preview.notes)
    assert preview.classes_new == ("cat", "person")
    assert [one.area for one in bare.annotations.of_image(4)] == [36, 36, 24]
    assert dict(preview.dropped) == {
        "Values of label images that no list names": 1,
        "Pixels of a word that belong to no object": 1,
    }


def test_label_images_that_cannot_be_are_told(bare, tmp_path):
    (tmp_path / "classes.json").write_text('[{"value": 1, "name": "cat"}]')
    (tmp_path / "labels").mkdir()
    Image.new("RGB", (31, 20)).save(tmp_path / "labels/b.png")
    preview = import_annotations(bare, tmp_path, "semantic")
    assert sum(count for _, count in preview.dropped) == 1
    Image.new("L", (30, 20)).save(tmp_path / "labels/b.png")
    preview = import_annotations(bare, tmp_path, "semantic")
    assert dict(preview.dropped) == {"Masks of another size than their image": 1}
    (tmp_path / "labels/b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    assert sum(n for _, n in import_annotations(bare, tmp_path, "semantic").dropped) == 1
    (tmp_path / "classes.json").write_text('[{"value": 999, "name": "cat"}]')
    with pytest.raises(FormatError, match="no label image can have"):
        import_annotations(bare, tmp_path, "semantic")


def test_values_from_zero_are_words_when_the_list_says_so(bare, tmp_path):
    rows = [{"value": 0, "name": "cat"}, {"value": 1, "name": "grass"}]
    (tmp_path / "classes.json").write_text(json.dumps(rows))
    labels = _rectangle().astype(np.uint8)
    labels[0] = 255
    Image.fromarray(labels).save(tmp_path / "b.png")
    assert import_annotations(bare, tmp_path, "semantic").added == 2
    assert sorted(one.area for one in bare.annotations.of_image(4)) == [63, 620 - 31 - 63]


def _boxes(path, *boxes, name="a.png", word=1):
    rows = [{"segmentation": [], "bbox": box, "category_id": word} for box in boxes]
    return _coco(path, rows, images=[{"id": 1, "file_name": name, "width": 31, "height": 20}])


def test_boxes_become_suggestions_and_never_annotations(bare, tmp_path):
    path = _boxes(
        tmp_path / "o.json", [1.4, 2.6, 3, 4], [-5, -5, 100, 100], [40, 2, 3, 3], [1, 2, 0, 3], [1]
    )
    preview = import_annotations(bare, path, "coco")
    assert (preview.added, preview.suggested, bare.annotations.count()) == (0, 2, 0)
    assert dict(preview.dropped) == {"Boxes that are no place in the image": 3}
    rows = bare.suggestions.of_image(1)
    assert [masks.bbox(one.rle) for one in rows] == [(1, 3, 3, 4), (0, 0, 31, 20)]
    assert {(one.status, one.model_version) for one in rows} == {("pending", "imported")}
    # A model's own suggestions come and go beside them.
    bare.suggestions.replace(1, [], "model")
    assert len(bare.suggestions.of_image(1)) == 2
    assert bare.undo(1) == "import masks"
    assert bare.suggestions.of_image(1) == []
    assert bare.redo(1) == "import masks"
    assert bare.suggestions.of_image(1) == rows


def test_boxes_follow_the_policies(bare, tmp_path):
    first = _boxes(tmp_path / "one.json", [1, 2, 3, 4], [5, 5, 5, 5])
    second = _boxes(tmp_path / "two.json", [1, 2, 3, 4], [9, 9, 2, 2])
    import_annotations(bare, first, "coco")
    bare.suggestions.reject(bare.suggestions.of_image(1)[0].id)
    again = import_annotations(bare, first, "coco")
    assert (again.suggested, again.skipped) == (0, 2)  # what was rejected is not asked again
    done = import_annotations(bare, second, "coco", policy="replace")
    assert (done.suggested, done.withdrawn, done.skipped) == (1, 1, 1)
    assert [masks.bbox(one.rle) for one in bare.suggestions.of_image(1)] == [(9, 9, 2, 2)]
    assert [one.status for one in bare.suggestions.of_image(1, status=None)] == [
        "rejected", "pending",
    ]  # fmt: skip
    word = bare.classes.all()[0]
    bare.annotations.add(1, word.id, _rectangle())
    left = import_annotations(bare, first, "coco", policy="skip")
    assert (left.suggested, left.skipped) == (0, 2)


def test_a_score_of_a_box_is_kept_when_it_is_one(bare, tmp_path):
    rows = [
        {"segmentation": [], "bbox": [at, 1, 2, 2], "score": score}
        for at, score in enumerate((0.25, 7, "x", None))
    ]
    import_annotations(bare, _coco(tmp_path / "o.json", rows), "coco")
    assert [one.score for one in bare.suggestions.of_image(1)] == [0.25, 1.0, 1.0, 1.0]


def test_a_whole_import_is_taken_back_at_once(filled, bare, tmp_path):
    assert undo_import(bare) is None
    word = bare.classes.add("dog")
    kept = bare.annotations.add(4, word.id, _rectangle())
    export(filled, tmp_path / "o.json", "coco")
    for _ in range(2):
        done = import_annotations(bare, tmp_path / "o.json", "coco", policy="replace")
        assert (done.added, done.replaced) == (6, 1)
        assert bare.annotations.of_image(4) == []
        undone = undo_import(bare)
        assert (undone.batch.id, undone.batch.source) == (done.batch, "o.json")
        assert undone.found == BatchUndone(4)
        assert [one.id for one in bare.annotations.of_image(4)] == [kept.id]
        assert bare.annotations.count() == 1
    assert undo_import(bare) is None
    assert bare.redo_batch(done.batch) == 4
    assert bare.annotations.count() == 6
    bare.annotations.add(1, word.id, _rectangle())
    assert undo_import(bare).found == BatchUndone(4)
    assert bare.annotations.count() == 2


def test_taking_back_can_be_stopped_and_then_nothing_is_changed(filled, bare, tmp_path):
    export(filled, tmp_path / "o.json", "coco")
    import_annotations(bare, tmp_path / "o.json", "coco")
    count, seen = bare.annotations.count(), []

    def progress(step, total):
        seen.append((step, total, bare.annotations.count()))

    stopped = undo_import(bare, progress=progress, stopped=lambda: len(seen) == 2)
    assert not stopped.done
    assert seen[1][2] < count
    assert [one[:2] for one in seen] == [(0, 3), (1, 3)]
    assert bare.annotations.count() == count
    assert undo_import(bare).done
    assert bare.annotations.count() == 0


def test_any_import_can_be_chosen_to_be_taken_back(bare, tmp_path):
    whole = {"size": [20, 31], "counts": masks.encode(_rectangle()).counts.decode()}
    for name, word in (("one.json", 1), ("two.json", 2), ("three.json", 1)):
        rows = [{"segmentation": whole, "category_id": word}]
        path = _coco(tmp_path / name, rows)
        data = json.loads(path.read_text())
        data["categories"] = [{"id": word, "name": name}]
        path.write_text(json.dumps(data))
        import_annotations(bare, path, "coco")
    newest, middle, oldest = imports(bare)
    assert [one.source for one in (newest, middle, oldest)] == [
        "three.json",
        "two.json",
        "one.json",
    ]
    assert undo_import(bare, oldest.id).found == BatchUndone(1)
    names = {row.id: row.name for row in bare.classes.all()}
    left = [names[one.class_id] for one in bare.annotations.of_image(1)]
    assert left == ["two.json", "three.json"]
    assert [one.stands for one in imports(bare)] == [True, True, False]
    assert undo_import(bare, oldest.id) is None
    (row, other) = bare.annotations.of_image(1)
    bare.annotations.edit(other.id, ~_rectangle())
    assert undo_import(bare).batch.id == middle.id  # of the newest nothing is left to take back
    assert [one.id for one in bare.annotations.of_image(1)] == [other.id]
    assert undo_import(bare).found == BatchUndone(0, kept=1)
    with pytest.raises(ProjectError, match="no import number 99"):
        undo_import(bare, 99)


def test_annotations_are_read_when_their_image_comes(bare, tmp_path, monkeypatch):
    """The file is walked in pieces of a few bytes, and held by none of them."""
    names = ("Kätzchen \\u6771\u4eac", "x")
    whole = {"size": [20, 31], "counts": masks.encode(_rectangle()).counts.decode()}
    path = _coco(tmp_path / "o.json", [{"segmentation": whole}] * 3, names=names)
    data = json.loads(path.read_text())
    data["images"][0]["id"] = "erstes – 京"
    for one in data["annotations"]:
        one["image_id"] = "erstes – 京"
    data = {"info": {"n": [1, {"a": None}]}, **dict(reversed(data.items())), "last": -1.5e3}
    for escaped in (True, False):
        path.write_text(json.dumps(data, ensure_ascii=escaped), encoding="utf-8-sig")
        for chunk in (1, 7, 1 << 20):
            monkeypatch.setattr(streaming, "_CHUNK", chunk)
            preview = import_annotations(bare, path, "coco", dry_run=True)
            assert (preview.added, preview.skipped, preview.dropped) == (1, 2, ())
            assert preview.classes_new == (names[0],)


def test_an_item_of_no_end_is_refused(bare, tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "_CHUNK", 64)
    monkeypatch.setattr(streaming, "MOST_BYTES", 512)
    (tmp_path / "o.json").write_text('{"images": ["' + "x" * 5000 + '"]}')
    with pytest.raises(FormatError, match="no proper JSON"):
        import_annotations(bare, tmp_path / "o.json", "coco")


def test_a_file_that_changes_under_the_reader_is_said(bare, tmp_path):
    whole = {"size": [20, 31], "counts": masks.encode(_rectangle()).counts.decode()}
    path = _coco(tmp_path / "o.json", [{"segmentation": whole}])
    images = coco_reader.read(path, Told.new())
    path.write_text("{}")
    with pytest.raises(FormatError, match="changed while it was read"):
        images[0].load(bare.images.page()[0])
