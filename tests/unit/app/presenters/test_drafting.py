"""Clicks become drafts and drafts masks, on a real project with plain doubles for the screen."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app.canvas.shapes import Kind
from cascadeclip.app.canvas.tools.operations import Boxed, Drafted, Moved, Pointed, Widened
from cascadeclip.app.presenters.changing import Changing
from cascadeclip.app.presenters.corners import CornersOf
from cascadeclip.app.presenters.drafting import Drafting
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.shaping import Shaping
from cascadeclip.app.presenters.snapshot import read_snapshot
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.core import masks
from cascadeclip.core.project import Project
from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.values import Suggestion

HEIGHT, WIDTH = 48, 64


def picture():
    rgb = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
    rgb[8:32, 8:32] = (220, 20, 20)
    rgb[12:40, 40:60] = (20, 20, 220)
    return rgb


def truth(name):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[{"red": np.s_[8:32, 8:32], "blue": np.s_[12:40, 40:60]}[name]] = True
    return mask


class Answering:
    def __init__(self):
        self.answers = {}

    def answer(self, tool, answer):
        self.answers[tool] = answer

    def show_layers(self, settled, pending):
        pass


@pytest.fixture
def project(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.png")
    with Project.create(tmp_path) as project:
        project.images.add(tmp_path / "a.png")
        project.classes.add("cat")
        yield project


@pytest.fixture
def state(project):
    (image,) = project.images.page(offset=0, limit=9)
    words = tuple(project.classes.all())
    return State(project=project, image=image, pixels=picture(), words=words, word=words[0].id)


@pytest.fixture
def view():
    return Answering()


@pytest.fixture
def parts(state, runner, view, messages):
    """Without an engine: colours alone answer."""
    review = Review(state, runner, view, messages, settle=lambda: None)
    changing = Changing(
        state,
        runner,
        messages,
        show=review.show,
        reload=review.reload,
        settle=lambda: None,
    )
    shaping = Shaping(state, changing, view, messages, select=review.select)
    drafting = Drafting(state, runner, changing, shaping, view, messages, select=review.select)
    return review, shaping, drafting


@pytest.fixture
def drafting(parts):
    return parts[2]


def click(x, y, *, positive=True, tool="positive"):
    return Pointed(tool, Click(x, y, positive))


def rows(state):
    return state.project.annotations.of_image(state.image.id)


def overlap(row, mask):
    got = masks.decode(row.rle)
    return (got & mask).sum() / (got | mask).sum()


def test_an_undo_pressed_before_a_kept_draft_is_written_takes_it_back(parts, state, runner):
    review, _, drafting = parts
    drafting.point(Pointed("positive", Click(20, 20, positive=True)))
    runner.go()
    drafting.draft(Drafted.KEPT)
    runner.go()
    first = state.project.annotations.of_image(state.image.id)
    assert len(first) == 1
    review.select(None)
    drafting.point(Pointed("positive", Click(50, 20, positive=True)))  # not answered yet
    drafting.draft(Drafted.KEPT)
    review.undo()
    runner.go()
    assert state.project.annotations.of_image(state.image.id) == first
    drafting.box(Boxed(36, 8, 62, 44))
    review.undo()
    runner.go()
    assert state.project.annotations.of_image(state.image.id) == first
    review.redo()
    runner.go()
    assert len(state.project.annotations.of_image(state.image.id)) == 2


def test_a_click_is_shown_at_once_and_answered_later(drafting, runner, view):
    drafting.point(click(20, 20))
    assert view.answers["positive"].clicks == (Click(20, 20),)
    assert view.answers["positive"].fill.size == 0
    runner.go()
    assert view.answers["positive"].fill.any()
    assert view.answers["negative"] is view.answers["positive"]


def test_a_kept_draft_is_a_mask_and_selected(drafting, runner, state, view):
    drafting.point(click(20, 20))
    runner.go()
    drafting.draft(Drafted.KEPT)
    runner.go()
    (row,) = rows(state)
    assert overlap(row, truth("red")) > 0.9
    assert state.selected == (Kind.ANNOTATION, row.id)
    assert view.answers["positive"] is None


def test_what_is_kept_before_its_answer_came_is_kept(drafting, runner, state):
    drafting.point(click(20, 20))
    drafting.draft(Drafted.KEPT)
    runner.go()
    assert overlap(rows(state)[0], truth("red")) > 0.9


def test_an_answer_that_comes_after_the_draft_was_dropped_is_dropped(drafting, runner, view):
    drafting.seeing.ask(lambda seen: None)
    runner.go()
    drafting.point(click(20, 20))
    late = runner.perform(0)
    drafting.draft(Drafted.DROPPED)
    runner.finish(late)
    assert view.answers["positive"] is None


def test_an_answer_for_fewer_clicks_is_dropped(drafting, runner, view):
    drafting.seeing.ask(lambda seen: None)
    runner.go()
    drafting.point(click(20, 20))
    early = runner.perform(0)
    drafting.point(click(50, 20))
    runner.finish(early)
    assert view.answers["positive"].fill.size == 0
    runner.go()
    assert len(view.answers["positive"].clicks) == 2
    assert view.answers["positive"].fill.shape[1] > 42  # both boxes


def test_what_is_seen_is_made_once_for_all_clicks(drafting, runner, monkeypatch):
    from cascadeclip.app.presenters import seeing

    looks = []
    look = seeing.look
    monkeypatch.setattr(seeing, "look", lambda *given: looks.append(1) or look(*given))
    drafting.point(click(20, 20))
    drafting.point(click(50, 20))
    runner.go()
    drafting.point(click(30, 5, positive=False, tool="negative"))
    runner.go()
    assert len(looks) == 1


def test_a_draft_on_a_suggestion_accepts_it(drafting, runner, state, parts):
    word = state.words[0].id
    rle = masks.encode(truth("red"))
    state.project.suggestions.replace(
        state.image.id, [Suggestion(word, rle, score=0.9, threshold=0.5)], "v1"
    )
    parts[0].show(read_snapshot(state.project, state.image.id))
    parts[0].select(state.suggestions[0].key)
    drafting.point(click(50, 20))
    runner.go()
    drafting.draft(Drafted.KEPT)
    runner.go()
    (row,) = rows(state)
    assert overlap(row, truth("red") | truth("blue")) > 0.9
    assert row.provenance.origin == "accepted"
    assert row.provenance.model_version == "v1"
    assert row.provenance.edited_pixels > 400
    parts[0].undo()
    runner.go()
    assert rows(state) == []
    assert [shape.rle for shape in state.suggestions] == [rle]  # one step


def test_nothing_begins_with_a_negative_click_or_without_a_word(drafting, messages, state):
    drafting.point(click(20, 20, positive=False))
    assert "click what belongs to it first" in messages.said[-1]
    state.word = None
    drafting.point(click(20, 20))
    assert "Type a word first" in messages.said[-1]
    assert drafting.session is None


def test_the_wand_adds_takes_away_and_follows_the_tolerance(drafting, runner, view):
    drafting.seeing.ask(lambda seen: None)
    runner.go()
    drafting.point(click(20, 20, tool="wand"))
    runner.go()
    assert view.answers["wand"].alike.shape == (HEIGHT, WIDTH, 3)
    before = drafting.tolerance
    drafting.widen(Widened(-4))
    assert drafting.tolerance == pytest.approx(before - 0.12)
    drafting.shows_likeness = False
    drafting.renew()
    runner.go()
    assert view.answers["wand"].alike is None
    assert len(drafting.session.clicks) == 1


def test_tolerance_stays_within_its_bounds(drafting):
    drafting.set_tolerance(7)
    assert drafting.tolerance == 1
    drafting.set_tolerance(-7)
    assert drafting.tolerance == 0.01


def test_a_box_finds_the_thing_in_it_or_is_the_box(drafting, runner, state):
    drafting.box(Boxed(4, 4, 36, 36))
    drafting.box(Boxed(4, 4, 36, 36, plain=True))
    runner.go()
    # the plain one needs no look at the image and is there first
    plain, found = rows(state)
    assert overlap(found, truth("red")) > 0.9
    assert plain.area == 32 * 32


def test_nothing_happens_in_a_project_that_is_only_read(drafting, runner, state, messages):
    reading = type("Reading", (), {"read_only": True, "refusal": "Somebody has it."})()
    state.project = reading
    drafting.point(click(20, 20))
    drafting.box(Boxed(4, 4, 36, 36))
    assert messages.said == ["Somebody has it."] * 2
    assert runner.queue == []


def test_moved_corners_are_shown_again_as_they_were_put(parts, state, runner, view):
    review, shaping, drafting = parts
    corners = CornersOf(state, runner, view)
    drafting.box(Boxed(4, 4, 36, 36, plain=True))
    runner.go()
    corners.activate(True)
    runner.go()
    shown = view.answers["polygon"]
    (ring,) = shown.rings
    after = ring.copy()
    after[0] += (-2.25, -1.75)
    moved = Moved(shown.key, (ring,), (after,))
    corners.move(moved)
    shaping.move(moved)
    runner.go()
    assert np.array_equal(view.answers["polygon"].rings[0], after)
    review.undo()
    runner.go()
    assert np.array_equal(view.answers["polygon"].rings[0], ring)
    state.selected = None
    state.changed(Change.SELECTION)
    assert view.answers["polygon"] is None
