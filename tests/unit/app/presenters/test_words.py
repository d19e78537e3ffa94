from types import SimpleNamespace

import pytest

from cascadeclip.app.presenters.words import Words, merge
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import parse_vocabulary


class Classes:
    """Keep rows as the store would, without a database."""

    def __init__(self, make_word):
        self.make_word, self.rows, self.writes = make_word, [], 0

    def set_vocabulary(self, words):
        self.writes += 1
        self.rows = [
            self.make_word(at, word.name, phrases=word.phrases, negative=word.negative)
            for at, word in enumerate(words, 1)
        ]

    def all(self):
        return self.rows


@pytest.fixture
def classes(state, make_word):
    classes = Classes(make_word)
    state.project = SimpleNamespace(classes=classes, read_only=False)
    return classes


@pytest.fixture
def relabelled():
    return []


@pytest.fixture
def words(state, runner, messages, relabelled, classes):
    return Words(state, runner, messages, relabel=lambda number: bool(relabelled.append(number)))


def test_words_are_kept_and_the_last_one_is_chosen(words, state, runner):
    assert words.keep("cat | kitten, dog")
    runner.go()
    assert [row.phrases for row in state.words] == [("cat", "kitten"), ("dog",)]
    assert state.word_of(state.word).name == "dog"


def test_nothing_typed_is_refused_with_a_sentence(words, messages, classes):
    assert not words.keep(" , ")
    assert len(messages.said) == 1
    assert classes.writes == 0


def test_a_word_that_is_there_is_said_and_not_written(words, runner, messages, classes):
    words.keep("cat | kitten")
    runner.go()
    words.keep("Kitten")
    runner.go()
    assert messages.said == ['"Kitten" is already there as "cat".']
    assert classes.writes == 1


def test_digits_choose_and_relabel_and_ignore_keys_without_a_word(words, state, runner, relabelled):
    words.keep("cat, dog")
    runner.go()
    words.press_digit(1)
    assert state.word_of(state.word).name == "cat"
    words.press_digit(7)
    assert relabelled == [state.words[0].id]


def test_a_negative_word_is_never_the_brushs(words, state, runner):
    words.keep("-shadow")
    runner.go()
    assert state.word is None


def test_removing_a_word_keeps_the_others(words, state, runner, messages):
    words.keep("cat, dog")
    runner.go()
    words.remove(state.words[0].id)
    runner.go()
    assert [row.name for row in state.words] == ["dog"]
    assert "stay" in messages.said[-1]


def test_merging_adds_spellings_to_the_word_that_has_one():
    have = parse_vocabulary("cat, dog")
    merged, said = merge(have, parse_vocabulary("kitten | CAT"))
    assert said == ""
    assert [word.phrases for word in merged] == [("cat", "kitten"), ("dog",)]


def test_new_words_get_colours_of_their_own():
    merged, _ = merge(parse_vocabulary("cat, dog"), (Word("sky", ("sky",), "#000000"),))
    assert len({word.colour for word in merged}) == 3
