"""Regions and masks paired by what they share."""

import numpy as np
import pytest

from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out
from cascadeclip.app.presenters.disagreement import compare, likeness
from cascadeclip.core import masks


def box(kind, left, right, *, word=1):
    mask = np.zeros((20, 40), np.bool_)
    mask[5:15, left:right] = True
    rle = masks.encode(mask)
    return Shape(kind, word, f"w{word}", "#112233", rle, cut_out(rle))


def region(left, right, *, word=1):
    return box(Kind.SUGGESTION, left, right, word=word)


def mask(left, right, *, word=1):
    return box(Kind.ANNOTATION, left, right, word=word)


def test_what_is_alike_is_no_difference():
    found = compare([region(0, 10)], [mask(0, 11)])
    assert (found.adds, found.misses, found.otherwise) == ((), (), ())


def test_three_kinds_of_difference():
    extra, lost = region(30, 36), mask(15, 20, word=2)
    wide, drawn = region(0, 14), mask(0, 8)
    found = compare([extra, wide], [drawn, lost])
    assert found.adds == (extra,)
    assert found.misses == (lost,)
    assert found.otherwise == ((wide, drawn),)


def test_another_word_at_the_same_place_is_added_and_missed():
    model, person = region(0, 10, word=1), mask(0, 10, word=2)
    found = compare([model], [person])
    assert (found.adds, found.misses) == ((model,), (person,))


def test_the_better_pair_comes_first_and_nobody_is_paired_twice():
    near, far, drawn = region(0, 10), region(0, 5), mask(0, 10)
    found = compare([far, near], [drawn])
    assert found.adds == (far,)
    assert found.otherwise == ()


def test_likeness_is_intersection_over_union():
    assert likeness(region(0, 10), mask(5, 15)) == pytest.approx(5 / 15)
    assert likeness(region(0, 5), mask(20, 25)) == 0
