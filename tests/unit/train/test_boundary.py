import numpy as np
import pytest

from cascadeclip.train.boundary import boundary_f


def square(left, side=40):
    labels = np.zeros((side, side), dtype=np.int32)
    labels[10:30, left : left + 15] = 1
    return labels


def test_equal_outlines_score_one_and_far_ones_nought():
    assert boundary_f(square(5), square(5), 1) == 1
    assert boundary_f(square(2), np.roll(square(2), (0, 20), (0, 1)), 2) is None
    far = np.zeros((40, 40), dtype=np.int32)
    far[34:39, 30:39] = 1
    assert boundary_f(square(5), far, 1) == 0
    assert boundary_f(square(5), np.zeros((40, 40), dtype=np.int32), 1) == 0


def test_two_pixels_are_forgiven_and_more_are_not():
    assert boundary_f(square(5), square(7), 1) == 1
    assert boundary_f(square(5), square(9), 1) == pytest.approx(0.5, abs=0.15)


def test_where_nobody_spoke_nothing_counts():
    truth, answer = square(5), square(5)
    answer[0:8, 30:] = 1
    spoiled = boundary_f(truth, answer, 1)
    truth[0:9, 29:] = -1
    assert spoiled < 1 == boundary_f(truth, answer, 1)
