"""Lists of words as files."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.vocabulary import parse_vocabulary
from cascadeclip.core.wordlists import LONGEST, read_words, write_words


def spelled(words):
    return [(word.name, word.phrases, word.negative) for word in words]


def test_a_list_comes_back_as_it_was(tmp_path):
    words = parse_vocabulary("cat | kitten, -shadow, größe, potted plant")
    write_words(tmp_path / "words.txt", words)
    assert (tmp_path / "words.txt").read_text("utf-8") == (
        "cat | kitten\n-shadow\ngröße\npotted plant\n"
    )
    assert read_words(tmp_path / "words.txt") == words
    assert [path.name for path in tmp_path.iterdir()] == ["words.txt"]


@settings(deadline=None, max_examples=30)  # each one reaches the disk
@given(st.lists(st.text("abcxyz ", min_size=1), min_size=1, max_size=6))
def test_any_words_come_back(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("words") / "words.txt"
    try:
        words = parse_vocabulary(", ".join(names))
    except VocabularyError:
        return
    write_words(path, words)
    assert read_words(path) == words


def test_remarks_and_empty_lines_are_passed_over(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeff# animals\r\n\r\ncat\r\n  # more\r\ndog, cow\r\n".encode())
    assert [word.name for word in read_words(path)] == ["cat", "dog", "cow"]


def test_the_categories_of_a_coco_file_in_the_order_of_their_ids(tmp_path):
    path = tmp_path / "instances.JSON"
    categories = [
        {"id": 3, "name": "traffic light"},
        {"id": 1, "name": "cup, mug"},
        {"id": 2, "name": " -Cup "},
        {"id": 4, "name": ""},
        {"id": 5, "name": "a|b"},
        {"id": "6", "name": "no"},
    ]
    path.write_text(
        json.dumps({"images": [{"id": 1}], "annotations": [], "categories": categories})
    )
    assert spelled(read_words(path)) == [
        ("cup", ("cup", "mug"), False),
        ("traffic light", ("traffic light",), False),
        ("a b", ("a b",), False),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "holds no words"),
        ("a.txt", b"# only a remark\n", "holds no words"),
        ("a.txt", b"\xff\xfe\x00", "plain text"),
        ("a.txt", b"a\n-a\n", "both a word and a negative"),
        ("a.json", b"{", "cannot be read as a COCO file"),
        ("a.json", b"[1]", "cannot be read as a COCO file"),
        ("a.json", b'{"categories": []}', "holds no words"),
    ],
)
def test_what_is_no_list_is_a_sentence(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(VocabularyError, match=said):
        read_words(path)


def test_a_huge_file_and_a_missing_one_are_refused(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(LONGEST + 1)
    with pytest.raises(VocabularyError, match="too long"):
        read_words(path)
    with pytest.raises(VocabularyError, match="cannot be read"):
        read_words(tmp_path / "none.txt")
    with pytest.raises(VocabularyError, match="could not be written"):
        write_words(path / "below.txt", parse_vocabulary("cat"))
