"""The menus of a right click: on a shape of the canvas, on a chip of the word field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QColorDialog, QInputDialog, QMenu, QWidget

from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.words import Words


class Menus:
    """Open what a right click offers."""

    def __init__(self, state: State, parent: QWidget, review: Review, words: Words) -> None:
        self._state, self._parent, self._review, self._words = state, parent, review, words

    def shape(self, shape: Shape | None, at: QPoint) -> None:
        """Offer what can be done with a shape, at a place on the screen."""
        if shape is None or shape.kind is Kind.PREVIEW:
            return
        menu = self._menu()
        if shape.kind is Kind.SUGGESTION:
            menu.addAction("Accept", lambda: self._review.accept(shape))
            menu.addAction("Reject", lambda: self._review.reject(shape))
        else:
            self._review.select(shape.key)
            menu.addAction("Delete", self._review.delete)
            words = menu.addMenu("Word")
            for row in self._state.words:
                words.addAction(row.name, self._relabelling(row.id))
        self._open(menu, at)

    def word(self, class_id: int, at: QPoint) -> None:
        """Offer what can be done with a word of the project."""
        menu = self._menu()
        menu.addAction("Change spelling...", lambda: self._change_phrases(class_id))
        menu.addAction("Change colour...", lambda: self._change_colour(class_id))
        menu.addSeparator()
        menu.addAction("Remove", lambda: self._words.remove(class_id))
        self._open(menu, at)

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

    def _change_phrases(self, class_id: int) -> None:
        dialog = QInputDialog(self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Word")
        dialog.setLabelText("Spellings, such as cat | kitten; -shadow makes a negative word:")
        dialog.setTextValue(self._words.text_of(class_id))
        dialog.textValueSelected.connect(lambda text: self._words.change_phrases(class_id, text))
        dialog.open()

    def _change_colour(self, class_id: int) -> None:
        row = self._state.word_of(class_id)
        dialog = QColorDialog(QColor(row.colour) if row else QColor(), self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(
            lambda colour: self._words.change_colour(class_id, colour.name())
        )
        dialog.open()
