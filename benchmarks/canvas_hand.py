"""Drive the real window with real events for `benchmarks/canvas.py`, and time what they do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

WHEEL_STEPS = 120
WINDOW = (1600, 1000)


def figures(seconds: Sequence[float], cpu: float = 0.0) -> dict[str, float]:
    """Return percentiles in milliseconds, and the CPU time of the GUI thread for each."""
    values = np.asarray(seconds) * 1000
    found = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95, 99)}
    return found | {"max": float(values.max()), "count": len(values), "cpu": cpu}


class Hand:
    """Move mouse and wheel over a widget, and time what the window makes of it."""

    def __init__(self, widget: object) -> None:
        from PySide6.QtWidgets import QApplication

        self.widget = widget
        self._application = QApplication

    def timed(self, events: Sequence[object]) -> dict[str, float]:
        """Send events one by one, each followed by all the painting it asks for.

        `alone_p95` leaves out the time in which the GUI thread waited for a core that others had.
        """
        from ui_latency import waited

        taken, alone, begun = [], [], time.thread_time()
        for event in events:
            queued, start = waited(), time.perf_counter()
            self._application.sendEvent(self.widget, event)
            self._application.processEvents()
            taken.append(time.perf_counter() - start)
            alone.append(taken[-1] - (waited() - queued))
        found = figures(taken, 1000 * (time.thread_time() - begun) / len(events))
        return found | {"alone_p95": figures(alone)["p95"], "alone_p99": figures(alone)["p99"]}

    def mouse(self, kind: str, x: float, y: float, button: str = "NoButton") -> object:
        """Make a mouse event at a place of the widget."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent

        at, one = QPointF(x, y), Qt.MouseButton[button]
        none = Qt.MouseButton.NoButton
        pressed = none if kind == "MouseButtonRelease" else one
        cause = none if kind == "MouseMove" else one
        place = self.widget.mapToGlobal(at)
        return QMouseEvent(
            QEvent.Type[kind], at, place, cause, pressed, Qt.KeyboardModifier.NoModifier
        )

    def wheel(self, turns: int, x: float, y: float) -> object:
        """Make an event of the wheel."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent

        at = QPointF(x, y)
        return QWheelEvent(
            at, self.widget.mapToGlobal(at), QPoint(), QPoint(0, turns), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip

    def drag(self, places: Sequence[tuple[float, float]], button: str) -> dict[str, float]:
        """Press, move along places, release; time the moves."""
        self.timed([self.mouse("MouseButtonPress", *places[0], button)])
        found = self.timed([self.mouse("MouseMove", x, y, button) for x, y in places[1:]])
        found["release"] = self.timed([self.mouse("MouseButtonRelease", *places[-1], button)])[
            "max"
        ]
        return found


def attend(until: Callable[[], bool], seconds: float = 60.0) -> None:
    """Run the event loop until something is true, to the millisecond, and all is painted."""
    from PySide6.QtWidgets import QApplication

    deadline = time.perf_counter() + seconds
    while not until() and time.perf_counter() < deadline:
        QApplication.processEvents()
        time.sleep(0.001)
    QApplication.processEvents()


def round_trip(width: int, height: int, steps: int) -> list[tuple[float, float]]:
    """Give places on a curve through most of a widget."""
    turn = np.linspace(0, 6 * np.pi, steps)
    x, y = width * (0.5 + 0.4 * np.cos(turn)), height * (0.5 + 0.4 * np.sin(1.7 * turn))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def wheels(hand: object, width: int, height: int) -> list[object]:
    """Turn the wheel in, a third as far out, in again ..., where the curve is."""
    places = round_trip(width, height, WHEEL_STEPS)
    turns = [120 if step % 20 < 12 else -120 for step in range(WHEEL_STEPS)]
    return [hand.wheel(turn, x, y) for turn, (x, y) in zip(turns, places, strict=True)]


def open_window(home: Path, folder: Path, *, engine: bool = False) -> object:
    """Show the real window on a project; without `engine` no model is loaded behind it."""
    from PySide6.QtWidgets import QApplication
    from ui_latency import spin

    from cascadeclip.app.presenters.library import Library
    from cascadeclip.app.theme import Theme
    from cascadeclip.app.window import place
    from cascadeclip.app.window.assembly import Assembly

    application = QApplication.instance() or QApplication(sys.argv[:1])
    Theme(application)
    place.data_folder = lambda: home / "data"
    if not engine:
        Library.load_engine = lambda self: None
    assembly = Assembly(version="benchmark")
    assembly.problems.install()
    assembly.window.resize(*WINDOW)
    assembly.window.show()
    assembly.library.open(folder)
    spin(lambda: assembly.state.image is not None and assembly.jobs.idle(), 120)
    return assembly
