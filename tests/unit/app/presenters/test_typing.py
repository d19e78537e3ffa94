"""What is said while somebody types, with a model that reads words as directions."""

import numpy as np
import pytest

from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.presenters.typing import Hints, Standing, Typing, look_at
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.vocabulary import parse_vocabulary

DEGREES = {"cat": 0, "kitten": 5, "dog": 60, "lime": 120, "green": 122}


class Engine:
    """Know the angle of some words; be trained on "cat" alone."""

    def __init__(self):
        self.asked = []

    def knows(self, word):
        return word.name != "quasar"

    def trained(self, word):
        return "cat" in word.phrases

    def embed(self, phrases, templates=()):
        self.asked.append((tuple(phrases), tuple(templates)))
        rows = np.zeros((len(phrases), 2 + len(phrases)), np.float32)
        for at, phrase in enumerate(phrases):
            if phrase in DEGREES:
                turned = np.radians(DEGREES[phrase])
                rows[at, :2] = np.cos(turned), np.sin(turned)
            else:  # a direction of its own
                rows[at, 2 + at] = 1
        return rows


class View:
    def __init__(self):
        self.hints = Hints()

    def show_hints(self, hints):
        self.hints = hints


@pytest.fixture
def view():
    return View()


@pytest.fixture
def typing(state, runner, view, make_word):
    state.engine = Engine()
    state.words = (make_word(1, "cat"), make_word(2, "dog", phrases=("dog", "hound")))
    return Typing(state, runner, view)


@pytest.fixture
def typed(typing, runner, view):
    def typed(text):
        typing.type(text)
        runner.ring("hints")
        runner.go()
        assert runner.errors == []
        return view.hints

    return typed


def told(hints):
    return [(one.text, one.standing, one.known_as, one.trained) for one in hints.words]


def pairs(hints):
    return [(one.first, one.second) for one in hints.likenesses]


def test_new_known_and_freshly_spelled_words_are_told_apart(typed):
    hints = typed("moon, Hound, dog | puppy, -shade, CAT")
    assert told(hints) == [
        ("moon", Standing.NEW, "", False),
        ("Hound", Standing.THERE, "dog", False),
        ("dog | puppy", Standing.SPELLING, "dog", False),
        ("-shade", Standing.NEW, "", False),
        ("CAT", Standing.THERE, "cat", True),
    ]
    assert [one.negative for one in hints.words] == [False, False, False, True, False]


def test_a_word_is_known_by_any_of_its_phrases(typed, state):
    assert typed("moon | cat").words[0].known_as == "cat"
    state.words = ()
    assert told(typed("tabby | cat")) == [("tabby | cat", Standing.NEW, "", True)]


def test_words_the_model_takes_for_one_are_named_with_what_to_write(typed, state):
    hints = typed("moon, kitten")
    assert pairs(hints) == [("cat", "kitten")]
    (one,) = hints.likenesses
    assert one.similarity == pytest.approx(np.cos(np.radians(5)))
    assert one.offer == "cat | kitten"
    assert one.written == "moon, cat | kitten"


def test_two_typed_words_may_be_one_too(typed):
    (one,) = typed("lime, green").likenesses
    assert (one.first, one.second, one.written) == ("lime", "green", "lime | green")


def test_a_plural_the_model_never_learned_is_seen_by_its_form(typed):
    (one,) = typed("dogs").likenesses
    assert (one.first, one.second, one.similarity) == ("dog", "dogs", None)
    assert one.written == "dog | hound | dogs"


def test_a_negative_twin_is_named_and_not_joined(typed):
    (one,) = typed("-kitten").likenesses
    assert (one.offer, one.written) == ("", "")


def test_what_is_there_already_is_no_twin_of_itself_or_of_others(typed, state, make_word):
    assert typed("cat").likenesses == ()
    state.words = (make_word(1, "cat"), make_word(2, "kitten"))
    assert typed("Kitten").likenesses == ()


def test_the_model_is_asked_off_the_gui_thread_with_the_projects_sentences(
    typing, state, runner, view
):
    state.templates = ("the {}",)
    typing.type("kitten")
    assert view.hints == Hints()
    runner.ring("hints")
    assert [one.text for one in view.hints.words] == ["kitten"]
    assert view.hints.likenesses == ()
    assert [lane for lane, *_ in runner.queue] == [Lane.WORDS]
    assert state.engine.asked == []
    runner.go()
    assert state.engine.asked == [(("cat", "dog", "hound", "kitten"), ("the {}",))]


def test_a_late_answer_about_other_text_is_dropped(typing, runner, view):
    typing.type("kitten")
    runner.ring("hints")
    late = runner.perform(0)
    typing.type("moon")
    runner.finish(late)
    assert view.hints.likenesses == ()


def test_an_empty_field_says_nothing_at_once(typed, typing, view, runner):
    typed("kitten")
    typing.type("  ")
    assert view.hints == Hints()
    assert "hints" not in runner.waiting


def test_half_a_word_is_no_mistake_and_a_contradiction_is_told(typed):
    assert typed("-") == Hints()
    assert typed("|, -") == Hints()
    assert typed("sky, -sky").trouble.startswith('"sky" is both')


def test_without_a_model_the_form_is_all_there_is(typed, state):
    state.engine = None
    hints = typed("dogs")
    assert hints.words[0].trained is None
    assert pairs(hints) == [("dog", "dogs")]


def test_a_model_that_cannot_read_words_says_so_elsewhere(typed, state):
    def broken(*_):
        raise CheckpointError("no text")

    state.engine.embed = broken
    assert [one.text for one in typed("kitten").words] == ["kitten"]


def test_a_pasted_list_is_counted(typed):
    hints = typed(", ".join(f"word{at}" for at in range(50)))
    assert (len(hints.words), hints.more) == (40, 10)


def test_new_words_of_the_project_are_taken_into_account(typed, typing, state, view, make_word):
    assert typed("moon").words[0].standing is Standing.NEW
    state.words = (make_word(1, "moon"),)
    state.changed(Change.WORDS)
    assert view.hints.words[0].standing is Standing.THERE


def test_a_word_the_model_cannot_read_is_no_zero_shot_word():
    (told,) = (look_at(word, (), Engine()) for word in parse_vocabulary("quasar"))
    assert (told.trained, told.known) == (False, False)
    (old,) = parse_vocabulary("quasar")
    assert not look_at(old, (old,), Engine()).known
    assert look_at(old, (), None).known
