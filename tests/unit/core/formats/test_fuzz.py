"""Whatever a file holds: it is read or refused with a sentence, and nothing else happens."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from cascadeclip.core import masks
from cascadeclip.core.errors import CascadeClipError, MaskInvalid
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.values import Rle

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

QUIET = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = some.one_of(
    some.integers(-3, 40), some.integers(), some.floats(), some.floats(0, 31), some.booleans()
)
THINGS = some.recursive(
    some.one_of(some.none(), NUMBERS, some.text(max_size=8)),
    lambda inner: some.one_of(
        some.lists(inner, max_size=9), some.dictionaries(some.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
OUTLINES = some.lists(some.lists(NUMBERS, max_size=12), max_size=3)
RUNS = some.fixed_dictionaries(
    {
        "size": some.one_of(some.just([20, 31]), THINGS),
        "counts": some.one_of(
            some.lists(some.integers(-5, 620), max_size=9), some.text(max_size=20), THINGS
        ),
    }
)
IDS = some.one_of(some.sampled_from([0, 1, 2, "1", "ä"]), THINGS)


def _rows(**fields):
    return some.lists(
        some.one_of(some.fixed_dictionaries({}, optional=fields), some.fixed_dictionaries(fields)),
        max_size=4,
    )


COCO = some.fixed_dictionaries(
    {
        "images": _rows(
            id=IDS,
            file_name=some.one_of(some.sampled_from(["a.png", "../a.png", "/etc/passwd"]), THINGS),
            width=some.one_of(some.just(31), THINGS),
            height=some.one_of(some.just(20), THINGS),
        ),
        "categories": _rows(id=IDS, name=some.one_of(some.text(), THINGS)),
        "annotations": _rows(
            id=THINGS,
            image_id=IDS,
            category_id=IDS,
            segmentation=some.one_of(OUTLINES, RUNS, THINGS),
            bbox=some.one_of(some.lists(NUMBERS, min_size=4, max_size=4), THINGS),
            score=THINGS,
            iscrowd=THINGS,
            attributes=THINGS,
        ),
    }
)
POINTS = some.lists(some.lists(NUMBERS, min_size=2, max_size=2), max_size=6)
LABELME = some.fixed_dictionaries(
    {
        "shapes": _rows(
            label=some.one_of(some.text(max_size=5), THINGS),
            points=some.one_of(POINTS, THINGS),
            shape_type=some.one_of(
                some.sampled_from(["polygon", "rectangle", "mask", "circle"]), THINGS
            ),
            group_id=THINGS,
            mask=some.one_of(some.text(max_size=40), THINGS),
        ),
        "imagePath": some.one_of(some.sampled_from(["b.png", "..\\..\\b.png"]), THINGS),
    },
    optional={"imageWidth": THINGS, "imageHeight": THINGS},
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    place = tmp_path_factory.mktemp("fuzz")
    real.make_images(place / "images")
    with real.make_project(place / "project", place / "images", words=()) as made:
        yield made


def _files(folder):
    """Name, size and time of every file around the project; of its own, the names."""
    return {
        path: None if "project" in path.parts else (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _try(project, path, kind, policy):
    folder = project.folder.parent
    before, count = _files(folder), project.annotations.count()
    done, said = None, "done"
    try:
        done = import_annotations(project, path, kind, policy=policy)
    except CascadeClipError as error:
        said = str(error)
    assert said
    assert "\n" not in said
    assert _files(folder) == before
    if done is None:
        assert project.annotations.count() == count
    else:
        assert project.annotations.count() == count + done.added - done.replaced
        for image in project.images.page():
            for one in project.annotations.of_image(image.id):
                assert masks.area(one.rle) > 0
                assert (one.rle.height, one.rle.width) == (20, 31)


@QUIET
@given(data=COCO, policy=some.sampled_from(["add", "replace", "skip"]))
def test_coco_of_anything(project, tmp_path, data, policy):
    path = tmp_path / "o.json"
    path.write_text(json.dumps(data))
    _try(project, path, "coco", policy)


@QUIET
@given(data=LABELME)
def test_labelme_of_anything(project, tmp_path, data):
    path = tmp_path / "b.json"
    path.write_text(json.dumps(data))
    _try(project, path, "labelme", "add")


@QUIET
@given(lines=some.lists(some.one_of(
    some.text(max_size=30),
    some.lists(some.one_of(some.floats(-3, 3), some.integers(0, 3)), max_size=12).map(
        lambda row: " ".join(map(str, row))
    ),
), max_size=5))  # fmt: skip
def test_yolo_of_anything(project, tmp_path, lines):
    (tmp_path / "classes.txt").write_text("cat\ndog\n")
    (tmp_path / "b.txt").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    _try(project, tmp_path, "yolo", "add")


@QUIET
@given(text=some.one_of(some.binary(max_size=60), some.text(max_size=60).map(str.encode)))
def test_json_of_anything(project, tmp_path, text):
    path = tmp_path / "b.json"
    path.write_bytes(text)
    for kind in ("coco", "labelme"):
        _try(project, path, kind, "replace")


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(
    height=some.integers(-1, 9), width=some.integers(-1, 9),
    counts=some.one_of(some.binary(max_size=30), some.text("0123456789:;<=>?@AOP_`o", max_size=9)
                       .map(str.encode)),
)  # fmt: skip
def test_runs_of_anything(height, width, counts):
    rle = Rle(height, width, counts)
    try:
        mask = masks.decode(rle)
    except MaskInvalid:
        with pytest.raises(MaskInvalid):
            masks.area(rle)
        return
    assert masks.area(rle) == mask.sum()
    assert masks.canonical(rle) == masks.encode(mask)


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(data=some.data(), height=some.integers(1, 12), width=some.integers(1, 12))
def test_any_mask_goes_out_and_comes_back(data, height, width):
    bits = data.draw(some.lists(some.booleans(), min_size=height * width, max_size=height * width))
    mask = np.array(bits).reshape(height, width)
    assert np.array_equal(masks.decode(masks.encode(mask)), mask)
