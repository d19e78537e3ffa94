"""Show the window at once, and fill it once it has been painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

PATIENCE = 500
"""Milliseconds after which a window that nobody paints (shown as an icon, say) is filled."""


class Painted(QObject):
    """Call `then` once, as soon as `window` has been painted and the screen has it.

    What a person clicks meanwhile waits in the queue of events.
    """

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        self._waits = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._call)
        self._timer.start(PATIENCE)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the first painting, and let it end."""
        if self._waits and event.type() == QEvent.Type.Paint:
            self._waits = False
            self._window.removeEventFilter(self)
            self._timer.start(0)
        return False

    def _call(self) -> None:
        self._waits = False
        self._then()
