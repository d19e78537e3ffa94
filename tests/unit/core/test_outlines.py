"""Outlines, against the pixels themselves."""

import numpy as np
import pytest
from pycocotools import mask as coco

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.outlines import join, rasterise, trace


def _flat(polygon):
    return [float(value) for point in polygon for value in point]


def _drawn(polygons, shape):
    return masks.decode(rasterise([_flat(polygon) for polygon in polygons], *shape))


def shapes():
    donut = np.zeros((20, 30), bool)
    donut[2:18, 3:27] = True
    donut[6:12, 8:20] = False
    yield "donut", donut
    island = donut.copy()
    island[8:10, 10:14] = True
    yield "an island in a hole", island
    two = np.zeros((9, 9), bool)
    two[1:8, 1:8] = True
    two[2:4, 2:4] = two[2:4, 5:7] = two[5:7, 2:4] = False
    yield "three holes, two in a row", two
    yield "two pixels on a diagonal", np.eye(2, dtype=bool)
    yield "the other diagonal", np.eye(2, dtype=bool)[::-1].copy()
    yield "holes on a diagonal", np.pad(~np.eye(2, dtype=bool), 1, constant_values=True)
    yield "chequered", np.indices((6, 7)).sum(0) % 2 == 0
    yield "line", np.pad(np.ones((1, 8), bool), ((2, 3), (0, 0)))
    yield "pixel", np.pad([[True]], 2)
    yield "whole", np.ones((5, 4), bool)


ALL = dict(shapes())


@pytest.mark.parametrize("mask", ALL.values(), ids=ALL)
def test_outlines_draw_the_mask_again(mask):
    assert np.array_equal(_drawn(trace(mask), mask.shape), mask)


@pytest.mark.parametrize("mask", ALL.values(), ids=ALL)
def test_one_joined_outline_draws_it_too(mask):
    assert np.array_equal(_drawn([join(trace(mask))], mask.shape), mask)


def test_random_masks_of_every_density_are_exact():
    rng = np.random.default_rng(3)
    turns = range(400)
    for turn in turns:
        shape = rng.integers(1, 24, 2)
        mask = rng.random(shape) < rng.choice([0.1, 0.4, 0.5, 0.6, 0.9, 0.97])
        if not mask.any():
            continue
        polygons = trace(mask)
        assert np.array_equal(_drawn(polygons, mask.shape), mask), turn
        assert np.array_equal(_drawn([join(polygons)], mask.shape), mask), turn
    assert turn == turns[-1]


def test_each_part_is_one_outline_with_its_holes():
    rng = np.random.default_rng(4)
    for _ in range(50):
        mask = rng.random((15, 15)) < 0.6
        polygons = trace(mask)
        parts = [_drawn([polygon], mask.shape) for polygon in polygons]
        assert np.array_equal(np.sum(parts, axis=0), mask.astype(int))
        assert all(len(polygon) >= 4 for polygon in polygons)
        assert all(len({a[0] - b[0], a[1] - b[1]} - {0}) == 1
                   for polygon in polygons
                   for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True))  # fmt: skip


def test_an_empty_mask_has_no_outline():
    assert trace(np.zeros((3, 4), bool)) == []


def test_a_rectangle_has_four_corners_from_its_first_clockwise():
    mask = np.zeros((6, 8), bool)
    mask[1:4, 2:7] = True
    assert [one.tolist() for one in trace(mask)] == [[[2, 1], [7, 1], [7, 4], [2, 4]]]


def test_a_comb_of_many_holes_is_no_depth_of_calls():
    mask = np.ones((3, 6001), bool)
    mask[1, 1::2] = False
    (polygon,) = trace(mask)
    assert np.array_equal(_drawn([polygon], mask.shape), mask)


@pytest.mark.parametrize(
    "polygons",
    [
        [],
        [[0, 0, 5, 0]],
        [[0, 0, 5, 0, 5]],
        [[0, 0, 5, float("nan"), 5, 5]],
        [[0, 0, 5, float("inf"), 5, 5]],
        [[0, 0, 1e12, 0, 5, 5]],
        [[0, 0, 9e5, 9e5, 0, 9e5] * 40],
        [[]],
    ],
    ids=str,
)
def test_what_is_no_outline_is_refused(polygons):
    with pytest.raises(MaskInvalid):
        rasterise([list(map(float, polygon)) for polygon in polygons], 10, 10)


@pytest.mark.parametrize("size", [(0, 5), (-1, -1), (10**6, 10**6)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(MaskInvalid):
        rasterise([[0.0, 0.0, 5.0, 0.0, 5.0, 5.0]], *size)


def test_the_union_of_foreign_outlines_is_that_of_pycocotools():
    rings = [[1.2, 1.7, 8.3, 2.0, 5.5, 9.1], [4.0, 4.0, 9.5, 4.0, 9.5, 9.5]]
    expected = coco.decode(coco.merge(coco.frPyObjects(rings, 12, 14))).astype(bool)
    assert np.array_equal(masks.decode(rasterise(rings, 12, 14)), expected)
