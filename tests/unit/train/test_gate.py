import pytest

from cascadeclip.train.evaluate import Quality
from cascadeclip.train.gate import choose_share, judge


def quality(**words):
    return Quality(sum(words.values()) / len(words), words, 0.5)


def test_a_better_child_passes_and_the_reason_holds_both_figures():
    verdict = judge(quality(cat=0.2, dog=0.3), quality(cat=0.4, dog=0.3), ["cat"])
    assert verdict.activate
    assert "25.0 to 35.0" in verdict.reason


@pytest.mark.parametrize("gain", [-0.2, 0.0, 0.004])
def test_a_child_that_gains_less_than_half_a_point_is_refused(gain):
    verdict = judge(quality(cat=0.3), quality(cat=0.3 + gain), ["cat"])
    assert not verdict.activate
    assert "Not better enough" in verdict.reason


def test_a_word_that_collapses_stops_an_otherwise_better_child():
    verdict = judge(quality(cat=0.2, dog=0.5), quality(cat=0.9, dog=0.3), ["cat", "dog"])
    assert not verdict.activate
    assert '"dog" lost 20.0 points' in verdict.reason


def test_words_without_corrections_may_lose_one_point_in_the_mean():
    before = quality(cat=0.2, dog=0.5)
    assert judge(before, quality(cat=0.5, dog=0.495), ["cat"]).activate
    verdict = judge(before, quality(cat=0.5, dog=0.47), ["cat"])
    assert not verdict.activate
    assert "words without corrections lost 3.0" in verdict.reason


def test_the_share_with_the_best_validation_is_chosen_and_the_boldest_of_equals():
    share, measured = choose_share({1.0: 0.3, 0.5: 0.4, 0.25: 0.4}.__getitem__, (1.0, 0.5, 0.25))
    assert share == 0.5
    assert measured == {1.0: 0.3, 0.5: 0.4, 0.25: 0.4}
