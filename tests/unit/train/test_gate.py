import pytest

from cascadeclip.train.evaluate import Quality
from cascadeclip.train.gate import Tried, choose_share, judge


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
    verdict = judge(quality(cat=0.2, dog=0.5), quality(cat=0.5, dog=0.3), ["cat", "dog"])
    assert not verdict.activate
    assert '"dog" lost 20.0 points' in verdict.reason


def test_a_corrected_word_may_lose_as_much_as_the_mean_gains_and_no_other_word_may():
    before, after = quality(cat=0.2, dog=0.5), quality(cat=0.9, dog=0.3)
    assert judge(before, after, ["cat", "dog"]).activate
    verdict = judge(before, after, ["cat"])
    assert not verdict.activate
    assert '"dog" lost 20.0 points' in verdict.reason


def test_words_without_corrections_may_lose_one_point_in_the_mean():
    before = quality(cat=0.2, dog=0.5)
    assert judge(before, quality(cat=0.5, dog=0.495), ["cat"]).activate
    verdict = judge(before, quality(cat=0.5, dog=0.47), ["cat"])
    assert not verdict.activate
    assert "words without corrections lost 3.0" in verdict.reason


def test_a_child_that_answers_otherwise_where_nobody_looked_is_refused():
    before, after = quality(cat=0.2), quality(cat=0.5)
    assert judge(before, after, ["cat"], agreement=0.991).activate
    verdict = judge(before, after, ["cat"], agreement=0.98)
    assert not verdict.activate
    assert "answer otherwise on 2.0 % of other images" in verdict.reason


def tried(**found):
    return {float(share[1:]) / 100: Tried(*what) for share, what in found.items()}


def test_of_the_shares_with_the_best_validation_the_smallest_is_chosen():
    found = tried(_100=(0.3, 1.0), _50=(0.408, 1.0), _25=(0.4, 1.0), _10=(0.397, 1.0))
    assert choose_share(found.__getitem__, tuple(found)) == (0.25, found)


def test_a_share_that_disturbs_protected_words_is_passed_over():
    found = tried(_100=(0.9, 0.98), _50=(0.4, 0.992), _25=(0.3, 1.0))
    assert choose_share(found.__getitem__, tuple(found))[0] == 0.5


def test_where_no_share_is_both_gentle_and_better_the_best_is_kept_for_the_person():
    found = tried(_100=(0.9, 0.98), _50=(0.4, 0.992), _25=(0.3, 1.0))
    assert choose_share(found.__getitem__, tuple(found), least=0.5)[0] == 1.0
