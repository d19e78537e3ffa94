"""The status bar: which engine speaks and how fast, which image, which job, saved or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from cascadeclip.app.jobs import Task
from cascadeclip.app.panels.wording import milliseconds
from cascadeclip.app.theme import TROUBLE
from cascadeclip.app.translation import mark, tr
from cascadeclip.app.window.tasks import TaskList

BACKEND = mark("What runs the model, and on which device")
SAVED = mark("Every change is written at once")


class StatusBar(QStatusBar):
    """Show the small facts.

    Signals: `cancelled` with the Task that shall stop.
    """

    cancelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.engine = self._label(tr("Model and version"))
        self.device = self._label(tr(BACKEND))
        self.times = self._label(tr("Last encoding of an image and decoding of words"))
        self.tasks = TaskList(self)
        self.place = self._label(tr("Position of the open image"))
        self.pointer = self._label(tr("Image pixel under the pointer"))
        self.zoom = self._label(tr("Zoom"))
        self.saved = self._label(tr(SAVED))
        self._refusal = ""
        for widget in (self.engine, self.device, self.times):
            self.addWidget(widget)
        places = (self.pointer, self.place, self.zoom, self.saved)
        for part in (self.tasks, *places):
            self.addPermanentWidget(part)
        self.tasks.cancelled.connect(self.cancelled)
        self.show_writing(0)

    def show_engine(self, name: str, backend: str, why: str = "") -> None:
        """Show which model speaks and what runs it; `why`, on hover, says for what reason."""
        tip = f"{tr(BACKEND)}\n{why}" if why else tr(BACKEND)
        self.device.setToolTip(tip)
        self.device.setAccessibleDescription(tip)
        self.engine.setStyleSheet("")
        self.engine.setText(name)
        self.device.setText(backend)

    def show_trouble(self, sentence: str) -> None:
        """Show in red that no model speaks."""
        self.engine.setStyleSheet(f"color: {TROUBLE.name()}")
        self.engine.setText(tr("No model"))
        self.engine.setToolTip(sentence)
        self.device.setText("")
        self.times.setText("")

    def show_times(self, encode: float, decode: float) -> None:
        """Show the last times in milliseconds."""
        self.times.setText(
            tr(
                "encode {encode}  decode {decode}",
                encode=milliseconds(encode),
                decode=milliseconds(decode),
            )
        )

    def show_place(self, position: int | None, total: int, *, reading: bool = False) -> None:
        """Show which image of how many is open, or is still being read."""
        place = f"{position + 1}/{total}" if position is not None else ""
        self.place.setText(tr("reading {place}", place=place) if reading else place)

    def show_pointer(self, x: int, y: int, colour: tuple[int, int, int] | None = None) -> None:
        """Show the image pixel under the pointer and its red, green and blue of 0..255."""
        value = "  {} {} {}".format(*colour) if colour else ""
        self.pointer.setText(f"{x}, {y}{value}")

    def show_zoom(self, scale: float) -> None:
        """Show screen pixels per image pixel as per cent."""
        self.zoom.setText(f"{100 * scale:.0f} %")

    def show_writing(self, writes: int) -> None:
        """Show whether everything has reached the disk."""
        if not self._refusal:
            self.saved.setText(tr("saving") if writes else tr("saved"))

    def show_refusal(self, sentence: str) -> None:
        """Show that nothing can be changed, and why; empty when it can."""
        if sentence != self._refusal:
            self._refusal = sentence
            self.saved.setText(tr("read only") if sentence else tr("saved"))
            self.saved.setToolTip(sentence or tr(SAVED))
            self.saved.setAccessibleDescription(sentence or tr(SAVED))

    def show_tasks(self, tasks: Sequence[Task]) -> None:
        """Show the jobs that run."""
        self.tasks.show_tasks(tasks)

    def _label(self, tip: str) -> QLabel:
        label = QLabel(self)
        label.setToolTip(tip)
        label.setAccessibleDescription(tip)
        label.setContentsMargins(8, 2, 8, 2)
        return label
