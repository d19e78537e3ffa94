"""Programs of others load the files as they stand; each where it is installed.

`pip install -e '.[test,consumers]'` brings them, best into an environment of its own.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.formats import ExportOptions, export

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

# What these packages say while they are imported is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")
COPIED = ExportOptions(images="copy")
# Datumaro and CVAT look for `instances_<part>.json`.
ONE_PART = ExportOptions(images="copy", shares=(("default", 1.0),))


@pytest.fixture
def filled(tmp_path):
    real.make_images(tmp_path / "images")
    with real.make_project(tmp_path / "project", tmp_path / "images") as project:
        real.annotate(project)
        yield project


@pytest.fixture
def apart(tmp_path):
    """A project where no two masks share a pixel: one mask on each of three images."""
    real.make_images(tmp_path / "images")
    with real.make_project(tmp_path / "project", tmp_path / "images") as project:
        real.annotate(project, apart=True)
        yield project


def _expected(project):
    """Word and mask of every annotation by the name of its image, also the one a copy gets."""
    found = {}
    for path, word, rle in real.state(project):
        found.setdefault(path, []).append((word, masks.decode(rle)))
    found["a_jpg.jpg"] = found["a.jpg"]
    return found


def _same(found, expected):
    """Compare; in which order a program hands masks out is its own affair."""
    found, expected = (
        sorted(rows, key=lambda row: (row[0], int(np.sum(row[1])))) for rows in (found, expected)
    )
    assert [word for word, _ in found] == [word for word, _ in expected]
    for (_, mask), (word, truth) in zip(found, expected, strict=True):
        assert np.array_equal(np.asarray(mask, bool), truth), word


@pytest.mark.parametrize("kind", ["coco", "coco-polygon"])
def test_supervision_loads_coco(filled, tmp_path, kind):
    supervision = pytest.importorskip("supervision")
    export(filled, tmp_path / "out", kind, options=COPIED)
    data = supervision.DetectionDataset.from_coco(
        str(tmp_path / "out/images"),
        str(tmp_path / "out/annotations/instances.json"),
        force_masks=True,
        use_iscrowd=False,
    )
    assert data.classes == ["cat", "grass", "road"]
    expected = _expected(filled)
    assert len(data) == len(real.NAMES)
    for path, _, found in data:
        name = Path(path).relative_to(tmp_path / "out/images").as_posix()
        assert len(found) == len(expected.get(name, []))
        if kind == "coco":
            words = [data.classes[number] for number in found.class_id]
            drawn = [] if found.mask is None else list(found.mask)
            _same(list(zip(words, drawn, strict=True)), expected.get(name, []))


def test_supervision_loads_yolo(apart, tmp_path):
    supervision = pytest.importorskip("supervision")
    export(apart, tmp_path / "out", "yolo")
    (tmp_path / "flat").mkdir()
    for path in (tmp_path / "out/images/train").glob("*.*"):  # it looks into no folders
        (tmp_path / "flat" / path.name).write_bytes(path.read_bytes())
    data = supervision.DetectionDataset.from_yolo(
        str(tmp_path / "flat"),
        str(tmp_path / "out/labels/train"),
        str(tmp_path / "out/data.yaml"),
        force_masks=True,
    )
    assert data.classes == ["cat", "grass", "road"]
    assert sorted(Path(path).name for path, _, found in data if len(found)) == [
        "a.png",
        "a_jpg.jpg",
    ]


def _datumaro(path, kind):
    datumaro = pytest.importorskip("datumaro")
    return datumaro.Dataset.import_from(str(path), kind)


def _words(data):
    datumaro = pytest.importorskip("datumaro")
    return [one.name for one in data.categories()[datumaro.AnnotationType.label]]


def _told(words, item):
    # A box comes with each mask.
    found = [(words[one.label], one.image) for one in item.annotations if hasattr(one, "image")]
    return [(word, mask) for word, mask in found if word != "unreviewed"]


def test_datumaro_loads_coco(filled, tmp_path):
    export(filled, tmp_path / "out", "coco", options=ONE_PART)
    data = _datumaro(tmp_path / "out", "coco_instances")
    words = _words(data)
    assert words == ["cat", "grass", "road"]
    expected = _expected(filled)
    assert len(data) == len(real.NAMES)
    for item in data:
        name = item.id + Path(item.media.path).suffix
        _same(_told(words, item), expected.get(name, []))


def test_datumaro_loads_panoptic(filled, tmp_path):
    export(filled, tmp_path / "out", "coco-panoptic", options=ONE_PART)
    data = _datumaro(tmp_path / "out", "coco_panoptic")
    assert _words(data) == ["cat", "grass", "road"]
    path = tmp_path / "out/annotations/panoptic_default.json"
    rows = json.loads(path.read_text())["annotations"]
    areas = sorted(part["area"] for row in rows for part in row["segments_info"])
    found = [int(np.asarray(one.image).sum()) for item in data for one in item.annotations]
    assert sorted(found) == areas


def test_datumaro_loads_voc(apart, tmp_path):
    export(apart, tmp_path / "out", "voc")
    data = _datumaro(tmp_path / "out", "voc_segmentation")
    words = _words(data)
    assert set(words) >= {"cat", "grass", "road"}
    found = {item.id: _told(words, item) for item in data}
    expected = _expected(apart)
    _same(found["a"], expected["a.png"])
    _same(found["a_jpg"], expected["a.jpg"])


def test_fiftyone_reads_coco_rows(filled, tmp_path, monkeypatch):
    """Its data sets need a database server; what reads COCO for them does not."""
    monkeypatch.setenv("FIFTYONE_DATABASE_VALIDATION", "false")
    pytest.importorskip("fiftyone")
    coco = pytest.importorskip("fiftyone.utils.coco")
    export(filled, tmp_path / "o.json", "coco")
    read = coco.load_coco_detection_annotations(str(tmp_path / "o.json"))
    images, rows = read[-2], read[-1]
    expected = _expected(filled)
    assert len(images) == len(real.NAMES)
    words = {1: "cat", 2: "grass", 3: "road"}
    for number, image in images.items():
        found = []
        for row in rows.get(number, []):
            shape = row.to_detection(
                (image["width"], image["height"]), classes_map=words, load_segmentation=True
            )
            whole = np.zeros((image["height"], image["width"]), bool)
            left, top, *_ = (round(side) for side in row.bbox)
            high, wide = shape.mask.shape
            whole[top : top + high, left : left + wide] = shape.mask
            found.append((shape.label, whole))
        _same(found, expected.get(image["file_name"], []))


def test_ultralytics_takes_the_lines_of_yolo(apart, tmp_path, monkeypatch):
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path / "settings"))
    pytest.importorskip("ultralytics")
    utils = pytest.importorskip("ultralytics.data.utils")
    export(apart, tmp_path / "out", "yolo")
    for name in ("a.png", "a_jpg.jpg"):
        image = tmp_path / "out/images/train" / name
        label = (tmp_path / "out/labels/train" / name).with_suffix(".txt")
        found = utils.verify_image_label((str(image), str(label), "", False, 3, 0, 0, False))
        missing, good, empty, damaged = found[5:9]
        assert (missing, good, empty, damaged) == (0, 1, 0, 0), found[9]
        assert len(found[3]) == len(label.read_text().splitlines()) == 1
        (numbers, *_), ring = found[1], found[3][0]
        assert int(numbers[0]) == int(label.read_text().split()[0])
        size = Image.open(image).size
        assert np.allclose(ring * size, np.round(ring * size), atol=1e-3)  # corners of pixels


def test_ultralytics_reads_data_yaml(apart, tmp_path, monkeypatch):
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path / "settings"))
    pytest.importorskip("ultralytics")
    utils = pytest.importorskip("ultralytics.data.utils")
    export(apart, tmp_path / "out", "yolo")
    found = utils.check_det_dataset(str(tmp_path / "out/data.yaml"), autodownload=False)
    assert found["names"] == {0: "cat", 1: "grass", 2: "road"}
    assert Path(found["train"]) == (tmp_path / "out/images/train").resolve()
