"""What `benchmarks/canvas.py` asks of labelme 6, driven through its own window.

Runs in a Python that has labelme: `canvas_peer.py PART INPUT`, where INPUT is a folder that
`write_input` has filled. It prints one line of JSON. The wheel zooms there with Ctrl held.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PARTS = ("frames", "switch", "list", "start")
WINDOW = (1600, 1000)
LINKS = 20_000
PAN_STEPS, WHEEL_STEPS, SWITCHES, LOOK_SECONDS = 20, 20, 12, 0.8

STARTER = """
import os, sys, time
from PyQt5.QtCore import QEvent, QObject, QTimer
from PyQt5.QtWidgets import QApplication, QMainWindow, QWidget
application = QApplication(sys.argv[:1])
class First(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if not self.seen and event.type() == QEvent.Paint and isinstance(watched, QWidget):
            if isinstance(watched.window(), QMainWindow):
                self.seen = True
                QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        print(time.monotonic() - float(sys.argv[1]), flush=True)
        os._exit(0)  # what it does at its end, once an illegal instruction, is not asked
first = First()
application.installEventFilter(first)
from labelme.app import MainWindow
window = MainWindow()
window.show()
application.exec_()
"""


def measured(command: Sequence[str], masks: int) -> dict[str, dict[str, float]]:
    """Make the input of a part, run it, and read the figures it prints; none where it fails."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "input"
        folder.mkdir()
        write_input(command[-1], folder, masks)
        places = {name: home for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        child = subprocess.run(
            [*command, str(folder)],
            env=outside | places, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if child.returncode:
        print(f"{' '.join(command)} failed:\n{child.stderr[-4000:]}", file=sys.stderr)
        return {}
    found: dict[str, dict[str, float]] = json.loads(child.stdout.strip().splitlines()[-1])
    return found


def write_input(part: str, folder: Path, masks: int) -> None:
    """Write the images of a part, and for `frames` the same outlines as a file of labelme."""
    import canvas_input as given
    import canvas_parts as parts

    if part == "frames":
        given.write_image(folder / "image.jpg", given.SIDE, given.SIDE)
        shapes = [
            {
                "label": f"word {at % 10}",
                "points": line.tolist(),
                "group_id": None,
                "shape_type": "polygon",
                "flags": {},
            }
            for at, line in enumerate(given.outlines(masks))
        ]
        content = {
            "version": "5.0.0",
            "flags": {},
            "shapes": shapes,
            "imagePath": "image.jpg",
            "imageData": None,
            "imageHeight": given.SIDE,
            "imageWidth": given.SIDE,
        }
        (folder / "image.json").write_text(json.dumps(content), encoding="utf-8")
    elif part == "switch":
        parts.write_photographs(folder, SWITCHES + 2)
    elif part == "list":
        for number in range(parts.LISTED):
            # File systems allow some ten thousand names of one file.
            first = folder / f"{number - number % LINKS:06}.jpg"
            if number % LINKS:
                os.link(first, folder / f"{number:06}.jpg")
            else:
                given.write_image(first, 480, 640)


def figures(seconds: Sequence[float], cpu: float = 0.0) -> dict[str, float]:
    """Return percentiles in milliseconds, and the CPU time of the GUI thread for each."""
    import numpy as np

    values = np.asarray(seconds) * 1000
    found = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95, 99)}
    return found | {"max": float(values.max()), "count": len(values), "cpu": cpu}


def open_window(place: Path):  # noqa: ANN201 - a class of labelme
    """Show labelme's window on a file or folder."""
    from labelme.app import MainWindow
    from PyQt5.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    start = time.perf_counter()
    window = MainWindow(file_or_dir=str(place))
    window.resize(*WINDOW)
    window.show()
    for _ in range(20):
        application.processEvents()
    return application, window, 1000 * (time.perf_counter() - start)


def rest(application, seconds: float) -> None:  # noqa: ANN001 - of PyQt5
    """Run the event loop for a while."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        application.processEvents()
        time.sleep(0.001)


def timed(application, widget, events) -> dict[str, float]:  # noqa: ANN001 - of PyQt5
    """Send events one by one, each followed by all the painting it asks for."""
    taken, begun = [], time.thread_time()
    for event in events:
        start = time.perf_counter()
        application.sendEvent(widget, event)
        application.processEvents()
        taken.append(time.perf_counter() - start)
    return figures(taken, 1000 * (time.thread_time() - begun) / len(events))


def part_frames(folder: Path) -> dict[str, dict[str, float]]:
    """Pan and zoom over 2,000 polygons."""
    import numpy as np
    from labelme.widgets.canvas import Canvas
    from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
    from PyQt5.QtGui import QMouseEvent, QWheelEvent

    application, window, _ = open_window(folder / "image.json")
    canvas = window.findChild(Canvas)
    view = canvas.parentWidget()

    def places(steps: int) -> list[tuple[float, float]]:
        turn = np.linspace(0, 6 * np.pi, steps)
        x = view.width() * (0.5 + 0.4 * np.cos(turn))
        y = view.height() * (0.5 + 0.4 * np.sin(1.7 * turn))
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def wheel(turns: int, x: float, y: float, held=Qt.ControlModifier):  # noqa: ANN001, ANN202
        at = QPointF(canvas.mapFrom(view, QPoint(int(x), int(y))))
        globally = QPointF(canvas.mapToGlobal(at.toPoint()))
        return QWheelEvent(
            at, globally, QPoint(), QPoint(0, turns), Qt.NoButton, held, Qt.NoScrollPhase, False
        )

    zoomed = []
    begun = time.thread_time()
    for step, (x, y) in enumerate(places(WHEEL_STEPS)):
        event = wheel(120 if step % 20 < 12 else -120, x, y)
        start = time.perf_counter()
        application.sendEvent(canvas, event)
        application.processEvents()
        zoomed.append(time.perf_counter() - start)
    zoom = figures(zoomed, 1000 * (time.thread_time() - begun) / len(zoomed))
    # The view scrolls where the image is larger than it, as it is after this zoom.
    panned, begun = [], time.thread_time()
    for step in range(PAN_STEPS):
        event = wheel(-40 if step % 100 < 50 else 40, view.width() / 2, 200, Qt.NoModifier)
        start = time.perf_counter()
        application.sendEvent(canvas, event)
        application.processEvents()
        panned.append(time.perf_counter() - start)
    pan = figures(panned, 1000 * (time.thread_time() - begun) / len(panned))
    hover = timed(
        application,
        canvas,
        [
            QMouseEvent(
                QEvent.MouseMove,
                QPointF(canvas.mapFrom(view, QPoint(int(x), int(y)))),
                Qt.NoButton,
                Qt.NoButton,
                Qt.NoModifier,
            )
            for x, y in places(PAN_STEPS)
        ],
    )
    return {"pan": pan, "zoom": zoom, "hover": hover, "shapes": {"count": len(canvas.shapes)}}


def part_switch(folder: Path) -> dict[str, dict[str, float]]:
    """Open one image after the other, each after a look at the one before."""
    application, window, _ = open_window(folder)
    taken = []
    for _ in range(SWITCHES):
        rest(application, LOOK_SECONDS)
        start = time.perf_counter()
        window._open_next_image()
        application.processEvents()
        taken.append(time.perf_counter() - start)
    return {"switch": figures(taken)}


def part_list(folder: Path) -> dict[str, dict[str, float]]:
    """List 100,000 images of a folder."""
    _, window, taken = open_window(folder)
    return {"list": {"ms": taken, "rows": len(window.image_list)}}


def part_start(folder: Path) -> dict[str, dict[str, float]]:
    """Start the window some times; the first, which reads from the disk, does not count."""
    taken = []
    for _ in range(6):
        child = subprocess.run(
            [sys.executable, "-c", STARTER, str(time.monotonic())],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        taken.append(float(child.stdout.split()[0]))
    return {"start": figures(taken[1:])}


if __name__ == "__main__":
    run = {"frames": part_frames, "switch": part_switch, "list": part_list, "start": part_start}
    print(json.dumps(run[sys.argv[1]](Path(sys.argv[2]))), flush=True)
    os._exit(0)  # what its window asks when it is closed is nobody's business here
