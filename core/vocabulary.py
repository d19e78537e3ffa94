"""The words of a project: how a person types them and which colour each one gets."""

from __future__ import annotations

import colorsys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.values import Word

# Hues that stay apart for the common kinds of colour blindness (after Okabe and Ito, and Tol):
# they differ in lightness as well as in hue.
PALETTE: tuple[str, ...] = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#332288",
    "#88ccee",
    "#882255",
    "#ddcc77",
    "#117733",
)

_SEPARATORS = ",\n"
_SYNONYM = "|"
_NEGATIVE = "-"


def parse_vocabulary(text: str) -> tuple[Word, ...]:
    """Read the words a person typed, separated by commas or line breaks.

    `cat | kitten` makes one word "cat" with two phrases; `-shadow` makes a negative word. Spaces
    are trimmed, spellings that differ only in case count as one, a phrase belongs to the first
    word that names it. The n-th word gets the n-th colour.

    Raises VocabularyError when no word is left, or when a word is both wanted and negative.
    """
    phrases_of: dict[str, list[str]] = {}
    negative_of: dict[str, bool] = {}
    owner: dict[str, str] = {}
    for entry in text.replace("\r", "\n").replace("\n", ",").split(","):
        negative, phrases = _read_entry(entry)
        if not phrases:
            continue
        name = owner.setdefault(phrase_key(phrases[0]), phrases[0])
        if negative_of.setdefault(name, negative) != negative:
            raise VocabularyError(
                f'"{name}" is both a word and a negative word; remove one of the two.'
            )
        kept = phrases_of.setdefault(name, [name])
        for phrase in phrases[1:]:
            if phrase_key(phrase) not in owner:
                owner[phrase_key(phrase)] = name
                kept.append(phrase)
    if not phrases_of:
        raise VocabularyError('The vocabulary is empty; type at least one word, such as "cat".')
    return tuple(
        Word(name, tuple(phrases), colour_for(index), negative=negative_of[name])
        for index, (name, phrases) in enumerate(phrases_of.items())
    )


def format_vocabulary(words: Iterable[Word]) -> str:
    """Write words the way `parse_vocabulary` reads them; colours are not part of the text."""
    return ", ".join(
        (_NEGATIVE if word.negative else "") + f" {_SYNONYM} ".join((word.name, *_others(word)))
        for word in words
    )


def colour_for(index: int) -> str:
    """Return the colour "#rrggbb" of the word at place `index` (from 0), never running out.

    After the palette is used up it comes again in darker and lighter shades.
    """
    base = PALETTE[index % len(PALETTE)]
    turn = index // len(PALETTE)
    if turn == 0:
        return base
    red, green, blue = (int(base[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    step = 0.13 * ((turn + 1) // 2) * (1 if turn % 2 else -1)
    shade = colorsys.hls_to_rgb(
        (hue + 0.017 * turn) % 1, (lightness + step) % 0.8 + 0.1, saturation
    )
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in shade)


def free_colour(taken: Iterable[str]) -> str:
    """Return the first colour of `colour_for` that is not among `taken` ("#rrggbb")."""
    used = {colour.lower() for colour in taken}
    return next(
        colour
        for colour in (colour_for(index) for index in range(len(used) + 1000))
        if colour not in used
    )


@lru_cache(maxsize=8192)
def phrase_key(phrase: str) -> str:
    """Return what two spellings of the same phrase have in common (case and spaces folded)."""
    return tidy(phrase).casefold()


def spellings(word: Word | str) -> tuple[str, ...]:
    """Return the name and the phrases of a word; of text, the text itself."""
    return (word,) if isinstance(word, str) else (word.name, *word.phrases)


def tidy(phrase: str) -> str:
    """Return the phrase in one Unicode form, without control characters or spare spaces."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", phrase)
        if character.isspace() or unicodedata.category(character) != "Cc"
    )
    return " ".join(visible.split())


def checked_phrases(name: str, phrases: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the phrases of the word `name`, tidied, the name first, without repetitions.

    Raises VocabularyError for an empty name, or where a phrase holds a comma, a bar, a line break
    or starts with a minus sign: the typed form of the vocabulary could not carry it.
    """
    kept: dict[str, str] = {}
    for phrase in (name, *phrases):
        clean = tidy(phrase)
        if any(mark in phrase for mark in (*_SEPARATORS, _SYNONYM)) or clean.startswith(_NEGATIVE):
            raise VocabularyError(
                f'"{clean}" cannot be a word: leave out commas, bars, line breaks and a first "-".'
            )
        if clean:
            kept.setdefault(clean.casefold(), clean)
        elif phrase is name:
            raise VocabularyError("A word needs a name; type at least one letter.")
    return tuple(kept.values())


def _read_entry(entry: str) -> tuple[bool, tuple[str, ...]]:
    entry = tidy(entry)
    negative = entry.startswith(_NEGATIVE)
    phrases = (tidy(part) for part in entry.lstrip(_NEGATIVE).split(_SYNONYM))
    return negative, tuple(phrase for phrase in phrases if phrase)


def _others(word: Word) -> tuple[str, ...]:
    name = phrase_key(word.name)
    return tuple(phrase for phrase in word.phrases if phrase_key(phrase) != name)
