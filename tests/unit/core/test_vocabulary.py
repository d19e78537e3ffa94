"""The words a person types."""

import itertools

import numpy as np
import pytest

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import (
    PALETTE,
    checked_phrases,
    colour_for,
    format_vocabulary,
    free_colour,
    parse_vocabulary,
)


def shape(text):
    return [(word.name, word.phrases, word.negative) for word in parse_vocabulary(text)]


def test_commas_and_lines_separate_words():
    assert [word.name for word in parse_vocabulary("cat, dog\ngrass\r\n sky ,, ")] == [
        "cat",
        "dog",
        "grass",
        "sky",
    ]


def test_synonyms_and_negatives():
    assert shape("cat | kitten|puss, - shadow, t-shirt") == [
        ("cat", ("cat", "kitten", "puss"), False),
        ("shadow", ("shadow",), True),
        ("t-shirt", ("t-shirt",), False),
    ]


def test_repetitions_fold_case_and_join():
    assert shape("Cat, cat | kitten, KITTEN, polar  bear") == [
        ("Cat", ("Cat", "kitten"), False),
        ("polar bear", ("polar bear",), False),
    ]


def test_composed_and_decomposed_letters_are_one_word():
    assert shape("caf\u00e9, cafe\u0301") == [("caf\u00e9", ("caf\u00e9",), False)]


@pytest.mark.parametrize("text", ["", "  \n", ",,,", "-", "|", " - , | "])
def test_nothing_typed_is_refused_with_a_sentence(text):
    with pytest.raises(VocabularyError, match="empty; type at least one word"):
        parse_vocabulary(text)


def test_a_word_cannot_be_wanted_and_negative():
    with pytest.raises(VocabularyError, match="both a word and a negative word"):
        parse_vocabulary("cat, -Cat")


def test_format_is_read_back():
    words = parse_vocabulary("cat | kitten, -shadow, Strasse, -fog | mist")
    assert parse_vocabulary(format_vocabulary(words)) == words
    assert format_vocabulary([Word("cat", ("Cat", "kitten"), "#000000")]) == "cat | kitten"


def test_checked_phrases():
    assert checked_phrases(" cat ", ("Cat", "kitten", "")) == ("cat", "kitten")
    for bad in ("", "  ", "a,b", "a|b", "a\nb", "-a"):
        with pytest.raises(VocabularyError):
            checked_phrases(bad)


def test_colours_never_run_out():
    colours = [colour_for(index) for index in range(240)]
    assert len(set(colours)) == 240
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in colours)
    assert colours[: len(PALETTE)] == list(PALETTE)
    assert free_colour(colours[:30]) == colours[30]
    assert [word.colour for word in parse_vocabulary("a,b")] == colours[:2]


def seen_by(colour, matrix):
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return np.clip(np.array(matrix) @ linear, 0, 1) ** (1 / 2.4)


# Machado, Oliveira and Fernandes 2009, severity 1.0
DEUTERAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881]]  # fmt: skip
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
          [-0.003882, -0.048116, 1.051998]]  # fmt: skip


@pytest.mark.parametrize("matrix", [DEUTERAN, PROTAN], ids=["deuteran", "protan"])
def test_palette_stays_apart_for_colour_blind_eyes(matrix):
    pairs = list(itertools.combinations(PALETTE, 2))
    assert len(pairs) == 66
    nearest = min(float(np.linalg.norm(seen_by(a, matrix) - seen_by(b, matrix))) for a, b in pairs)
    assert nearest > 0.08
