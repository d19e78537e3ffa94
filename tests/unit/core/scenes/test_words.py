"""The language of the toy world is one that can be told apart."""

from __future__ import annotations

from cascadeclip.core.scenes import DEMO_WORDS, INDEX, WORDS


def test_there_are_about_two_hundred_words_and_a_quarter_is_never_trained_on() -> None:
    assert 190 <= len(WORDS) <= 210
    unseen = sum(not word.seen for word in WORDS)
    assert 0.2 < unseen / len(WORDS) < 0.35


def test_no_spelling_means_two_words() -> None:
    phrases = [phrase for word in WORDS for phrase in word.phrases]
    assert len(phrases) > len(WORDS) + 50
    assert len(set(phrases)) == len(phrases)


def test_every_thing_names_its_art_and_stuff_has_none() -> None:
    for word in WORDS:
        assert bool(word.code_points) == bool(word.short_name) == (word.kind == "thing"), word


def test_about_half_of_the_demo_is_unseen() -> None:
    chosen = [WORDS[INDEX[name]] for name in DEMO_WORDS]
    unseen = sum(not word.seen for word in chosen)
    assert 0.4 <= unseen / len(chosen) <= 0.6
    assert {word.kind for word in chosen} == {"thing", "stuff"}
