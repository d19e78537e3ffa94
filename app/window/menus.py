"""The menus of a right click: on a shape of the canvas, on a chip of the word field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cascadeclip.app.canvas.shapes import Kind, Shape, score_text
from cascadeclip.app.panels.word_editor import WordEditor
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.words import Words
from cascadeclip.app.translation import tr
from cascadeclip.app.window.main_window import MainWindow

Ranked = tuple[tuple[int, float], ...]
Rank = Callable[[Shape, Callable[[Ranked], None]], None]
NEXT_BEST = 5


class Menus:
    """Open what a right click offers."""

    def __init__(
        self, state: State, parent: MainWindow, review: Review, words: Words, rank: Rank
    ) -> None:
        self._state, self._parent, self._review, self._words = state, parent, review, words
        self._rank = rank

    def shape(self, shape: Shape | None, at: QPoint) -> None:
        """Offer what can be done with a shape, at a place on the screen."""
        if shape is None or shape.kind is Kind.PREVIEW:
            return
        if shape.kind is Kind.SUGGESTION:
            self._rank(shape, lambda ranked: self._suggestion(shape, ranked, at))
            return
        menu = self._menu()
        self._review.select(shape.key)
        menu.addAction(tr("Delete"), self._review.delete)
        words = menu.addMenu(tr("Word"))
        for row in self._state.words:
            words.addAction(row.name, self._relabelling(row.id))
        self._open(menu, at)

    def _suggestion(self, shape: Shape, ranked: Ranked, at: QPoint) -> None:
        """Offer to accept a suggestion as its word or as the next best of its region."""
        menu = self._menu()
        menu.addAction(tr("Accept"), lambda: self._review.accept(shape))
        others = [(number, score) for number, score in ranked if number != shape.class_id]
        for number, score in others[:NEXT_BEST]:
            row = self._state.word_of(number)
            if row is not None:
                text = tr("Accept as {word}", word=row.name)
                menu.addAction(f"{text}  {score_text(score)}", self._accepting(shape, number))
        menu.addSeparator()
        menu.addAction(tr("Reject"), lambda: self._review.reject(shape))
        self._open(menu, at)

    def _accepting(self, shape: Shape, number: int) -> Callable[[], None]:
        return lambda: self._review.accept_as(shape, number)

    def word(self, class_id: int, at: QPoint) -> None:
        """Open everything that can be set of a word of the project, at a place on the screen."""
        settings, refusal = self._words.settings_of(class_id), self._state.refusal
        if settings is None:
            return
        keys = {digit: self._parent.key_of(f"word_{digit}") for digit in range(10)}
        editor = WordEditor(
            settings, threshold=self._state.threshold, keys=keys, parent=self._parent
        )
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.changed.connect(lambda chosen: self._words.change(class_id, chosen))
        editor.removed.connect(lambda: self._words.remove(class_id))
        if refusal:
            editor.refuse(refusal)
        editor.open()
        editor.move(at + QPoint(0, 8))

    def _menu(self) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        return menu

    def _open(self, menu: QMenu, at: QPoint) -> None:
        refusal = self._state.refusal
        if refusal:
            for action in menu.findChildren(QAction):
                action.setEnabled(False)
                action.setToolTip(refusal)
                action.setStatusTip(refusal)
        menu.popup(at)

    def _relabelling(self, class_id: int) -> Callable[[], None]:
        def relabel() -> None:
            self._review.relabel(class_id)

        return relabel
