"""What is said about words while they are typed: new or known, trained or not, two for one."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters import suggesting
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import TypingView
from cascadeclip.app.sayings import said
from cascadeclip.core.alike import Twins, same_but_for_form, twins
from cascadeclip.core.errors import CascadeClipError, VocabularyError
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import format_vocabulary, parse_vocabulary, phrase_key

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine

# More words than this are pasted, not typed: they are counted, not told one by one.
MOST_TOLD = 40


class Standing(enum.Enum):
    """Name what keeping a typed word would do."""

    NEW = "new"
    THERE = "already there"
    SPELLING = "new spelling"


@dataclass(frozen=True, slots=True)
class TypedWord:
    """Hold what is known of one typed word; `trained` is None while no model has spoken.

    What is not `known` the model cannot read at all.

    `text` is the word as typed, `known_as` the word of the project that it is, or would become.
    """

    text: str
    standing: Standing
    known_as: str = ""
    trained: bool | None = None
    negative: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold two phrases of different words that are nearly the same.

    `similarity` is what the model says (cosine, -1..1), None where their spelling says it.
    `written` is all that was typed with the two written as one word, empty where that cannot be.
    """

    first: str
    second: str
    similarity: float | None = None
    offer: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """Hold everything said about the text in the word field."""

    words: tuple[TypedWord, ...] = ()
    more: int = 0
    likenesses: tuple[Likeness, ...] = ()
    trouble: str = ""


class Typing:
    """Look at what is being typed, shortly after the last key."""

    def __init__(self, state: State, jobs: Runner, view: TypingView) -> None:
        self._state, self._jobs, self._view = state, jobs, view
        self._text = ""
        self.hints = Hints()
        state.subscribe(Change.WORDS | Change.ENGINE | Change.TEMPLATES, self._again)

    def type(self, text: str) -> None:
        """Look at this text as soon as the keys have been quiet for a moment."""
        self._text = text
        self._jobs.forget("alike")
        if not text.strip():
            self._jobs.forget("hints")
            self._show(Hints())
            return
        self._jobs.after(suggesting.TYPING_MILLISECONDS, "hints", self._look)

    def _again(self) -> None:
        if self._text.strip():
            self._look()

    def _look(self) -> None:
        try:
            typed = parse_vocabulary(self._text)
        except VocabularyError as error:
            # Half a word, such as a lone "-" or "|", is no mistake yet.
            whole = any(mark.isalnum() for mark in self._text)
            self._show(Hints(trouble=said(str(error)) if whole else ""))
            return
        state = self._state
        have, engine = [row.word for row in state.words], state.engine
        told = tuple(look_at(word, have, engine) for word in typed[:MOST_TOLD])
        pairs = Pairs(have, typed[:MOST_TOLD])
        hints = Hints(told, len(typed) - len(told))
        self._show(hints)
        templates = state.templates

        def work() -> tuple[Likeness, ...]:
            if engine is None:
                return pairs.by_form()
            return merged(pairs.by_model(engine, templates), pairs.by_form())

        def done(found: tuple[Likeness, ...]) -> None:
            self._show(replace(hints, likenesses=found))

        # Not behind an image that is being looked at: the hint is for the word under the fingers.
        # What the model cannot read is told by the suggestions themselves.
        self._jobs.run(Lane.WORDS, work, done=done, failed=_pass_by, topic="alike")

    def _show(self, hints: Hints) -> None:
        self.hints = hints
        self._view.show_hints(hints)


class Pairs:
    """Compare typed words with each other and with those of the project."""

    def __init__(self, have: Sequence[Word], typed: Sequence[Word]) -> None:
        self._typed = tuple(typed)
        self._words = (*have, *typed)
        # A typed word that is one of the project's has the same owner: it is no twin of itself.
        self._owners: list[int] = []
        self._phrases: list[str] = []
        self._fresh = 0
        for at, word in enumerate(self._words):
            owner = place_of(have, word) if at >= len(have) else at
            if at == len(have):
                self._fresh = len(self._phrases)
            spelled = () if owner is None or owner == at else have[owner].phrases
            known = {phrase_key(phrase) for phrase in spelled}
            for phrase in word.phrases:
                if phrase_key(phrase) in known:
                    continue
                self._phrases.append(phrase)
                self._owners.append(at if owner is None else owner)
        if not typed:
            self._fresh = len(self._phrases)

    def by_form(self) -> tuple[Likeness, ...]:
        """Return the pairs whose spelling says that they are one word."""
        found = {}
        for second in range(self._fresh, len(self._phrases)):
            for first in range(second):
                key = (self._owners[first], self._owners[second])
                if key[0] == key[1] or key in found:
                    continue
                if same_but_for_form(self._phrases[first], self._phrases[second]):
                    found[key] = self._likeness(first, second, None)
        return tuple(found.values())

    def by_model(self, engine: Engine, templates: Sequence[str]) -> tuple[Likeness, ...]:
        """Return the pairs that the model can hardly tell apart; not on the GUI thread."""
        # The engine reads phrases without regard to case, and keeps what it has read.
        rows = engine.embed([phrase_key(phrase) for phrase in self._phrases], templates)
        found: tuple[Twins, ...] = twins(rows, self._owners, fresh=self._fresh)
        return tuple(self._likeness(one.first, one.second, one.similarity) for one in found)

    def _likeness(self, first: int, second: int, similarity: float | None) -> Likeness:
        one, other = (self._words[self._owners[place]] for place in (first, second))
        names = self._phrases[first], self._phrases[second]
        if one.negative != other.negative:
            return Likeness(*names, similarity)
        phrases = tuple(dict.fromkeys((*one.phrases, *other.phrases)))
        joined = replace(one, phrases=phrases)
        rest = [word for word in self._typed if word not in (one, other)]
        short = replace(one, name=names[0], phrases=names)
        return Likeness(
            *names, similarity, format_vocabulary((short,)), format_vocabulary((*rest, joined))
        )


def look_at(word: Word, have: Sequence[Word], engine: Engine | None) -> TypedWord:
    """Return what keeping a typed word would do to the words there are."""
    text = format_vocabulary((word,))
    place = place_of(have, word)
    if place is None:
        trained, reads = _asked(engine, word)
        return TypedWord(text, Standing.NEW, "", trained, word.negative, reads)
    old = have[place]
    trained, reads = _asked(engine, old)
    spelled = {phrase_key(phrase) for phrase in old.phrases}
    known = all(phrase_key(phrase) in spelled for phrase in word.phrases)
    standing = Standing.THERE if known else Standing.SPELLING
    return TypedWord(text, standing, old.name, trained, old.negative, reads)


def _asked(engine: Engine | None, word: Word) -> tuple[bool | None, bool]:
    """Return whether the model was trained on a word, and whether it can read it."""
    return (None, True) if engine is None else (engine.trained(word), engine.knows(word))


def place_of(have: Sequence[Word], word: Word) -> int | None:
    """Return the place of the word that has one of this word's spellings, None for a new one."""
    wanted = {phrase_key(phrase) for phrase in word.phrases}
    places = (
        at for at, old in enumerate(have) if wanted & {phrase_key(one) for one in old.phrases}
    )
    return next(places, None)


def merged(first: Sequence[Likeness], second: Sequence[Likeness]) -> tuple[Likeness, ...]:
    """Return both, each pair of words once, as the first of them tells it."""
    found: dict[object, Likeness] = {}
    for one in (*first, *second):
        found.setdefault(one.written or (one.first, one.second), one)
    return tuple(found.values())


def _pass_by(error: Exception) -> None:
    if not isinstance(error, CascadeClipError | RuntimeError):
        raise error
