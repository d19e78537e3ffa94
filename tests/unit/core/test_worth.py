"""Uncertain, and unlike what came before."""

import numpy as np
import pytest

from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Word
from cascadeclip.core.worth import mean_uncertainty, worth_order


def unit(*angles):
    turned = np.radians(angles)
    return np.stack((np.cos(turned), np.sin(turned)), axis=1).astype(np.float32)


def test_near_duplicates_of_the_first_come_last():
    embeddings = unit(0, 1, 2, 90)
    order = worth_order(embeddings, np.array([0.9, 0.89, 0.88, 0.3], np.float32))
    assert order.tolist()[:2] == [0, 3]
    assert order.tolist()[2:] == [2, 1]  # the farther of the two near ones


def test_uncertainty_decides_among_equally_far_ones():
    order = worth_order(np.eye(4, dtype=np.float32), np.array([0.1, 0.4, 0.3, 0.2], np.float32))
    assert order.tolist() == [1, 2, 3, 0]


def test_what_is_like_a_reviewed_image_waits():
    uncertainty = np.array([0.9, 0.5], np.float32)
    assert worth_order(unit(0, 90), uncertainty).tolist() == [0, 1]
    assert worth_order(unit(0, 90), uncertainty, unit(0)).tolist() == [1, 0]


def test_only_the_first_are_chosen_one_by_one():
    rng = np.random.default_rng(3)
    embeddings = rng.normal(size=(60, 8)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    uncertainty = rng.uniform(size=60).astype(np.float32)
    whole, some = (worth_order(embeddings, uncertainty, picked=n) for n in (60, 5))
    assert whole[:5].tolist() == some[:5].tolist()
    assert sorted(some.tolist()) == list(range(60))


def test_no_images_have_an_order_too():
    assert worth_order(np.zeros((0, 0), np.float32), np.zeros(0, np.float32)).tolist() == []


def maps(*probabilities, nobody=None):
    values = np.array(probabilities, np.float32).reshape(len(probabilities), 1, 1)
    words = tuple(Word(str(k), (str(k),), "#000000") for k in range(len(probabilities)))
    none = None if nobody is None else np.full((1, 1), nobody, np.float32)
    return ScoreMaps(words, values, 8, 8, nobody=none)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (maps(1.0), 0.0),
        (maps(0.5), 1.0),
        (maps(0.0), 0.0),
        (maps(0.9, 0.9), 1.0),
        (maps(0.9, 0.1), 0.2),
        (maps(0.3, nobody=0.3), 1.0),
        (maps(0.6, nobody=0.2), 0.5),
        (maps(), 0.0),
    ],
)
def test_a_close_race_and_even_odds_are_uncertain(found, expected):
    assert mean_uncertainty(found) == pytest.approx(expected, abs=1e-6)
