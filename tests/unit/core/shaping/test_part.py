import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.shaping import part as parts
from cascadeclip.core.shaping.part import EMPTY, Part


def random_mask(height=14, width=19, *, seed=1):
    return np.random.default_rng(seed).random((height, width)) < 0.3


def test_a_mask_comes_back_through_its_part():
    mask = np.zeros((20, 30), bool)
    mask[4:9, 7:20] = random_mask(5, 13)
    rle = masks.encode(mask)
    part = parts.of(rle)
    assert part.area == mask.sum()
    assert np.array_equal(part.on((0, 0, 20, 30)), mask)
    assert parts.packed(part, 20, 30) == rle


def test_on_another_box_is_what_slicing_gives():
    mask = np.zeros((20, 30), bool)
    mask[4:9, 7:20] = random_mask(5, 13)
    part = Part(4, 7, mask[4:9, 7:20])
    for box in ((0, 0, 20, 30), (5, 8, 7, 12), (0, 15, 6, 30), (10, 0, 20, 5), (4, 7, 9, 20)):
        assert np.array_equal(part.on(box), mask[box[0] : box[2], box[1] : box[3]])


def test_has_counts_from_the_corner_of_the_image():
    part = Part(2, 3, np.array([[True, False]]))
    assert part.has(3.9, 2.1)
    assert not part.has(4.0, 2.1)
    assert not part.has(2.9, 2.1)
    assert not part.has(3.5, 3.0)


def test_tight_takes_empty_rows_and_columns_off():
    pixels = np.zeros((5, 6), bool)
    pixels[2, 1:4] = True
    tight = Part(10, 20, pixels).tight()
    assert tight.box == (12, 21, 13, 24)
    assert Part(10, 20, np.zeros((5, 6), bool)).tight() is EMPTY


def test_nothing_cannot_be_packed():
    with pytest.raises(MaskInvalid, match="Nothing is left"):
        parts.packed(EMPTY, 10, 10)
    with pytest.raises(MaskInvalid):
        parts.packed(Part(8, 8, np.ones((3, 3), bool)), 10, 10)


def test_around_holds_all_and_ignores_nothing():
    some = [Part(3, 4, np.ones((2, 2), bool)), EMPTY, Part(1, 9, np.ones((1, 3), bool))]
    assert parts.around(some) == (1, 4, 5, 12)
    assert parts.around([EMPTY]) == (0, 0, 0, 0)
