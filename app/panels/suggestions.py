"""The suggestions of the open image, with the threshold and the button that takes them all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.shapes import Shape, score_text
from cascadeclip.app.panels.keyed import keyed, tip_of
from cascadeclip.app.panels.shapes import ShapeList
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import ClassRow

ACCEPT_ALL = mark("Make every suggestion on the screen a mask")


class SuggestionsPanel(QWidget):
    """List suggestions and set the threshold.

    The slider moves the threshold of all words, or of the one in `scope`. Signals: `chosen` and
    `wanted` with a shape; `threshold_moved` with 0..1; `threshold_dropped` with the class whose
    threshold shall be that of all words again; `accept_all`.
    """

    chosen = Signal(object)
    wanted = Signal(object)
    threshold_moved = Signal(float)
    threshold_dropped = Signal(int)
    accept_all = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = ShapeList(tr("Suggestions"), self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("threshold")
        self.slider.setRange(1, 99)
        self.slider.setToolTip(tr("How sure the model must be. Moving it infers nothing again."))
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._value = QLabel(self)
        self._value.setMinimumWidth(28)
        self.button = QPushButton(tr("Accept all"), self)
        self.button.setObjectName("accept_all")
        keyed(self.button, "accept_all", tr(ACCEPT_ALL))
        self._count, self._refusal = 0, ""
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        self.scope: int | None = None
        self._all = 0.5
        self._words: tuple[ClassRow, ...] = ()
        self.whose = self._scope_button()
        row.addWidget(self.whose)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        below = QHBoxLayout()
        below.setContentsMargins(12, 8, 12, 8)
        below.addWidget(self.button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addLayout(below)
        self.list.chosen.connect(self.chosen)
        self.list.wanted.connect(self.wanted)
        self.button.clicked.connect(self.accept_all)
        self.slider.valueChanged.connect(self._moved)

    def _scope_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("small", True)
        button.setObjectName("threshold_scope")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip(tr("Whose threshold the slider moves: all words or one of its own"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        menu.aboutToShow.connect(self._fill_menu)
        button.setMenu(menu)
        return button

    def show_threshold(self, threshold: float, words: tuple[ClassRow, ...] = ()) -> None:
        """Put the slider where the threshold of its word or of all (0..1) is, telling nobody."""
        self._all, self._words = threshold, words
        own = next((row.threshold for row in words if row.id == self.scope), None)
        if self.scope not in {row.id for row in words}:
            self.scope = None
        shown = threshold if own is None else own
        self.slider.blockSignals(True)
        self.slider.setValue(round(shown * 100))
        self.slider.blockSignals(False)
        self._value.setText(score_text(shown))
        name = next((row.name for row in words if row.id == self.scope), "")
        self.whose.setText(name or tr("All words"))
        self.whose.setAccessibleName(self.whose.text())
        self.slider.setAccessibleName(
            tr("Threshold of {name}", name=name) if name else tr("Threshold of all words")
        )

    def choose_scope(self, class_id: int | None) -> None:
        """Let the slider move the threshold of this word, of all words with None."""
        self.scope = class_id
        self.show_threshold(self._all, self._words)

    def _fill_menu(self) -> None:
        menu = self.whose.menu()
        menu.clear()
        menu.addAction(tr("All words"), lambda: self.choose_scope(None))
        menu.addSeparator()
        for row in self._words:
            if row.negative:
                continue
            own = "" if row.threshold is None else f"\t{score_text(row.threshold)}"
            menu.addAction(row.name + own, partial(self.choose_scope, row.id))
        if any(row.id == self.scope and row.threshold is not None for row in self._words):
            menu.addSeparator()
            menu.addAction(tr("As for all words"), self._drop)

    def _drop(self) -> None:
        if self.scope is not None:
            self.threshold_dropped.emit(self.scope)

    def show_suggestions(
        self, shapes: tuple[Shape, ...], pixels: Pixels | None, empty: str
    ) -> None:
        """List these suggestions; say `empty` when there are none."""
        self.list.show_shapes(shapes, pixels, empty)
        count = len(shapes)
        self._count = count
        self._enable()
        self.button.setText(tr("Accept all {count}", count=count) if count else tr("Accept all"))

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing can be accepted; empty when it can."""
        self._refusal = sentence
        self.button.setToolTip(sentence or tip_of(self.button))
        self._enable()

    def _enable(self) -> None:
        self.button.setEnabled(self._count > 0 and not self._refusal)

    def _moved(self, value: int) -> None:
        self._value.setText(score_text(value / 100))
        self.threshold_moved.emit(value / 100)
