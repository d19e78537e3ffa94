import numpy as np
import pytest
import torch

from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth
from cascadeclip.train.guessing import guessed


def truth_of(labels, *rejected):
    return Truth(np.array(labels, dtype=np.int16), (), rejected)


def logits(*planes):
    return torch.tensor([planes], dtype=torch.float32)


@pytest.fixture
def maps():
    """Return logits of words 3 (corrected) and 5 on a row of four cells."""
    return logits([[4.0, 4.0, -4.0, -4.0]], [[1.0, -4.0, 2.0, 0.2]])


def test_in_an_untouched_image_the_best_word_that_is_sure_enough_is_taken(maps):
    (found,) = guessed([truth_of([[UNKNOWN] * 4])], maps, (3, 5), {3}, least=0.7)
    assert found.labels.tolist() == [[3, 3, 5, UNKNOWN]]


def test_where_something_is_marked_only_words_without_corrections_are_guessed(maps):
    truth = truth_of([[UNKNOWN, 3, UNKNOWN, BACKGROUND]])
    (found,) = guessed([truth], maps, (3, 5), {3}, least=0.7)
    assert found.labels.tolist() == [[5, 3, 5, BACKGROUND]]
    assert truth.labels[0, 0] == UNKNOWN


def test_a_word_is_not_guessed_where_it_was_rejected(maps):
    refused = np.array([[False, False, True, False]])
    (found,) = guessed([truth_of([[UNKNOWN] * 4], (5, refused))], maps, (3, 5), {3}, least=0.7)
    assert found.labels.tolist() == [[3, 3, UNKNOWN, UNKNOWN]]


def test_what_is_known_stays():
    complete = truth_of([[3, BACKGROUND]])
    maps = logits([[9.0, 9.0]], [[9.0, 9.0]])
    assert guessed([complete], maps, (3, 5), {3}, least=0.5)[0] is complete
