"""Lists of words from and to files, with real files."""

from types import SimpleNamespace

import pytest

from cascadeclip.app.presenters.word_lists import WordLists


@pytest.fixture
def asking():
    answers = []

    def give(*_):
        return answers.pop()

    return SimpleNamespace(answers=answers, file=give, new_file=give)


@pytest.fixture
def added():
    return []


@pytest.fixture
def lists(state, runner, messages, asking, added, tmp_path, make_word):
    state.project = SimpleNamespace(folder=tmp_path, read_only=False)
    state.words = (make_word(1, "cat", phrases=("cat", "kitten")), make_word(2, "dog"))

    def add(words):
        added.append([word.name for word in words])
        return len(words) - 1

    return WordLists(state, runner, asking, messages, SimpleNamespace(add=add))


def test_words_go_into_a_file_and_come_back(lists, runner, messages, asking, added, tmp_path):
    asking.answers.append(tmp_path / "words.txt")
    lists.export()
    runner.go()
    assert (tmp_path / "words.txt").read_text("utf-8") == "cat | kitten\ndog\n"
    asking.answers.append(tmp_path / "words.txt")
    lists.load()
    runner.go()
    assert added == [["cat", "dog"]]
    assert messages.said == [
        f"Exported 2 words to {tmp_path / 'words.txt'}",
        "1 word from words.txt, 1 were there already",
    ]


def test_thinking_better_of_it_does_nothing(lists, runner, asking):
    asking.answers += [None, None]
    lists.export()
    lists.load()
    assert not runner.queue


def test_a_bad_file_is_one_sentence(lists, runner, messages, asking, added, tmp_path):
    (tmp_path / "a.json").write_text("{")
    asking.answers += [tmp_path / "a.json"]
    lists.load()
    runner.go()
    assert added == []
    assert messages.said == [
        "a.json cannot be read as a COCO file, so no words were taken from it."
    ]


def test_nothing_to_export_is_said(lists, state, messages):
    state.words = ()
    lists.export()
    assert messages.said == ["There are no words to export yet."]


def test_words_for_a_project_that_was_left_are_dropped(
    lists, state, runner, asking, added, tmp_path
):
    (tmp_path / "a.txt").write_text("cat")
    asking.answers.append(tmp_path / "a.txt")
    lists.load()
    state.project = SimpleNamespace(folder=tmp_path, read_only=False)
    runner.go()
    assert added == []
