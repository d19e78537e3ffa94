"""The dialog that accepts what the model is sure of on all images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from cascadeclip.app.panels.pieces import quiet_label, take_or_cancel
from cascadeclip.app.translation import tr
from cascadeclip.core.sweep import Found

if TYPE_CHECKING:
    from cascadeclip.core.project import ClassRow

Look = Callable[[float, int | None, Callable[[Found], None]], None]
PAUSE_MILLISECONDS = 200


class SweepDialog(QDialog):
    """Choose a word and a least score, see how many that are, accept them.

    Signals: `chosen` with what was found.
    """

    chosen = Signal(object)

    def __init__(
        self, words: Sequence[ClassRow], least: float, look: Look, parent: QWidget | None = None
    ) -> None:
        """Begin at the score `least` (0..1); `look` tells later what it finds."""
        super().__init__(parent)
        self.setObjectName("sweep_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Accept on all images"))
        self._look, self._open = look, True
        self._asked: tuple[float, int | None] | None = None
        self._found: Found | None = None
        self.word = QComboBox(self)
        self.word.setAccessibleName(tr("Word"))
        self.word.setMinimumWidth(260)
        self.word.addItem(tr("All words"), None)
        for row in words:
            if not row.negative:
                self.word.addItem(row.name, row.id)
        self.least = QSpinBox(self)
        self.least.setMinimumHeight(28)
        self.least.setAccessibleName(tr("Least score"))
        self.least.setRange(1, 100)
        self.least.setSuffix(" %")
        self.least.setValue(round(100 * least))
        self.said = quiet_label("", self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._ask)
        buttons, self.take = take_or_cancel(self, tr("Accept"), self._take)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(self._form())
        layout.addWidget(self.said)
        layout.addWidget(buttons)
        self.word.currentIndexChanged.connect(self._changed)
        self.least.valueChanged.connect(self._changed)
        self._changed()

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Word"), self.word)
        form.addRow(tr("Least score"), self.least)
        form.addRow("", quiet_label(tr("Reviewed images are left alone."), self))
        return form

    def done(self, result: int) -> None:
        """Close; what is still being counted is of no interest."""
        self._open = False
        self._pause.stop()
        super().done(result)

    def _changed(self) -> None:
        self._found = None
        self.take.setEnabled(False)
        self.said.setText(tr("Counting"))
        self._pause.start()

    def _ask(self) -> None:
        asked = self._asked = (self.least.value() / 100, self.word.currentData())
        self._look(*asked, lambda found: self._show(asked, found))

    def _show(self, asked: tuple[float, int | None], found: Found) -> None:
        if not self._open or asked != self._asked or self._pause.isActive():
            return
        self._found = found
        self.take.setEnabled(bool(found.groups))
        self.said.setText(
            tr(
                "{count} suggestions on {images} images would become masks.",
                count=found.suggestions,
                images=len(found.groups),
            )
        )

    def _take(self) -> None:
        if self._found is not None:
            self.chosen.emit(self._found)
            self.accept()
