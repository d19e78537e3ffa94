"""What happens with words: typed, kept, chosen, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import tr
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.templates import set_project_templates
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import colour_for, format_vocabulary, parse_vocabulary

if TYPE_CHECKING:
    from cascadeclip.core.project import ClassRow, Project


@dataclass(frozen=True, slots=True)
class WordSettings:
    """Hold what can be set of a word; `text` is its spellings as they are typed.

    `threshold` (0..1) and `key` (0 to 9) are its own, None for the one of all words and the key
    of its place. Whether it is `shown` on the image is for the eye alone and never written.
    """

    text: str
    colour: str
    threshold: float | None
    key: int | None
    shown: bool


class Words:
    """Keep the vocabulary of the project in step with the word field."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        relabel: Callable[[int], bool],
    ) -> None:
        self._state, self._jobs, self._messages, self._relabel = state, jobs, messages, relabel

    def keep(self, text: str) -> bool:
        """Add the typed words to the project; False (and a sentence) when they make none."""
        try:
            typed = parse_vocabulary(text)
        except VocabularyError as error:
            self._messages.say(said(str(error)))
            return False
        have = tuple(row.word for row in self._state.words)
        merged, clash = merge(have, typed)
        if clash:
            self._messages.say(clash)
        if merged == have:
            return True
        if self._state.refuses(self._messages):
            return False
        self._write(merged, choose=typed[-1].name)
        return True

    def choose(self, class_id: int) -> None:
        """Make this the word that the brush paints and that digits give."""
        self._state.word = class_id
        self._state.changed(Change.WORDS_CHOICE)

    def press_digit(self, digit: int) -> None:
        """Give the selected mask the word of this key (1 to 9, 0 is the tenth), or choose it."""
        for class_id, key in keys_of(self._state.words).items():
            if key == digit:
                self._relabel(class_id)
                self.choose(class_id)

    def settings_of(self, class_id: int) -> WordSettings | None:
        """Return what is set of a word now; None for one that is gone."""
        row = self._state.word_of(class_id)
        if row is None:
            return None
        shown = class_id not in self._state.hidden
        text = format_vocabulary((row.word,))
        return WordSettings(text, row.colour, row.threshold, row.key, shown)

    def change(self, class_id: int, settings: WordSettings) -> None:
        """Set a word as told. Only other spellings ask the model again."""
        if settings.shown == (class_id in self._state.hidden):
            self.toggle_hidden(class_id)
        old = self.settings_of(class_id)
        if old is None or settings == old:
            return
        try:
            (word,) = parse_vocabulary(settings.text.replace(",", " "))
        except VocabularyError as error:
            self._messages.say(said(str(error)))
            return

        def work(project: Project) -> None:
            classes = project.classes
            classes.update(
                class_id,
                name=word.name,
                phrases=word.phrases,
                negative=word.negative,
                colour=settings.colour,
            )
            if settings.threshold != old.threshold:
                classes.set_threshold(class_id, settings.threshold)
            if settings.key != old.key:
                classes.set_key(class_id, settings.key)

        self._run(work)

    def move(self, class_id: int, place: int) -> None:
        """Put a word at another place among the words, from 0; nothing is inferred again."""
        numbers = [row.id for row in self._state.words]
        if class_id in numbers:
            numbers.remove(class_id)
            numbers.insert(place, class_id)
            self._run(lambda project: project.classes.reorder(numbers))

    def toggle_hidden(self, class_id: int) -> None:
        """Hide the masks and suggestions of a word on the image, or show them again."""
        self._state.hidden ^= {class_id}
        self._state.changed(Change.SHAPES | Change.WORDS_CHOICE | Change.SELECTION)

    def show_all(self) -> None:
        """Show the masks and suggestions of all words again."""
        self._state.hidden = frozenset()
        self._state.changed(Change.SHAPES | Change.WORDS_CHOICE | Change.SELECTION)

    def add(self, words: Sequence[Word]) -> int | None:
        """Add words to those there are; return how many are new, None where none may be added."""
        if self._state.refuses(self._messages):
            return None
        have = tuple(row.word for row in self._state.words)
        merged, _ = merge(have, words)
        if merged != have:
            self._write(merged, choose=None)
        return len(merged) - len(have)

    def choose_templates(self, templates: Sequence[str]) -> None:
        """Put words into these sentences from now on, none for the model's own.

        Nothing is encoded again; the suggestions on the screen follow at once.
        """
        state, project = self._state, self._state.project
        if project is None or state.refuses(self._messages):
            return

        def done(kept: tuple[str, ...]) -> None:
            if project is state.project:
                state.templates = kept
                state.changed(Change.TEMPLATES)

        def work() -> tuple[str, ...]:
            return set_project_templates(project, templates)

        self._jobs.run(Lane.DATABASE, work, done=done, topic="templates")

    def remove(self, class_id: int) -> None:
        """Take a word out of the vocabulary; its masks stay in the project."""
        if self._state.refuses(self._messages):
            return
        row = self._state.word_of(class_id)
        rest = [word.word for word in self._state.words if word.id != class_id]
        self._write(rest, choose=None)
        if row is not None:
            self._messages.say(
                tr('"{name}" is no longer looked for; its masks stay.', name=row.name)
            )

    def _write(self, words: Sequence[Word], *, choose: str | None) -> None:
        self._run(lambda project: project.classes.set_vocabulary(words), choose=choose)

    def _run(self, work: Callable[[Project], object], *, choose: str | None = None) -> None:
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def whole() -> list[ClassRow]:
            work(project)
            return project.classes.all()

        def done(rows: list[ClassRow]) -> None:
            self.show(rows, choose=choose)

        self._jobs.run(Lane.DATABASE, whole, done=done, topic="words")

    def show(self, rows: Sequence[ClassRow], *, choose: str | None = None) -> None:
        """Show these words; the one called `choose` becomes the current one."""
        state = self._state
        state.words = tuple(rows)
        numbers = {row.name: row.id for row in rows if not row.negative}
        if choose in numbers:
            state.word = numbers[choose]
        elif state.word not in numbers.values():
            state.word = next(iter(numbers.values()), None)
        state.changed(Change.WORDS | Change.WORDS_CHOICE)


def keys_of(words: Sequence[ClassRow]) -> dict[int, int]:
    """Return the number key (0 to 9) of each word that has one.

    A word's own key counts; else it is that of its place, 0 for the tenth. Where another word has
    that one for its own, the two have changed places.
    """
    by_place = {row.id: (at + 1) % 10 for at, row in enumerate(words[:10])}
    owner = {row.key: row.id for row in words if row.key is not None}
    keys = {number: key for key, number in owner.items()}
    for row in words[:10]:
        key: int | None = by_place[row.id]
        # ends: no two words lead to the same key, and nobody's leads to that of this word's place
        while row.key is None and key in owner:
            key = by_place.get(owner[key])
        if row.key is None and key is not None:
            keys[row.id] = key
    return keys


def merge(have: Sequence[Word], typed: Sequence[Word]) -> tuple[tuple[Word, ...], str]:
    """Add typed words to those there are; say so where one is there already under some spelling."""
    merged = list(have)
    clash = ""
    for word in typed:
        position = _place(merged, word)
        if position is None:
            merged.append(replace(word, colour=colour_for(len(merged))))
            continue
        old = merged[position]
        fresh = tuple(phrase for phrase in word.phrases if not _spells(old, phrase))
        if fresh:
            merged[position] = replace(old, phrases=old.phrases + fresh)
        else:
            clash = tr('"{word}" is already there as "{name}".', word=word.name, name=old.name)
    return tuple(merged), clash


def _place(words: Sequence[Word], word: Word) -> int | None:
    places = (at for at, old in enumerate(words) if any(_spells(old, one) for one in word.phrases))
    return next(places, None)


def _spells(word: Word, phrase: str) -> bool:
    return phrase.casefold() in {one.casefold() for one in word.phrases}
