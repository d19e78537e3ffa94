import numpy as np
import pytest

from cascadeclip.core.engine.calibration import logit
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Word
from cascadeclip.train.calibration import (
    IDENTITY,
    Evidence,
    Pixels,
    expected_error,
    fit_affine,
    fit_words,
)
from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth

WIDE = (100.0, 100.0)


def drawn(scale, shift, count=40_000, seed=0):
    """Return pixels whose true probability is sigmoid(scale * x + shift)."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, count)
    wanted = rng.random(count) < 1 / (1 + np.exp(-(scale * logits + shift)))
    return Pixels(logits, wanted, np.ones(count))


@pytest.mark.parametrize("truth", [(1.0, 0.0), (0.5, -1.0), (2.0, 1.5)])
def test_the_map_that_made_the_pixels_is_found(truth):
    assert fit_affine(drawn(*truth), IDENTITY, WIDE) == pytest.approx(truth, abs=0.06)


def test_the_answer_is_exact_the_gradient_is_nought_there():
    pixels = drawn(0.7, 0.3, count=500)
    scale, shift = fit_affine(pixels, IDENTITY, WIDE)
    chance = 1 / (1 + np.exp(-(scale * pixels.logits + shift)))
    assert abs((chance - pixels.wanted).sum() + shift / 1e4) < 1e-3
    assert abs(((chance - pixels.wanted) * pixels.logits).sum() + (scale - 1) / 1e4) < 1e-3


def test_without_evidence_the_prior_is_the_answer():
    nothing = Pixels(np.zeros(0), np.zeros(0, dtype=bool), np.zeros(0))
    assert fit_affine(nothing, (0.8, 0.2), (0.3, 0.7)) == pytest.approx((0.8, 0.2))


def test_pixels_that_a_line_divides_do_not_run_away():
    pixels = Pixels(np.array([-3.0, 3.0]), np.array([False, True]), np.full(2, 40.0))
    scale, shift = fit_affine(pixels, IDENTITY, (0.3, 0.7))
    assert 1 < scale < 3
    assert shift == pytest.approx(0, abs=1e-6)


def maps_of(*planes):
    words = tuple(Word(f"w{index}", (f"w{index}",), "#000000") for index in range(len(planes)))
    return ScoreMaps(words, np.stack(planes).astype(np.float32), 8, 8)


def timid(labels, word):
    """Score right pixels at .4 and wrong ones at .1: nothing reaches a threshold of .5."""
    return np.where(labels == word, 0.4, 0.1)


def test_a_timid_word_is_lifted_over_the_threshold_and_a_word_unseen_gets_what_all_share():
    labels = np.full((8, 8), BACKGROUND, dtype=np.int16)
    labels[:, :4] = 0
    evidence = Evidence()
    for _ in range(4):
        evidence.add(maps_of(timid(labels, 0), timid(labels, 1)), Truth(labels, (), ()))
    assert evidence.words() == (0,)
    found = fit_words(evidence, [0, 1])
    scale, shift = found[0]
    assert scale * logit(np.float32(0.4)) + shift > 0 > scale * logit(np.float32(0.1)) + shift
    assert found[1][1] > 0
    before, after = (expected_error(evidence, some) for some in ({}, found))
    assert after < before / 1.3
    assert fit_words(evidence, [1]) == {}


def test_pixels_nobody_spoke_about_and_refused_words_elsewhere_are_no_evidence():
    labels = np.full((8, 8), UNKNOWN, dtype=np.int16)
    labels[0, :4] = 0
    refused = np.zeros((8, 8), dtype=bool)
    refused[7] = True
    evidence = Evidence()
    evidence.add(maps_of(np.full((8, 8), 0.3)), Truth(labels, (), ((0, refused),)))
    pixels = evidence.of(0)
    assert len(pixels.logits) == 12
    assert pixels.wanted.sum() == 4


def test_probabilities_that_mean_what_they_say_have_no_error():
    labels = np.full((8, 8), BACKGROUND, dtype=np.int16)
    labels.flat[: 64 // 4] = 0
    evidence = Evidence()
    evidence.add(maps_of(np.full((8, 8), 0.25)), Truth(labels, (), ()))
    assert expected_error(evidence, {}) == pytest.approx(0, abs=1e-6)
    assert expected_error(evidence, {0: (1.0, 3.0)}) > 0.3
