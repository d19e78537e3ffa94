import numpy as np
import pytest

from cascadeclip.core.engine.calibration import adjust, calibrate, logit
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Word

P = np.linspace(0.01, 0.99, 50, dtype=np.float32)


def maps_of(*names):
    values = np.stack([P.reshape(5, 10)] * len(names))
    return ScoreMaps(tuple(Word(name, (name,), "#000000") for name in names), values, 50, 100)


def test_scale_one_and_shift_nought_change_nothing():
    assert adjust(P, (1.0, 0.0)) == pytest.approx(P, abs=1e-6)


def test_the_shift_is_a_threshold_of_its_own_and_the_order_stays():
    moved = adjust(P, (2.0, float(-2.0 * logit(np.float32(0.3)))))
    assert np.array_equal(moved >= 0.5, P >= 0.3)
    assert (np.diff(moved) > 0).all()


def test_values_below_nought_and_at_the_ends_stay_inside():
    ends = np.array([-0.1, 0.0, 1.0], dtype=np.float32)
    moved = adjust(ends, (1.0, 1.0))
    assert np.isfinite(moved).all()
    assert moved[0] == moved[1] < moved[2] < 1


def test_only_named_words_move_whatever_their_case():
    maps = maps_of("Cat", "dog")
    moved = calibrate(maps, (("cat", 1.0, 1.0),))
    assert np.array_equal(moved.probabilities[1], maps.probabilities[1])
    assert (moved.probabilities[0] > maps.probabilities[0]).all()
    assert calibrate(maps, (("bird", 1.0, 1.0),)) is maps
