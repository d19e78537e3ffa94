"""Outlines of many masks at a time are those of each alone."""

import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.outlines import redrawn
from cascadeclip.core.tracing import trace, trace_all
from cascadeclip.core.values import Rle


def _masks(count, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        mask = np.zeros((21, 17), bool)
        top, left = rng.integers(0, 12, 2)
        part = mask[top : top + rng.integers(1, 12), left : left + rng.integers(1, 9)]
        part[...] = rng.random(part.shape) < rng.choice([0.5, 0.8, 1.0])
        yield mask


def test_together_is_the_same_as_alone():
    every = [*_masks(60), np.zeros((21, 17), bool), np.ones((21, 17), bool)]
    together = trace_all([masks.encode(mask) for mask in every])
    assert len(together) == len(every)
    for mask, polygons in zip(every, together, strict=True):
        alone = trace(mask)
        assert [one.tolist() for one in polygons] == [one.tolist() for one in alone]
        if mask.any():
            assert masks.decode(redrawn(polygons, *mask.shape)).tolist() == mask.tolist()
    assert together[-2] == []
    assert together[-1][0].tolist() == [[0, 0], [17, 0], [17, 21], [0, 21]]


def test_masks_of_different_width_stand_side_by_side():
    wide, narrow = np.ones((5, 40), bool), np.eye(5, 3, dtype=bool)
    wide[2, 3:37] = False
    found = trace_all([masks.encode(mask) for mask in (wide, narrow, wide)])
    assert [len(polygons) for polygons in found] == [1, 3, 1]
    for mask, polygons in zip((wide, narrow, wide), found, strict=True):
        assert masks.decode(redrawn(polygons, *mask.shape)).tolist() == mask.tolist()


def test_a_hole_is_walked_the_other_way_round():
    mask = np.ones((6, 6), bool)
    mask[2:4, 2:4] = False
    (polygon,) = trace(mask)
    x, y = polygon.T
    assert np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2 == mask.sum()


def test_no_masks_and_damaged_ones():
    assert trace_all([]) == []
    with pytest.raises(MaskInvalid):
        trace_all([Rle(5, 5, b"\xff")])
