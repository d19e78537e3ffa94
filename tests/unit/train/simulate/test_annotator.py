import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.values import Suggestion
from cascadeclip.train.simulate.annotator import annotate, finished, ious
from cascadeclip.train.simulate.hand import Hand
from cascadeclip.train.simulate.mending import SECONDS, SPEED

SIDE = 60


@pytest.fixture
def truth():
    """Return ground (0) with a square of word 1 on it."""
    labels = np.zeros((SIDE, SIDE), dtype=np.int16)
    labels[20:40, 20:40] = 1
    return labels


def suggested(mask, word):
    return Suggestion(word, masks.encode(mask), 0.9, 0.5)


def perfect(truth):
    return [suggested(truth == word, word) for word in (0, 1)]


def test_perfect_suggestions_cost_a_look_and_one_accept(truth):
    work = annotate(truth, perfect(truth), [0, 1])
    assert work.counts == {"look": 1, "accept": 1}
    assert work.seconds == SECONDS["look"] + SECONDS["accept"]
    assert np.array_equal(work.labels, truth)


def test_from_nothing_the_ground_is_drawn_and_the_square_on_top(truth):
    work = annotate(truth, [], [0, 1], hand=Hand(bare=True))
    assert work.counts == {"look": 1, "word": 2, "vertex": 8}
    assert np.array_equal(work.labels, truth)


def test_a_tail_that_is_missing_costs_one_stroke_and_its_way():
    tailed = np.zeros((100, 100), dtype=np.int16)
    tailed[30:60, 30:50] = 1
    tailed[40:45, 50:95] = 1
    body = tailed == 1
    body[:, 50:] = False
    found = [suggested(tailed == 0, 0), suggested(body, 1)]
    work = annotate(tailed, found, [0, 1])
    assert work.counts == {"look": 1, "accept": 1, "word": 1, "stroke": 1}  # noqa
    assert 0.2 < work.moved < 0.6
    assert work.seconds == pytest.approx(1.5 + 1.5 + 0.7 + 2.5 + work.moved / SPEED)
    assert "vertex" in annotate(tailed, found, [0, 1], hand=Hand(bare=True)).counts


def test_an_unsteady_hand_gets_there_too_the_same_way_for_the_same_seed(truth):
    def work(seed):
        return annotate(truth, [], [0, 1], hand=Hand(jitter=0.1, seed=seed))

    assert finished(truth, work(1).labels)
    assert not np.array_equal(work(1).labels, truth)
    assert np.array_equal(work(1).labels, work(1).labels)
    assert not np.array_equal(work(1).labels, work(2).labels)


def test_clicks_of_an_unsteady_hand_miss_what_is_thin():
    lines = np.zeros((SIDE, SIDE), dtype=np.int16)
    lines[10:12] = 1
    wrong = [suggested(lines == 0, 0), suggested(lines == 1, 2)]
    missed = [
        annotate(lines, wrong, [0, 1, 2], hand=Hand(jitter=0.5, seed=seed)).counts.get("missed", 0)
        for seed in range(10)
    ]
    assert 0 < sum(missed) <= 10
    assert "missed" not in annotate(lines, wrong, [0, 1, 2]).counts


def test_a_right_shape_with_a_wrong_word_costs_one_renaming(truth):
    found = [suggested(truth == 0, 0), suggested(truth == 1, 2)]
    work = annotate(truth, found, [0, 1, 2])
    assert work.counts == {"look": 1, "reassign": 1, "accept": 1}
    assert work.renamed == {1: 1}
    assert np.array_equal(work.labels, truth)


def test_a_wrong_suggestion_is_turned_down_and_the_rest_drawn(truth):
    stray = np.zeros_like(truth, dtype=bool)
    stray[:, 10:30] = True
    work = annotate(truth, [suggested(truth == 0, 0), suggested(stray, 2)], [0, 1])
    assert work.rejected == [1] or work.renamed == {1: 0}
    assert finished(truth, work.labels)


def test_words_nobody_marks_cost_nothing(truth):
    work = annotate(truth, [suggested(truth == 0, 0)], [0])
    assert work.counts == {"look": 1, "accept": 1}
    assert set(np.unique(work.labels)) == {-1, 0}


def test_it_ends_where_the_iou_is_enough_and_at_the_cap(truth):
    most = truth == 1
    most[20:22] = False
    found = [suggested(truth == 0, 0), suggested(most, 1)]
    assert set(annotate(truth, found, [0, 1]).counts) == {"look", "accept"}
    assert "word" in annotate(truth, found, [0, 1], enough=0.95).counts
    capped = annotate(truth, [], [0, 1], cap=1)
    assert capped.capped
    assert not finished(truth, capped.labels)


def test_suggestions_that_say_nothing_save_nothing(truth):
    rng = np.random.default_rng(0)
    noise = [suggested(rng.random(truth.shape) < 0.5, word) for word in (0, 1)]
    assert annotate(truth, noise, [0, 1]).actions >= annotate(truth, [], [0, 1]).actions


def test_ious_are_per_word_in_either_map(truth):
    other = truth.copy()
    other[20:40, 30:40] = 0
    assert ious(truth, other) == pytest.approx({0: 3200 / 3400, 1: 0.5})
