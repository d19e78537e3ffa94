"""The words of a project to a file, and those of a file into a project."""

from __future__ import annotations

from pathlib import Path

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Asking, Messages
from cascadeclip.app.presenters.words import Words
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import tr
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.values import Word
from cascadeclip.core.wordlists import read_words, write_words

LISTS = "*.txt *.json"


class WordLists:
    """Import and export the vocabulary."""

    def __init__(
        self, state: State, jobs: Runner, asking: Asking, messages: Messages, words: Words
    ) -> None:
        self._state, self._jobs, self._asking, self._messages = state, jobs, asking, messages
        self._words = words

    def export(self) -> None:
        """Ask for a file and write the words into it, one a line."""
        project, rows = self._state.project, self._state.words
        if project is None:
            return
        if not rows:
            self._messages.say(tr("There are no words to export yet."))
            return
        path = self._asking.new_file(
            tr("Export words"), f"{project.folder.name}-words.txt", "*.txt"
        )
        if path is None:
            return
        words = tuple(row.word for row in rows)

        def done(_: None) -> None:
            self._messages.say(
                tr("Exported {count} to {path}", count=_count(len(words)), path=path)
            )

        self._jobs.run(Lane.WORK, lambda: write_words(path, words), done=done, failed=self._say)

    def load(self) -> None:
        """Ask for a list of words, or a COCO file, and add its words to those of the project."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return
        path = self._asking.file(tr("Import words"), LISTS)
        if path is None:
            return

        def done(words: tuple[Word, ...]) -> None:
            if project is self._state.project:
                self._take(path, words)

        self._jobs.run(Lane.WORK, lambda: read_words(path), done=done, failed=self._say)

    def _take(self, path: Path, words: tuple[Word, ...]) -> None:
        fresh = self._words.add(words)
        if fresh is None:
            return
        there = len(words) - fresh
        text = (
            tr("{count} from {name}", count=_count(fresh), name=path.name)
            if fresh
            else tr("No new words in {name}", name=path.name)
        )
        self._messages.say(
            tr("{text}, {there} were there already", text=text, there=there)
            if there and fresh
            else text
        )

    def _say(self, error: Exception) -> None:
        if not isinstance(error, CascadeClipError):
            raise error
        self._messages.say(said(str(error)))


def _count(number: int) -> str:
    return tr("1 word") if number == 1 else tr("{number} words", number=number)
