"""What runs in the background: one line in the status bar, or how many with a list above it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.jobs import Task
from cascadeclip.app.panels.wording import time_left
from cascadeclip.app.theme import icon
from cascadeclip.app.translation import tr

BAR_WIDTH = 96


class TaskLine(QWidget):
    """Show one long job with its progress and a button that stops it.

    Signals: `cancelled` with the Task when it shall stop.
    """

    cancelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task: Task | None = None
        self._text = QLabel(self)
        self._text.setToolTip(tr("Job in the background"))
        self._text.setAccessibleDescription(tr("Job in the background"))
        self._bar = QProgressBar(self)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Job progress"))
        self.cancel_button = QToolButton(self)
        self.cancel_button.setIcon(icon("close"))
        self.cancel_button.setAutoRaise(True)
        self.cancel_button.setToolTip(tr("Cancel the job"))
        self.cancel_button.clicked.connect(lambda: self.cancelled.emit(self.task))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self.cancel_button)

    @property
    def text(self) -> str:
        """Give what is said of the job."""
        return self._text.text()

    def show_task(self, task: Task) -> None:
        """Show how far a job is."""
        self.task = task
        text = f"{task.title} {task.done:,}/{task.total:,}" if task.total else task.title
        left, stopping = task.seconds_left(), task.stop.is_set()
        self._text.setText(
            tr("stopping {title}", title=task.title)
            if stopping
            else text + (f", {time_left(left)}" if left else "")
        )
        self.cancel_button.setEnabled(not stopping)
        # Of several buttons that look the same, who only hears them must know which is which.
        self.cancel_button.setAccessibleName(tr("Cancel: {title}", title=task.title))
        self._bar.setRange(0, task.total)
        self._bar.setValue(task.done)


class TaskList(QWidget):
    """Show every long job: one in the bar itself, several behind a button that says how many.

    Signals: `cancelled` with the Task that shall stop.
    """

    cancelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = TaskLine(self)
        self.line.cancelled.connect(self.cancelled)
        self.button = QToolButton(self)
        self.button.setAutoRaise(True)
        self.button.setArrowType(Qt.ArrowType.UpArrow)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip(tr("Show what runs in the background"))
        self.button.clicked.connect(self._open)
        self._sheet = QFrame(self, Qt.WindowType.Popup)
        self._sheet.setProperty("card", True)
        self._rows = QVBoxLayout(self._sheet)
        self._rows.setContentsMargins(8, 8, 8, 8)
        self.lines: list[TaskLine] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        layout.addWidget(self.button)
        self.show_tasks(())

    def show_tasks(self, tasks: Sequence[Task]) -> None:
        """Show these jobs, the oldest first."""
        several = len(tasks) > 1
        self.line.setVisible(len(tasks) == 1)
        self.button.setVisible(several)
        self.button.setText(tr("{count} jobs", count=len(tasks)))
        if len(tasks) == 1:
            self.line.show_task(tasks[0])
        self._show_lines(tasks if several else ())
        if not several:
            self._sheet.hide()

    def _show_lines(self, tasks: Sequence[Task]) -> None:
        while len(self.lines) > len(tasks):
            gone = self.lines.pop()
            self._rows.removeWidget(gone)
            gone.deleteLater()
        while len(self.lines) < len(tasks):
            line = TaskLine(self._sheet)
            line.cancelled.connect(self.cancelled)
            self._rows.addWidget(line)
            self.lines.append(line)
        for line, task in zip(self.lines, tasks, strict=True):
            line.show_task(task)
        if self._sheet.isVisible():
            self._place()

    def _open(self) -> None:
        self._place()
        self._sheet.show()

    def _place(self) -> None:
        self._sheet.adjustSize()
        corner = self.button.mapToGlobal(QPoint(self.button.width(), 0))
        self._sheet.move(corner - QPoint(self._sheet.width(), self._sheet.height()))
