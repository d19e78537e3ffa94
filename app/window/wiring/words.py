"""Type words, keep them, choose them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from cascadeclip.app.presenters.word_lists import WordLists
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.rows.words import DIGITS
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Vocabulary(Feature):
    """The word field, the line below it, the digits."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        words, hints = parts.window.words, parts.window.hints
        self.lists = WordLists(
            parts.state, parts.jobs, parts.asking, parts.window.toast, parts.words
        )
        words.typed.connect(parts.suggesting.type)
        words.typed.connect(parts.typing.type)
        words.kept.connect(self._keep)
        words.chosen.connect(parts.words.choose)
        words.asked.connect(parts.menus.word)
        words.moved.connect(parts.words.move)
        words.hidden.connect(parts.words.toggle_hidden)
        words.left.connect(parts.focus_canvas)
        hints.joined.connect(self._join)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        digits = {row.name: self._digit(int(row.keys[0])) for row in DIGITS}
        return {
            "type_word": self._focus,
            "join_words": self._join,
            "show_all_words": self.parts.words.show_all,
            "import_words": self.lists.load,
            "export_words": self.lists.export,
            **digits,
        }

    def _keep(self, text: str) -> None:
        if self.parts.words.keep(text):
            self._type("")

    def _type(self, text: str) -> None:
        self.parts.window.words.field.setText(text)
        self.parts.suggesting.type(text)
        self.parts.typing.type(text)

    def _join(self) -> None:
        written = self.parts.window.hints.written
        if written:
            self._type(written)
            self._focus()

    def _focus(self) -> None:
        self.parts.window.words.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _digit(self, digit: int) -> Callable[[], None]:
        return lambda: self.parts.words.press_digit(digit)
