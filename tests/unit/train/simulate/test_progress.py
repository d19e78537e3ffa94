import numpy as np
import pytest

from cascadeclip.train.simulate import mending
from cascadeclip.train.simulate.drawing import Drawing
from cascadeclip.train.simulate.mending import (
    Draw,
    best_drawing,
    largest_errors,
    mostly_another,
)
from cascadeclip.train.simulate.progress import Progress


@pytest.fixture
def state():
    truth = np.zeros((50, 50), dtype=np.int16)
    truth[10:30, 10:30] = 1
    labels = np.zeros_like(truth)
    labels[10:30, 10:22] = 1
    return Progress.of(truth, labels, 0.9)


def test_what_lacks_is_counted_in_pixels_and_words_by_their_iou(state):
    assert state.ious() == pytest.approx({0: 2100 / 2260, 1: 240 / 400})
    assert state.unfinished() == {1}
    assert state.lack() == pytest.approx(0.9 * 400 - 240)


def test_what_a_drawing_would_bring_is_what_it_then_brings(state):
    painted = np.zeros((50, 50), dtype=bool)
    painted[5:30, 20:27] = True
    after = state.painted(painted, 1)
    assert state.lack_after(painted, 1) == pytest.approx(after.lack())
    assert after.labels[6, 21] == 1
    assert state.labels[6, 21] == 0


def test_words_of_next_to_no_size_are_not_asked_for(state):
    truth = state.truth.copy()
    truth[0, 0] = 2
    assert Progress.of(truth, state.labels, 0.9).unfinished() == {1}


def test_errors_of_words_that_are_good_enough_are_left(state):
    truth = state.truth.copy()
    truth[40:50, 40:50] = 2
    labels = np.where(truth == 2, 2, state.labels).astype(np.int16)
    labels[40, 40:42] = -1
    (error,) = largest_errors(Progress.of(truth, labels, 0.9))
    assert (error.said, error.true, error.size) == (0, 1, 160)


def test_a_region_of_another_word_is_renamed_and_a_part_is_drawn(state):
    errors = largest_errors(state)
    assert mostly_another(state, errors) is None
    step = best_drawing(state, errors, 1, brush=False)
    assert step.seconds(1) == step.drawing.count == 4
    assert step.seconds(0) == 4.7
    wrong = Progress.of(state.truth, np.where(state.truth == 1, 2, 0).astype(np.int16), 0.9)
    rename = mostly_another(wrong, largest_errors(wrong))
    assert rename is not None
    assert rename.word == 1
    assert np.array_equal(rename.region, state.truth == 1)


def test_where_no_way_to_draw_pays_the_error_is_traced(state, monkeypatch):
    nothing = Drawing((np.array([[0.0, 0.0]]),), 0, (50, 50))
    monkeypatch.setattr(mending, "_ways", lambda *given, **more: [Draw(nothing, 0, 1)])
    errors = largest_errors(state)
    step = best_drawing(state, errors, None, brush=True)
    assert step.word == 1
    assert np.array_equal(step.drawing.painted(), errors[0].region)


def test_nobody_draws_a_hundred_corners_while_a_shorter_way_pays(state, monkeypatch):
    square = np.array([[22.0, 10.0], [29.0, 10.0], [29.0, 29.0], [22.0, 29.0]])
    long = Draw(Drawing((np.repeat(square, 25, axis=0),), 0, (50, 50)), 1, 160)
    short = Draw(Drawing((square[:3],), 0, (50, 50)), 1, 160)
    errors = largest_errors(state)
    for ways in ([long, short], [short, long]):
        monkeypatch.setattr(mending, "_ways", lambda *given, ways=ways, **more: ways)
        assert best_drawing(state, errors, 1, brush=True) is short
