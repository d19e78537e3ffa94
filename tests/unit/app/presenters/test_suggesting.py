"""From words and a threshold to suggestions, with an engine that answers by the book."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from cascadeclip.app.canvas.shapes import Kind
from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.suggesting import Suggesting
from cascadeclip.core.images import Window
from cascadeclip.core.regions import ScoreMaps

HEIGHT, WIDTH = 40, 40


class Engine:
    """See "cat" on the left with .8, "dog" on the right with .6, anything else nowhere."""

    version, name = "v1", "book"
    LEVELS = {"cat": (np.s_[:, :18], 0.8), "dog": (np.s_[:, 22:], 0.6)}

    def __init__(self):
        self.asked = []
        self.first = None
        self.parts = ()

    def encode(self, pixels, digest, *, first=None, arrived=None):
        self.first = first
        for part in self.parts:
            arrived(part)
        features = SimpleNamespace(cls=torch.tensor([[0.6, 0.8]]))
        return SimpleNamespace(digest=digest, features=(features,))

    def scores(self, encoded, words, templates=()):
        self.asked.append(tuple(word.name for word in words))
        self.templates = tuple(templates)
        maps = np.zeros((len(words), HEIGHT, WIDTH), np.float32)
        for at, word in enumerate(words):
            place, level = self.LEVELS.get(word.name, (np.s_[:0], 0.0))
            maps[at][place] = level
        return ScoreMaps(tuple(words), maps, HEIGHT, WIDTH, templates=tuple(templates))


class Rows:
    def __init__(self):
        self.written, self.looks = [], []

    def replace(self, image_id, suggestions, version, *, look):
        self.written.append([one.class_id for one in suggestions])
        self.looks.append(look)

    def put(self, image_id, look):
        self.looks.append(look)

    def set(self, key, value):
        pass


@pytest.fixture
def rows():
    return Rows()


@pytest.fixture
def state(make_row, make_word, rows):
    return State(
        project=SimpleNamespace(suggestions=rows, settings=rows, looks=rows, read_only=False),
        engine=Engine(),
        image=make_row(1, width=WIDTH, height=HEIGHT),
        pixels=np.zeros((HEIGHT, WIDTH, 3), np.uint8),
        words=(make_word(1, "cat"), make_word(2, "dog")),
    )


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def suggesting(state, runner, troubles):
    return Suggesting(state, runner, rejected=lambda: (), trouble=troubles.append)


def names(shapes):
    return [shape.name for shape in shapes]


def test_an_opened_image_gets_suggestions_and_they_become_rows(suggesting, state, runner, rows):
    state.changed(Change.IMAGE)
    runner.go()
    assert names(state.suggestions) == ["cat", "dog"]
    assert state.best == pytest.approx(0.8)
    runner.ring("settle")
    runner.go()
    assert rows.written == [[1, 2]]
    suggesting.settle()
    assert not runner.queue


def test_what_is_decided_while_suggestions_are_made_does_not_come_back(state, runner, troubles):
    rejected = []
    suggesting = Suggesting(
        state, runner, rejected=lambda: tuple(rejected), trouble=troubles.append
    )
    state.changed(Change.IMAGE)
    runner.go()
    cat, dog = state.suggestions
    suggesting.set_threshold(0.4)
    late = runner.perform(0)
    state.suggestions = (dog,)
    state.annotations = (replace(cat, kind=Kind.ANNOTATION),)
    runner.finish(late)
    assert names(state.suggestions) == ["dog"]
    suggesting.set_threshold(0.45)
    late = runner.perform(0)
    state.suggestions, state.annotations = (cat,), ()  # taken back, and the dog turned down
    rejected.append(dog)
    runner.finish(late)
    assert names(state.suggestions) == ["cat"]


def test_the_threshold_asks_the_engine_nothing(suggesting, state, runner, rows):
    state.changed(Change.IMAGE)
    runner.go()
    asked = len(state.engine.asked)
    for threshold, expected in ((0.7, ["cat"]), (0.9, []), (0.5, ["cat", "dog"])):
        suggesting.set_threshold(threshold)
        runner.go()
        assert names(state.suggestions) == expected
    assert len(state.engine.asked) == asked
    assert rows.written == []
    runner.ring("settle")
    runner.go()
    assert rows.written == [[1, 2]]


def test_typing_previews_without_keeping(suggesting, state, runner, make_word, rows):
    state.words = (make_word(1, "cat"),)
    state.changed(Change.IMAGE)
    runner.go()
    suggesting.type("dog, cat")
    assert names(state.preview) == []
    runner.ring("typing")
    runner.go()
    assert names(state.preview) == ["dog"]
    assert names(state.suggestions) == ["cat"]
    assert state.engine.asked[-1] == ("cat", "dog")
    suggesting.type("")
    runner.ring("typing")
    runner.go()
    assert state.preview == ()


def test_half_a_word_is_no_error(suggesting, state, runner):
    for text in (",", "-", "cat | ", "   "):
        suggesting.type(text)
        runner.ring("typing")
        runner.go()
    assert runner.errors == []


def test_a_late_answer_about_another_image_is_dropped(suggesting, state, runner, make_row):
    state.changed(Change.IMAGE)
    late = runner.perform(0)
    state.image = make_row(2, width=WIDTH, height=HEIGHT)
    state.engine.LEVELS = {}
    state.changed(Change.IMAGE)
    runner.go()
    runner.finish(late)
    runner.go()
    assert state.suggestions == ()


def test_without_words_nothing_is_asked_and_nothing_shown(suggesting, state, runner):
    state.changed(Change.IMAGE)
    runner.go()
    state.words = ()
    state.changed(Change.WORDS)
    runner.go()
    assert state.suggestions == ()
    assert len(state.engine.asked) == 1


def test_an_engine_that_breaks_is_reported_once(suggesting, state, runner, troubles):
    def broken(*_):
        raise RuntimeError("out of memory")

    state.engine.scores = broken
    state.changed(Change.IMAGE)
    runner.go()
    assert [str(error) for error in troubles] == ["out of memory"]
    suggesting.set_threshold(0.2)
    runner.go()
    assert len(troubles) == 1


@pytest.fixture
def parts(suggesting, state, runner, monkeypatch):
    """Let the engine find "cat" after one window, and "dog" too after all of them."""
    engine = state.engine
    whole = dict(Engine.LEVELS)
    shown = []

    def scores(encoded, words, templates=()):
        engine.LEVELS = {"cat": whole["cat"]} if encoded == "part" else whole
        return Engine.scores(engine, encoded, words, templates)

    engine.parts, engine.scores = ("part",), scores
    monkeypatch.setattr(suggesting, "_show_part", lambda *given: shown.append(given))
    return shown


def test_a_part_of_a_large_image_is_shown_before_the_whole(suggesting, state, runner, rows, parts):
    state.changed(Change.IMAGE)
    whole = runner.perform(0)
    Suggesting._show_part(suggesting, *parts[0])
    runner.go()
    assert names(state.suggestions) == ["cat"]
    assert state.best is None  # it is still looking
    assert "settle" not in runner.waiting
    runner.finish(whole)
    runner.go()
    assert names(state.suggestions) == ["cat", "dog"]
    runner.ring("settle")
    runner.go()
    assert rows.written == [[1, 2]]


def test_a_suggestion_of_a_part_can_be_kept_at_once(suggesting, state, runner, rows, parts):
    state.changed(Change.IMAGE)
    runner.perform(0)
    Suggesting._show_part(suggesting, *parts[0])
    runner.go()
    suggesting.settle()
    runner.go()
    assert rows.written == [[1]]


def test_the_whole_is_kept_also_where_it_is_what_its_part_was(
    suggesting, state, runner, rows, parts
):
    state.words = state.words[:1]
    state.changed(Change.IMAGE)
    whole = runner.perform(0)
    Suggesting._show_part(suggesting, *parts[0])
    runner.go()
    runner.finish(whole)
    runner.go()
    runner.ring("settle")
    runner.go()
    assert rows.written == [[1]]


def test_a_late_part_is_dropped(suggesting, state, runner, make_row, parts):
    state.changed(Change.IMAGE)
    runner.perform(0)
    state.words = state.words[:1]
    state.changed(Change.WORDS)
    Suggesting._show_part(suggesting, *parts[0])
    assert suggesting._scored is None
    state.image = make_row(2, width=WIDTH, height=HEIGHT)
    state.changed(Change.IMAGE)
    Suggesting._show_part(suggesting, *parts[0])
    assert suggesting._scored is None


def test_a_part_does_not_hide_what_is_known_of_the_whole(suggesting, state, runner, parts):
    state.changed(Change.IMAGE)
    runner.go()
    state.changed(Change.WORDS)
    runner.perform(0)
    Suggesting._show_part(suggesting, *parts[-1])
    runner.go()
    assert names(state.suggestions) == ["cat", "dog"]


def test_looks_at_parts_leave_the_tower_its_time(suggesting, state, runner, parts, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("cascadeclip.app.presenters.suggesting.time.monotonic", lambda: now[0])
    engine, inner = state.engine, state.engine.scores

    def slow(*given):
        now[0] += 1.0
        return inner(*given)

    engine.parts, engine.scores = ("part",) * 5, slow
    state.changed(Change.IMAGE)
    runner.perform(0)
    assert len(parts) == 1  # the other windows came before four seconds had passed


def test_what_is_in_sight_comes_first(state, runner, troubles):
    seen = Window(10, 20, 5, 6)
    Suggesting(state, runner, rejected=lambda: (), trouble=troubles.append, sight=lambda: seen)
    state.changed(Change.IMAGE)
    runner.go()
    assert state.engine.first is seen


def test_what_reads_words_rests_when_no_new_words_come(suggesting, state, runner):
    rests = []
    state.engine.rest = lambda: rests.append(1)
    state.changed(Change.IMAGE)
    runner.go()
    runner.ring("rest")
    assert [lane for lane, *_ in runner.queue] == [Lane.INFERENCE]
    runner.go()
    assert rests == [1]


def test_what_the_model_made_of_the_whole_image_is_kept_with_its_suggestions(
    suggesting, state, runner, rows
):
    suggesting.refresh()
    runner.go()
    suggesting.settle()
    runner.go()
    (look,) = rows.looks
    assert (look.model_version, look.agreement) == ("v1", None)
    np.testing.assert_allclose(look.embedding, [0.6, 0.8], atol=1e-6)
    assert 0 < look.uncertainty < 1
    suggesting.settle()
    runner.go()
    assert len(rows.looks) == 1  # nothing is new
    cat, dog = state.suggestions
    state.annotations, state.suggestions = (cat,), (dog,)
    heard = []
    state.subscribe(Change.ROW, lambda: heard.append(1))
    suggesting.settle()  # the person leaves the image
    runner.go()
    assert (len(rows.written), rows.looks[-1].agreement, heard) == (1, 1.0, [1])


def test_a_part_of_an_image_is_no_look(suggesting, state, runner, rows):
    state.engine.parts = (SimpleNamespace(digest="part", features=()),)
    suggesting.refresh()
    runner.finish(runner.perform(0))
    suggesting.settle()
    assert all(look is not None for look in rows.looks)
