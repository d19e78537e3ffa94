"""The training panel: where a run is, how it ended, and what to do with the new version."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.wording import time_left
from cascadeclip.app.presenters.training import Progress, Result

EXPLANATION = (
    "Retraining learns from your accepted and drawn masks of reviewed images. "
    "Mark images as reviewed with K, then choose Model > Retrain."
)


class LossCurve(QWidget):
    """Draw the loss of every step so far as one line; lower is better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(64)
        self.setAccessibleName("Loss over steps")
        self._losses: list[float] = []

    def show_losses(self, losses: list[float]) -> None:
        """Draw these losses."""
        self._losses = losses
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        if len(self._losses) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = min(self._losses), max(self._losses)
        room, height = self.width() - 4, self.height() - 8
        last = len(self._losses) - 1
        line = QPolygonF(
            [
                QPointF(2 + room * at / last, 4 + height * (high - loss) / ((high - low) or 1.0))
                for at, loss in enumerate(self._losses)
            ]
        )
        painter.setPen(QPen(self.palette().highlight().color(), 1.5))
        painter.drawPolyline(line)


class TrainingPanel(QWidget):
    """Show a run and its end.

    Signals: `started`, `cancelled`, `activated`, `kept` when a button is pressed.
    """

    started = Signal()
    cancelled = Signal()
    activated = Signal()
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began = 0.0
        self._phase = QLabel(EXPLANATION, self)
        self._phase.setWordWrap(True)
        self._steps = QLabel(self)
        self._steps.setProperty("quiet", True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Training progress")
        self._curve = LossCurve(self)
        self.cancel_button = self._button("Cancel", "Stop training; the model in use stays")
        self.start_button = self._button("Retrain", "Train on the reviewed images")
        self.start_button.setProperty("primary", True)
        self.table = _table(self)
        self._said = QLabel(self)
        self._said.setWordWrap(True)
        self.activate_button = self._button("Activate", "Use the new version from now on")
        self.keep_button = self._button("Keep the old one", "Go on with the model from before")
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._running_page())
        self.pages.addWidget(self._result_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.start_button.clicked.connect(self.started)
        self.cancel_button.clicked.connect(self.cancelled)
        self.activate_button.clicked.connect(self.activated)
        self.keep_button.clicked.connect(self.kept)
        self._show_idle()

    # The presenter's face

    def show_running(self, progress: Progress) -> None:
        """Show where the run is."""
        if not progress.step and not progress.losses and not self.cancel_button.isVisibleTo(self):
            self._began = time.monotonic()
        self.pages.setCurrentIndex(0)
        self.start_button.hide()
        self.cancel_button.show()
        self.cancel_button.setEnabled(not progress.stopping)
        self._phase.setText("Stopping" if progress.stopping else progress.phase.capitalize())
        self._bar.show()
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.step)
        self._steps.setText(self._step_text(progress))
        self._curve.setVisible(len(progress.losses) > 1)
        self._curve.show_losses(progress.losses)
        if progress.step == 1:
            self._began = time.monotonic()

    def show_result(self, result: Result) -> None:
        """Show before and after on the held-out images, and what can be done."""
        self._show_idle()
        self.pages.setCurrentIndex(1)
        used = result.version.active
        verdict = "The new version is in use" if used else "The old model stays in use"
        self._said.setText(f"<b>{verdict}</b>: {result.reason}")
        self.activate_button.setEnabled(not used)
        self.keep_button.setEnabled(used)
        rows = [("All words", result.before, result.after), *result.words]
        self.table.setRowCount(len(rows))
        for row, (word, before, after) in enumerate(rows):
            gain = None if before is None or after is None else after - before
            texts = [word, percent(before), percent(after), percent(gain, signed=True)]
            for column, text in enumerate(texts):
                self.table.setItem(row, column, _item(text, column=column, bold=row == 0))

    def show_failed(self, sentence: str) -> None:
        """Show why there is no new version."""
        self._show_idle()
        self._phase.setText(sentence)

    def show_decided(self, sentence: str) -> None:
        """Show what was decided about the new version."""
        self._said.setText(sentence)

    # Inside

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setObjectName(text.lower().replace(" ", "_"))
        return button

    def _running_page(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        for widget in (self._phase, self._bar, self._steps, self._curve):
            layout.addWidget(widget)
        layout.addWidget(self.start_button)
        layout.addWidget(self.cancel_button)
        layout.addStretch(1)
        return page

    def _result_page(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._said)
        layout.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.activate_button)
        buttons.addWidget(self.keep_button)
        layout.addLayout(buttons)
        return page

    def _show_idle(self) -> None:
        self.pages.setCurrentIndex(0)
        self._phase.setText(EXPLANATION)
        self._steps.setText("")
        self._bar.hide()
        self._curve.hide()
        self.cancel_button.hide()
        self.start_button.show()

    def _step_text(self, progress: Progress) -> str:
        if not progress.total:
            return ""
        text = f"Step {progress.step} of {progress.total}"
        if progress.losses:
            text += f", loss {progress.losses[-1]:.3f}"
        if progress.step > 1:
            pace = (time.monotonic() - self._began) / (progress.step - 1)
            text += f", {time_left(pace * (progress.total - progress.step))}"
        return text


def percent(value: float | None, *, signed: bool = False) -> str:
    """Write 0..1 as per cent with one digit; a dash when it is not known."""
    if value is None:
        return "-"
    return f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}"


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, 4, parent)
    table.setHorizontalHeaderLabels(["mIoU, %", "Before", "After", "Gain"])
    table.setAccessibleName("Before and after")
    table.setToolTip("Measured before and after on the same images, which training never saw")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2, 3):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    return table


def _item(text: str, *, column: int, bold: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    font = item.font()
    font.setBold(bold)
    item.setFont(font)
    return item
