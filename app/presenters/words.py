"""What happens with words: typed, kept, chosen, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.templates import set_project_templates
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import colour_for, format_vocabulary, parse_vocabulary

if TYPE_CHECKING:
    from cascadeclip.core.project import ClassRow, Project


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
            self._messages.say(str(error))
            return False
        have = tuple(row.word for row in self._state.words)
        merged, said = merge(have, typed)
        if said:
            self._messages.say(said)
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
        position = 9 if digit == 0 else digit - 1
        if position < len(self._state.words):
            class_id = self._state.words[position].id
            self._relabel(class_id)
            self.choose(class_id)

    def change_phrases(self, class_id: int, text: str) -> None:
        """Spell a word anew, in the way it is typed: `cat | kitten`, `-shadow`."""
        try:
            (word,) = parse_vocabulary(text.replace(",", " "))
        except VocabularyError as error:
            self._messages.say(str(error))
            return

        def work(project: Project) -> None:
            phrases, negative = word.phrases, word.negative
            project.classes.update(class_id, name=word.name, phrases=phrases, negative=negative)

        self._run(work)

    def change_colour(self, class_id: int, colour: str) -> None:
        """Paint a word in another "#rrggbb"; nothing is inferred again."""
        self._run(lambda project: project.classes.update(class_id, colour=colour))

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
            self._messages.say(f'"{row.name}" is no longer looked for; its masks stay.')

    def text_of(self, class_id: int) -> str:
        """Give a word the way it is typed."""
        row = self._state.word_of(class_id)
        return format_vocabulary((row.word,)) if row else ""

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


def merge(have: Sequence[Word], typed: Sequence[Word]) -> tuple[tuple[Word, ...], str]:
    """Add typed words to those there are; say so where one is there already under some spelling."""
    merged = list(have)
    said = ""
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
            said = f'"{word.name}" is already there as "{old.name}".'
    return tuple(merged), said


def _place(words: Sequence[Word], word: Word) -> int | None:
    places = (at for at, old in enumerate(words) if any(_spells(old, one) for one in word.phrases))
    return next(places, None)


def _spells(word: Word, phrase: str) -> bool:
    return phrase.casefold() in {one.casefold() for one in word.phrases}
