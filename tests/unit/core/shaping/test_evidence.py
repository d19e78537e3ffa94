import numpy as np
import pytest

from cascadeclip.core.shaping.evidence import Click, weigh
from cascadeclip.core.shaping.part import Part

RED, BLUE, GREY = (30, 30), (92, 36), (60, 64)


def at(sight, evidence, place):
    return float(evidence[sight.cell(*place)])


def test_what_was_clicked_gets_more_than_the_rest(sight):
    evidence = weigh(sight, [Click(*RED)])
    assert at(sight, evidence, (20, 50)) > 0.6
    assert at(sight, evidence, BLUE) < 0.4
    assert at(sight, evidence, GREY) < 0.4


def test_a_negative_click_speaks_against_its_kind(sight):
    both = [Click(*RED), Click(*BLUE)]
    without = weigh(sight, both)
    against = weigh(sight, [*both, Click(80, 20, positive=False)])
    assert at(sight, without, (104, 50)) > 0.5
    assert at(sight, against, (80, 22)) < 0.5 < at(sight, against, (20, 50))


def test_the_word_speaks_where_it_is_sure_of_the_click(sight):
    word = np.zeros((12, 16), np.float32)
    word[2:7, 2:6] = word[2:7, 9:14] = 0.9  # red and blue are one word
    plain, told = weigh(sight, [Click(*RED)]), weigh(sight, [Click(*RED)], word=word)
    assert at(sight, told, BLUE) > at(sight, plain, BLUE) + 0.1
    silent = weigh(sight, [Click(*GREY)], word=word)
    np.testing.assert_allclose(silent, weigh(sight, [Click(*GREY)]), atol=1e-6)


def test_a_mask_holds_away_from_the_click(sight):
    pixels = np.ones((16, 80), bool)
    mask = Part(72, 24, pixels)
    evidence = weigh(sight, [Click(*RED)], mask=mask)
    without = weigh(sight, [Click(*RED)])
    assert at(sight, evidence, (100, 80)) > at(sight, without, (100, 80)) + 0.4
    np.testing.assert_allclose(at(sight, evidence, RED), at(sight, without, RED), atol=0.02)


@pytest.mark.parametrize("positive", [True, False])
def test_a_single_click_is_enough(sight, positive):
    evidence = weigh(sight, [Click(*RED, positive=positive)])
    assert np.isfinite(evidence).all()
    assert (at(sight, evidence, RED) > 0.5) is positive
