import numpy as np
import pytest

from cascadeclip.train.metrics import ConfusionMatrix, harmonic


@pytest.fixture
def hand_worked():
    """Three words, one ignored pixel, one pixel without an answer, added in two images."""
    matrix = ConfusionMatrix(3)
    matrix.add(np.array([[0, 0, 1], [1, 1, 255]]), np.array([[0, 1, 1], [1, 0, 0]]))
    matrix.add(np.array([[0, -1], [1, 1]]), np.array([[0, 0], [-1, 1]]))
    return matrix


def test_counts_are_the_ones_counted_by_hand(hand_worked):
    assert hand_worked.counts.tolist() == [[2, 1, 0, 0], [1, 3, 0, 1], [0, 0, 0, 0]]


def test_iou_is_the_one_worked_by_hand(hand_worked):
    # word 0: 2 hits, 3 true, 3 answered -> 2/4; word 1: 3 hits, 5 true, 4 answered -> 3/6
    assert hand_worked.iou()[:2] == pytest.approx([2 / 4, 3 / 6])
    assert np.isnan(hand_worked.iou()[2])
    assert hand_worked.mean_iou() == pytest.approx(0.5)


def test_accuracy_counts_missing_answers_as_wrong(hand_worked):
    assert hand_worked.accuracy() == pytest.approx(5 / 8)


def test_a_word_that_was_only_answered_has_an_iou_of_zero_and_is_not_present():
    matrix = ConfusionMatrix(2)
    matrix.add(np.array([[0, 0]]), np.array([[0, 1]]))
    assert matrix.iou().tolist() == [0.5, 0.0]
    assert matrix.present().tolist() == [True, False]


def test_the_mean_can_be_taken_among_some_words():
    matrix = ConfusionMatrix(3)
    matrix.add(np.array([[0, 1, 2, 2]]), np.array([[0, 0, 2, 2]]))
    assert matrix.mean_iou([1, 2]) == pytest.approx(0.5)
    assert np.isnan(ConfusionMatrix(2).mean_iou())
    assert np.isnan(ConfusionMatrix(2).accuracy())


def test_images_add_up_before_anything_is_divided():
    matrix = ConfusionMatrix(1)
    matrix.add(np.zeros((1, 9), int), np.zeros((1, 9), int))
    matrix.add(np.zeros((1, 1), int), np.full((1, 1), -1))
    assert matrix.iou().tolist() == [0.9]  # the mean of per-image values would be 0.5


def test_maps_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="shapes differ"):
        ConfusionMatrix(2).add(np.zeros((2, 2), int), np.zeros((2, 3), int))


def test_harmonic_mean():
    assert harmonic(0.6, 0.3) == pytest.approx(0.4)
    assert harmonic(0.0, 0.0) == 0.0
