"""Words ranked for a region come from the maps alone."""

import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.ranking import rank
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Word


def word(name, *, negative=False):
    return Word(name, (name,), "#000000", negative)


@pytest.fixture
def maps():
    left = np.zeros((4, 6), np.float32)
    left[:, :3] = 0.8
    values = np.stack([left, 0.5 * np.ones_like(left), 0.9 * np.ones_like(left)])
    return ScoreMaps((word("cat"), word("dog"), word("sky", negative=True)), values, 40, 60)


def box(left, right):
    mask = np.zeros((40, 60), np.bool_)
    mask[10:30, left:right] = True
    return masks.encode(mask)


def test_the_best_word_inside_comes_first_and_negative_ones_never(maps):
    assert rank(maps, box(0, 30)) == ((0, pytest.approx(0.8)), (1, pytest.approx(0.5)))
    assert rank(maps, box(30, 60)) == ((1, pytest.approx(0.5)), (0, pytest.approx(0.0)))


def test_a_region_across_is_weighed_by_its_pixels(maps):
    (_, first), (_, second) = rank(maps, box(25, 35))
    assert (first, second) == (pytest.approx(0.5), pytest.approx(0.4))


def test_one_pixel_counts(maps):
    mask = np.zeros((40, 60), np.bool_)
    mask[0, 0] = True
    assert rank(maps, masks.encode(mask))[0] == (0, pytest.approx(0.8))
