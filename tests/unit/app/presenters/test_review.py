"""Decisions on a real project, with plain doubles for the screen."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app.canvas.shapes import Kind, cut
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.snapshot import read_snapshot, worth_showing
from cascadeclip.app.presenters.state import State
from cascadeclip.core import masks
from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion

HEIGHT, WIDTH = 24, 32


def box(top, left, bottom, right):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[top:bottom, left:right] = True
    return mask


BOXES = (box(1, 1, 8, 8), box(10, 2, 20, 12), box(3, 15, 22, 30))


def stroke_of(mask, *, erase=False):
    rows, columns = np.nonzero(mask)
    return FinishedStroke(cut(mask), erase, (float(columns[0]), float(rows[0])))


@pytest.fixture
def project(tmp_path):
    Image.new("RGB", (WIDTH, HEIGHT)).save(tmp_path / "a.png")
    with Project.create(tmp_path) as project:
        image = project.images.add(tmp_path / "a.png")
        cat, dog = (project.classes.add(name) for name in ("cat", "dog"))
        suggestions = [
            Suggestion(cat.id, masks.encode(mask), score=0.9 - at / 10, threshold=0.5)
            for at, mask in enumerate(BOXES)
        ]
        project.suggestions.replace(image.id, suggestions, "v1")
        yield project


@pytest.fixture
def state(project):
    (image,) = project.images.page()
    state = State(project=project, image=image, pixels=np.zeros((HEIGHT, WIDTH, 3), np.uint8))
    state.words = tuple(project.classes.all())
    state.word = state.words[0].id
    return state


@pytest.fixture
def review(state, runner, canvas, messages):
    review = Review(state, runner, canvas, messages, settle=lambda: None)
    review.show(read_snapshot(state.project, state.image.id))
    runner.go()
    return review


def stored(state):
    return state.project.annotations.of_image(state.image.id)


def test_accepting_shows_at_once_and_goes_on_to_the_next(review, state, runner):
    first, second, _ = state.suggestions
    review.accept()
    assert [shape.key for shape in state.suggestions][0] == second.key
    assert len(state.annotations) == 1
    assert state.selected == second.key
    runner.go()
    (row,) = stored(state)
    assert row.rle == first.rle
    assert row.provenance.model_version == "v1"
    assert state.annotations[0].id == row.id


def test_accepting_fast_accepts_each_once(review, state, runner):
    for _ in range(3):
        review.accept()
    runner.go()
    assert len(stored(state)) == 3
    assert state.suggestions == ()
    assert state.selected is None
    review.accept()
    assert not runner.queue


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ("accept undo", 0),
        ("accept accept undo", 1),
        ("accept accept undo undo redo", 1),
        ("accept accept undo undo redo redo", 2),
        ("stroke undo", 0),
        ("accept undo accept", 1),
    ],
)
def test_steps_asked_for_at_once_are_all_done_in_turn(review, state, runner, steps, left):
    assert not state.can_undo
    assert not state.can_redo
    for step in steps.split():
        if step in ("undo", "redo"):
            # What the window offers: a key of an action that is off does nothing.
            assert state.can_undo if step == "undo" else state.can_redo
            getattr(review, step)()
        elif step == "stroke":
            review.select(None)
            review.stroke(stroke_of(box(0, 0, 4, 4)))
        else:
            review.accept()
    runner.go()
    assert len(stored(state)) == len(state.annotations) == left
    assert state.can_undo == (left > 0)


def test_the_answer_of_an_older_step_does_not_hide_a_newer_one(review, state, runner):
    review.accept()
    review.accept()
    shown = state.annotations
    done = [at for at, entry in enumerate(runner.queue) if entry[4] is None][0]
    runner.finish(runner.perform(done))
    assert state.annotations == shown
    runner.go()
    assert [shape.key[2] for shape in shown] == [row.rle for row in stored(state)]


def test_a_step_that_fails_behind_a_newer_one_is_told(review, state, runner, messages, monkeypatch):
    def refuse(*_):
        raise ProjectError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(type(state.project.suggestions), "accept", refuse)
        review.accept()
        review.select(None)
        review.stroke(stroke_of(box(0, 0, 4, 4)))
        done = runner.perform(
            next(at for at, one in enumerate(runner.queue) if one[0].value == "database")
        )
    runner.finish(done)
    runner.go()
    assert messages.said == ["The disk is full."]
    assert len(state.annotations) == 1
    assert len(state.suggestions) == 3


def test_the_button_of_a_message_undoes_on_its_own_image(review, state, runner, messages):
    review.accept_all()
    runner.go()
    open_image = state.image
    Image.new("RGB", (WIDTH, HEIGHT)).save(state.project.folder / "b.png")
    other = state.project.images.add(state.project.folder / "b.png")
    state.project.annotations.add(other.id, state.words[0].id, BOXES[0])
    state.image = other
    messages.undo()
    runner.go()
    assert len(state.project.annotations.of_image(other.id)) == 1
    assert state.project.annotations.of_image(open_image.id) == []


def test_rejecting_removes_and_undo_brings_it_back(review, state, runner, messages):
    key = state.suggestions[0].key
    review.reject()  # nothing is selected
    review.select(key)
    review.reject()
    runner.go()
    assert len(state.suggestions) == 2
    assert [shape.key for shape in review.rejected] == [key]
    review.undo()
    runner.go()
    assert state.suggestions[0].key == key
    assert review.rejected == ()
    assert messages.said[-1].startswith("Undone: ")


def test_accept_all_is_one_step(review, state, runner, messages):
    review.accept_all()
    runner.go()
    assert messages.said == ["Accepted 3"]
    assert len(stored(state)) == 3
    messages.undo()
    runner.go()
    assert stored(state) == []
    assert len(state.suggestions) == 3
    review.redo()
    runner.go()
    assert len(stored(state)) == 3


def test_walking_goes_round_both_ways(review, state):
    keys = [shape.key for shape in state.suggestions]
    walked = []
    for forward in (True, True, True, True, False, False):
        review.walk(forward=forward)
        walked.append(keys.index(state.selected))
    assert walked == [0, 1, 2, 0, 2, 1]


def test_a_new_stroke_makes_a_mask_and_the_next_one_adds_to_it(review, state, runner):
    one, two = box(0, 0, 4, 4), box(2, 2, 9, 9)
    review.select(None)
    review.stroke(stroke_of(one))
    review.stroke(stroke_of(two))
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(state.project.annotations.mask(row.id), one | two)
    assert state.selected == (Kind.ANNOTATION, row.id)
    review.undo()
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(state.project.annotations.mask(row.id), one)


def test_the_eraser_takes_from_the_mask_it_begins_on(review, state, runner):
    review.accept()
    runner.go()
    review.select(None)
    review.stroke(stroke_of(box(1, 1, 4, 8), erase=True))
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(state.project.annotations.mask(row.id), BOXES[0] & ~box(1, 1, 4, 8))


def test_erasing_everything_deletes_the_mask(review, state, runner):
    review.accept()
    runner.go()
    review.select(None)
    review.stroke(stroke_of(BOXES[0], erase=True))
    runner.go()
    assert stored(state) == []
    review.undo()
    runner.go()
    assert len(stored(state)) == 1


def test_a_stroke_without_a_word_or_a_mask_says_what_to_do(review, state, runner, messages):
    review.select(None)
    state.word = None
    review.stroke(stroke_of(box(0, 0, 2, 2)))
    review.stroke(stroke_of(box(0, 20, 2, 22), erase=True))
    runner.go()
    assert stored(state) == []
    assert [text.split(":")[0] for text in messages.said] == [
        "Type a word first",
        "Nothing to erase here",
    ]


def test_delete_and_relabel_need_a_selected_mask(review, state, runner):
    review.accept()
    runner.go()
    review.select(None)
    review.delete()
    assert not review.relabel(state.words[1].id)
    review.select(state.annotations[0].key)
    assert review.relabel(state.words[1].id)
    runner.go()
    assert stored(state)[0].class_id == state.words[1].id
    review.delete()
    runner.go()
    assert stored(state) == []


def test_a_late_snapshot_of_another_image_is_not_shown(review, state, make_row):
    snapshot = read_snapshot(state.project, state.image.id)
    state.image = make_row(99)
    state.suggestions = ()
    review.show(snapshot)
    assert state.suggestions == ()


def test_what_the_person_has_decided_is_not_suggested_again(review, state, runner):
    shapes = state.suggestions
    review.accept()
    review.reject()
    runner.go()
    left = worth_showing(shapes, state.annotations, review.rejected)
    assert [shape.key for shape in left] == [shapes[2].key]


def test_a_stroke_that_begins_on_the_selected_suggestion_corrects_it(review, state, runner):
    review.select(state.suggestions[1].key)
    review.stroke(stroke_of(box(15, 5, 23, 9)))
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(masks.decode(row.rle), BOXES[1] | box(15, 5, 23, 9))
    assert (row.provenance.origin, row.provenance.model_version) == ("accepted", "v1")
    assert row.provenance.edited_pixels == 3 * 4
    assert len(state.suggestions) == 2
    review.undo()  # the correction is one step, as it was one stroke
    runner.go()
    assert stored(state) == []
    assert len(state.suggestions) == 3
    review.redo()
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(masks.decode(row.rle), BOXES[1] | box(15, 5, 23, 9))


def test_erasing_a_whole_suggestion_rejects_it(review, state, runner):
    review.stroke(stroke_of(BOXES[2], erase=True))
    runner.go()
    assert stored(state) == []
    assert len(state.suggestions) == 2
    assert len(review.rejected) == 1
    review.undo()
    runner.go()
    assert len(state.suggestions) == 3


def test_the_brush_beside_a_selected_suggestion_begins_a_new_mask(review, state, runner):
    review.select(state.suggestions[1].key)
    review.stroke(stroke_of(box(0, 28, 2, 31)))
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(masks.decode(row.rle), box(0, 28, 2, 31))
    assert len(state.suggestions) == 3


def test_the_eraser_corrects_the_suggestion_under_it(review, state, runner):
    review.stroke(stroke_of(box(3, 15, 22, 20), erase=True))
    runner.go()
    (row,) = stored(state)
    assert np.array_equal(masks.decode(row.rle), BOXES[2] & ~box(3, 15, 22, 20))
