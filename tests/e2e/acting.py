"""Somebody who works with the real window of a program that runs in the test."""

import traceback

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


class Person:
    """Do one thing after another, each as soon as the screen shows what it needs.

    After `patience` looks in vain the program is ended, and `trouble` says why and what was `seen`.
    """

    def __init__(self, *steps, patience=3000, seen=lambda: "nothing told"):
        self._steps = list(steps)
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)
        self._patience, self._seen = patience, seen
        self.trouble = ""

    def _look(self):
        self._patience -= 1
        try:
            ready, act = self._steps[0]
            if not filled() or not ready():
                left = len(self._steps)
                assert self._patience > 0, (
                    f"waited in vain for step {left} from the end: {self._seen()}"
                )
                return
            self._steps.pop(0)
            act()
        except Exception:  # noqa: BLE001 - told by the test once the window has gone
            self.trouble = traceback.format_exc()
            self._steps = []
        if not self._steps:
            self._timer.stop()
            window().close()


def filled():
    """Say whether the main window is more than the start page it begins as."""
    tops = QApplication.topLevelWidgets()
    mains = [top for top in tops if top.objectName() == "main" and top.isVisible()]
    return any(top.actions_table is not None for top in mains)


def window():
    """Return the main window that is on the screen."""
    tops = QApplication.topLevelWidgets()
    return next(top for top in tops if top.objectName() == "main" and top.isVisible())
