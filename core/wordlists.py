"""Lists of words as files: plain text a person can edit, and the categories of COCO files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cascadeclip.core.errors import FormatError, VocabularyError
from cascadeclip.core.replacing import replacing
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import (
    checked_phrases,
    colour_for,
    format_vocabulary,
    parse_vocabulary,
    phrase_key,
    tidy,
)

LONGEST: Final = 4 << 20
"""Bytes of a list in plain text; what is longer is some other file."""
_REMARK = "#"


def read_words(path: Path) -> tuple[Word, ...]:
    """Read the words of a text file, one a line, or the categories of a COCO file (.json).

    In text `cat | kitten` are two phrases of one word, `-shadow` is a negative word, and lines
    that begin with # are remarks. Raises VocabularyError.
    """
    words = _of_coco(path) if path.suffix.casefold() == ".json" else _of_text(path)
    if not words:
        raise VocabularyError(f"{path.name} holds no words: write one a line.")
    return words


def write_words(path: Path, words: Sequence[Word]) -> None:
    """Write words one a line, as `read_words` reads them; the file appears whole.

    Raises VocabularyError where nothing can be written.
    """
    lines = [f"{format_vocabulary((word,))}\n" for word in words]
    try:
        with replacing(path) as draft:
            draft.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise VocabularyError(
            f"{path.name} could not be written ({error.strerror or error}): choose another folder."
        ) from error


def _of_text(path: Path) -> tuple[Word, ...]:
    try:
        if path.stat().st_size > LONGEST:
            raise VocabularyError(f"{path.name} is too long for a list of words; choose another.")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"{path.name} cannot be read as a list of words: give plain text, one word a line."
        ) from error
    kept = [line for line in lines if line.strip() and not line.lstrip().startswith(_REMARK)]
    return parse_vocabulary("\n".join(kept)) if kept else ()


def _of_coco(path: Path) -> tuple[Word, ...]:
    """Return the categories in the order of their ids; commas in a name part its phrases."""
    from cascadeclip.core.formats.importing import streaming  # every format, for this file alone

    found: dict[int, str] = {}
    try:
        for key, value, span in streaming.Walk(path, skimmed=("annotations", "images")):
            if key == "categories" and span != streaming.BEGIN and isinstance(value, dict):
                number, name = value.get("id"), value.get("name")
                if isinstance(number, int) and isinstance(name, str):
                    found[number] = name
    except (FormatError, OSError) as error:
        raise VocabularyError(
            f"{path.name} cannot be read as a COCO file, so no words were taken from it."
        ) from error
    return _distinct(found[number] for number in sorted(found))


def _distinct(names: Iterable[str]) -> tuple[Word, ...]:
    words: dict[str, Word] = {}
    for name in names:
        phrases = [tidy(part.replace("|", " ")).lstrip("- ") for part in name.split(",")]
        phrases = [phrase for phrase in phrases if phrase]
        if not phrases:
            continue
        spelled = checked_phrases(phrases[0], phrases)
        word = Word(spelled[0], spelled, colour_for(len(words)))
        key = phrase_key(word.name)
        old = words.get(key)
        if old is not None:
            word = replace(old, phrases=checked_phrases(old.name, (*old.phrases, *spelled)))
        words[key] = word
    return tuple(words.values())
