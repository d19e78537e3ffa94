from dataclasses import replace
from types import SimpleNamespace

import pytest

from cascadeclip.app.presenters.state import Change
from cascadeclip.app.presenters.words import Words, keys_of, merge
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

    def _set(self, number, **values):
        self.writes += 1
        self.rows = [replace(row, **values) if row.id == number else row for row in self.rows]

    def update(self, number, *, name, phrases, negative, colour):
        self._set(number, name=name, phrases=phrases, negative=negative, colour=colour)

    def set_threshold(self, number, threshold):
        self._set(number, threshold=threshold)

    def set_key(self, number, key):
        self._set(number, key=key)

    def reorder(self, numbers):
        self.writes += 1
        self.rows = sorted(self.rows, key=lambda row: numbers.index(row.id))


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


@pytest.fixture
def three(words, runner):
    words.keep("cat | kitten, dog, cow")
    runner.go()
    return words


def names(state):
    return [row.name for row in state.words]


def test_a_word_is_changed_in_all_its_settings_at_once(three, state, runner):
    cat = state.words[0].id
    settings = three.settings_of(cat)
    assert settings.text == "cat | kitten"
    three.change(cat, replace(settings, text="-cat | tom", colour="#010203", threshold=0.25, key=9))
    runner.go()
    row = state.words[0]
    assert (row.phrases, row.negative, row.colour) == (("cat", "tom"), True, "#010203")
    assert (row.threshold, row.key) == (0.25, 9)
    assert three.settings_of(cat).threshold == 0.25


def test_what_is_not_changed_is_not_written(three, state, runner, classes, messages):
    cat = state.words[0].id
    before = classes.writes
    three.change(cat, three.settings_of(cat))
    three.change(cat, replace(three.settings_of(cat), text=" | "))
    runner.go()
    assert classes.writes == before
    assert len(messages.said) == 1
    assert three.settings_of(99) is None


def test_hiding_a_word_is_for_the_eye_alone(three, state, runner, classes):
    cat, before = state.words[0].id, classes.writes
    heard = []
    state.subscribe(Change.SHAPES, lambda: heard.append(state.hidden))
    three.change(cat, replace(three.settings_of(cat), shown=False))
    assert state.hidden == {cat}
    shapes = (SimpleNamespace(class_id=cat), SimpleNamespace(class_id=2))
    assert state.visible(shapes) == shapes[1:]
    three.toggle_hidden(cat)
    three.toggle_hidden(2)
    three.show_all()
    assert state.visible(shapes) == shapes
    assert heard == [{cat}, set(), {2}, set()]
    runner.go()
    assert classes.writes == before


def test_a_word_is_moved_among_the_others(three, state, runner):
    three.move(state.words[0].id, 2)
    runner.go()
    assert names(state) == ["dog", "cow", "cat"]
    three.move(99, 0)
    assert not runner.queue


def test_words_of_a_list_are_added_to_those_there_are(three, state, runner, messages):
    assert three.add(parse_vocabulary("dog, sky, -shadow")) == 2
    runner.go()
    assert names(state) == ["cat", "dog", "cow", "sky", "shadow"]
    assert three.add(parse_vocabulary("dog")) == 0
    assert not runner.queue


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, {1: 1, 2: 2, 3: 3, 10: 0}),
        ({1: 7}, {1: 7, 7: 1, 2: 2}),
        ({1: 2, 2: 1}, {1: 2, 2: 1, 3: 3}),
        ({1: 2, 2: 3}, {1: 2, 2: 3, 3: 1}),
        ({12: 1}, {12: 1, 2: 2}),
        ({12: 1, 1: 2}, {12: 1, 1: 2}),
        ({3: 3}, {3: 3, 1: 1}),
    ],
)
def test_keys_are_those_of_the_places_but_for_own_ones(make_word, own, expected):
    rows = [replace(make_word(at, f"w{at}"), key=own.get(at)) for at in range(1, 13)]
    found = keys_of(rows)
    assert {number: found[number] for number in expected} == expected
    assert len(set(found.values())) == len(found)
    assert 11 not in found


def test_an_own_key_is_the_digit_that_chooses(three, state, runner):
    cow = state.words[2].id
    three.change(cow, replace(three.settings_of(cow), key=1))
    runner.go()
    three.press_digit(1)
    assert state.word == cow
    three.press_digit(3)
    assert state.word == state.words[0].id
