"""Files that other programs made come in without loss, or with a named one.

Labelme's examples are looked for in the folder that CASCADECLIP_LABELME names (`pip download
--no-deps --no-binary labelme labelme`, unpacked); they are read where they are, and not part of
this repository. The label images are those of the development data beside it, where there are any.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from cascadeclip.core import masks
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.project import Project

DATA = Path(__file__).parents[5] / "shared" / "data"


@pytest.fixture
def examples():
    place = os.environ.get("CASCADECLIP_LABELME", "")
    folder = Path(place) / "examples" / "instance_segmentation"
    if not place or not folder.is_dir():
        pytest.skip("no examples of labelme here")
    return folder


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project") as made:
        yield made


def _add(project, folder):
    for path in sorted(folder.iterdir()):
        if path.suffix == ".jpg":
            project.images.add(path)
    return project.images.page()


def _masks(project, image):
    names = {row.id: row.name for row in project.classes.all()}
    return [(names[one.class_id], one.rle) for one in project.annotations.of_image(image.id)]


def test_examples_of_labelme(project, examples):
    images = _add(project, examples / "data_annotated")
    done = import_annotations(project, examples / "data_annotated", "labelme")
    shapes = [
        shape
        for path in sorted((examples / "data_annotated").glob("*.json"))
        for shape in json.loads(path.read_text())["shapes"]
    ]
    ignored = sum(one["label"] == "__ignore__" for one in shapes)
    grouped = {(one["label"], one["group_id"]) for one in shapes if one["group_id"] is not None}
    alone = sum(one["group_id"] is None for one in shapes)
    assert done.images_matched == len(images) == 3
    assert done.unmatched == ()
    assert dict(done.dropped) == {"Shapes that only say what to ignore": ignored}
    assert done.added >= alone + len(grouped) - ignored > 5


def test_what_labelme_makes_as_coco(project, examples):
    images = _add(project, examples / "data_annotated")
    path = examples / "data_dataset_coco" / "annotations.json"
    truth = COCO(str(path))
    done = import_annotations(project, path, "coco")
    assert (done.added, done.dropped, done.unmatched) == (len(truth.anns), (), ())
    names = {one["id"]: one["name"] for one in truth.dataset["categories"]}
    for image in images:
        (number,) = (
            one["id"]
            for one in truth.dataset["images"]
            if one["file_name"].endswith(Path(image.path).name)
        )
        expected = [
            (names[one["category_id"]], truth.annToMask(one).astype(bool))
            for one in truth.loadAnns(truth.getAnnIds(imgIds=[number]))
        ]
        found = _masks(project, image)
        assert [word for word, _ in found] == [word for word, _ in expected]
        for (_, rle), (_, mask) in zip(found, expected, strict=True):
            assert np.array_equal(masks.decode(rle), mask)


def test_what_labelme_makes_as_voc(project, examples):
    folder = examples / "data_dataset_voc"
    images = _add(project, examples / "data_annotated")
    done = import_annotations(project, folder, "voc")
    assert (done.dropped, done.unmatched, done.notes) == ((), (), ())
    words = (folder / "class_names.txt").read_text().splitlines()
    total = 0
    for image in images:
        name = Path(image.path).stem
        objects = np.array(Image.open(folder / "SegmentationObject" / f"{name}.png"))
        labels = np.array(Image.open(folder / "SegmentationClass" / f"{name}.png"))
        numbers = [int(one) for one in np.unique(objects) if one not in (0, 255)]
        found = _masks(project, image)
        assert len(found) == len(numbers)
        total += len(found)
        for number, (word, rle) in zip(numbers, found, strict=True):
            assert np.array_equal(masks.decode(rle), objects == number)
            assert word == words[int(np.median(labels[objects == number]))]
    assert total == done.added > 5


@pytest.mark.parametrize("name", ["camvid", "pets"])
def test_label_images_of_others(project, tmp_path, name):
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip("no development data here")
    chosen = [path for path in sorted((folder / "images").iterdir()) if path.is_file()][:3]
    place = tmp_path / "labels"
    place.mkdir()
    values = {}
    for path in chosen:
        project.images.add(path)
        source = next((folder / "masks").glob(f"{path.stem}.*"))
        (place / source.name).write_bytes(source.read_bytes())
        values[path.stem] = np.array(Image.open(source))
    every = sorted({int(value) for one in values.values() for value in np.unique(one)} - {255})
    words = [{"value": value, "name": f"word {value}"} for value in every]
    (place / "classes.json").write_text(json.dumps(words))
    done = import_annotations(project, place, "semantic")
    assert (done.dropped, done.unmatched, done.images_matched) == ((), (), 3)
    for image in project.images.page():
        truth = values[Path(image.path).stem]
        found = _masks(project, image)
        assert {word for word, _ in found} == {
            f"word {value}" for value in np.unique(truth).tolist() if value != 255
        }
        for word, rle in found:
            assert np.array_equal(masks.decode(rle), truth == int(word.split()[1]))
