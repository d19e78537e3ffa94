"""How fast the image is: frames, strokes, switches, a long list, the start, memory.

    python benchmarks/canvas.py [--part NAME ...] [--labelme PATH_TO_PYTHON] [--json]

Every part is a process of its own that drives the real window with real mouse and wheel events, in
a home of its own. A frame is the time from sending an event until the event loop has nothing left
to paint. `cpu` is what the GUI thread itself computed, which other work on the machine does not
change. Parts:

- frames: 2,000 masks on an image of 6,000 x 6,000; the view is dragged about and the wheel turned.
- stroke: a long brush stroke there, from edge to edge.
- switch: 40 images of 12 megapixels, one after the other, with a pause to look at each.
- list: a project of 100,000 images, from opening it to its list.
- start: the window, from the start of Python to the first paint; whether torch was imported.
- memory: 2,000 switches between small images in the window; resident at a tenth and at the end.
- large: an image of 100 megapixels with 40 masks as wide as a third of it; resident, without model.

With `--labelme` the same is asked of labelme in a Python where it is installed, as far as it can
do it; it gets the same image, the same outlines and the same events.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

SIDE, MASKS, SEED = 6000, 2000, 5
PAN_STEPS, WHEEL_STEPS, STROKE_STEPS = 300, 120, 600
SWITCHES, LOOK_SECONDS = 30, 0.8
LISTED = 100_000
TURNS = 2000
STARTS = 5
WINDOW = (1600, 1000)
LIMITS = {
    ("frames", "pan", "p95"): 1000 / 60,
    ("frames", "zoom", "p95"): 1000 / 60,
    ("stroke", "move", "p99"): 16.0,
    ("switch", "switch", "p95"): 100.0,
    ("list", "list", "ms"): 1000.0,
    ("start", "start", "p50"): 1500.0,
    ("memory", "memory", "growth"): 1.05,
    ("large", "large", "resident_mib"): 1536.0,
}
Figures = dict[str, dict[str, float]]


def figures(seconds: Sequence[float], cpu: float = 0.0) -> dict[str, float]:
    """Return percentiles in milliseconds, and the CPU time of the GUI thread for each."""
    values = np.asarray(seconds) * 1000
    found = {f"p{share}": float(np.percentile(values, share)) for share in (50, 95, 99)}
    return found | {"max": float(values.max()), "count": len(values), "cpu": cpu}


def outlines() -> list[np.ndarray]:
    """Make the outlines of the masks: rough rounds of 24 corners, anywhere on the image."""
    rng = np.random.default_rng(SEED)
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    made = []
    for _ in range(MASKS):
        radius = rng.uniform(25, 70)
        reach = radius * rng.uniform(0.6, 1.0, len(turn))
        middle = rng.uniform(radius + 1, SIDE - radius - 2, 2)
        made.append(middle + np.stack((reach * np.cos(turn), reach * np.sin(turn)), axis=1))
    return made


def write_image(path: Path, height: int, width: int, seed: int = 0) -> None:
    """Write a JPEG with soft colours and some grain."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (24, 24, 3), dtype=np.uint8)
    pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 24, (256, 256, 1), dtype=np.uint8)
    tiled = np.tile(grain, (-(-height // 256), -(-width // 256), 1))[:height, :width]
    cv2.imwrite(str(path), cv2.add(pixels, np.repeat(tiled, 3, axis=2)))


def make_masks(folder: Path, height: int, width: int, lines: Sequence[np.ndarray]) -> None:
    """Make a project of one image with a mask for each outline."""
    from cascadeclip.core import masks
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.annotations import Merge

    folder.mkdir()
    write_image(folder / "image.jpg", height, width)
    with Project.create(folder) as project:
        image = project.images.add(folder / "image.jpg")
        words = [project.classes.add(f"word {at}").id for at in range(10)]
        added = []
        for at, line in enumerate(lines):
            corners = np.rint(line).astype(np.int32)
            left, top = corners.min(axis=0)
            right, bottom = corners.max(axis=0)
            part = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
            cv2.fillPoly(part, [corners - (left, top)], 1)
            rle = masks.encode_part(
                part.astype(bool), top=int(top), left=int(left), height=height, width=width
            )
            added.append((words[at % len(words)], rle))
        project.annotations.merge([Merge(image.id, (), tuple(added))], name="masks")


class Hand:
    """Move mouse and wheel over a widget, and time what the window makes of it."""

    def __init__(self, widget: object) -> None:
        from PySide6.QtWidgets import QApplication

        self.widget = widget
        self._application = QApplication

    def timed(self, events: Sequence[object]) -> dict[str, float]:
        """Send events one by one, each followed by all the painting it asks for."""
        taken, begun = [], time.thread_time()
        for event in events:
            start = time.perf_counter()
            self._application.sendEvent(self.widget, event)
            self._application.processEvents()
            taken.append(time.perf_counter() - start)
        return figures(taken, 1000 * (time.thread_time() - begun) / len(events))

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


def part_frames(home: Path) -> Figures:
    """Pan and zoom over 2,000 masks."""
    from ui_latency import spin

    make_masks(home / "project", SIDE, SIDE, outlines())
    assembly = open_window(home, home / "project")
    canvas = assembly.window.canvas
    spin(lambda: len(canvas.shapes) == MASKS, 60)
    hand, places = Hand(canvas), round_trip(canvas.width(), canvas.height(), PAN_STEPS)
    found = {}
    canvas.zoom_by(4)
    spin(lambda: False, 0.3)
    found["pan"] = hand.drag(places, "MiddleButton")
    canvas.fit_image()
    spin(lambda: False, 0.3)
    found["zoom"] = hand.timed(wheels(hand, canvas.width(), canvas.height()))
    spin(lambda: False, 0.3)
    found["hover"] = hand.timed([hand.mouse("MouseMove", x, y) for x, y in places])
    assembly.window.close()
    return found


def wheels(hand: object, width: int, height: int) -> list[object]:
    """Turn the wheel in, a third as far out, in again ..., where the curve is."""
    places = round_trip(width, height, WHEEL_STEPS)
    turns = [120 if step % 20 < 12 else -120 for step in range(WHEEL_STEPS)]
    return [hand.wheel(turn, x, y) for turn, (x, y) in zip(turns, places, strict=True)]


def part_stroke(home: Path) -> Figures:
    """Paint on an image of 6,000 x 6,000 that has 2,000 masks."""
    from ui_latency import spin

    make_masks(home / "project", SIDE, SIDE, outlines())
    assembly = open_window(home, home / "project")
    canvas = assembly.window.canvas
    spin(lambda: len(canvas.shapes) == MASKS, 60)
    assembly.words.choose(assembly.state.words[0].id)
    assembly.do("brush")
    hand, places = Hand(canvas), round_trip(canvas.width(), canvas.height(), STROKE_STEPS)
    found = {}
    for name, size, zoom in (("move", 120, 1.0), ("move, close", 60, 4.0)):
        canvas.set_brush(size=size)
        canvas.zoom_by(zoom)
        spin(lambda: False, 0.3)
        found[name] = hand.drag(places, "LeftButton")
        spin(assembly.jobs.idle, 60)
    assembly.window.close()
    return found


def part_switch(home: Path) -> Figures:
    """Open one image after the other, each after a look at the one before."""
    from ui_latency import spin

    from cascadeclip.core.project import Project

    folder = home / "project"
    folder.mkdir()
    for number in range(SWITCHES + 2):
        write_image(folder / f"{number:03}.jpg", 3000, 4000, number)
    with Project.create(folder) as project:
        project.images.add_many(sorted(folder.glob("*.jpg")))
    assembly = open_window(home, folder)
    taken = []
    for _ in range(SWITCHES):
        spin(lambda: False, LOOK_SECONDS)
        spin(assembly.jobs.idle, 60)
        before, start = assembly.state.image.id, time.perf_counter()
        assembly.do("next")
        attend(lambda before=before: assembly.state.image.id != before)
        taken.append(time.perf_counter() - start)
    assembly.window.close()
    return {"switch": figures(taken)}


def part_list(home: Path) -> Figures:
    """List 100,000 images."""
    from PIL import Image
    from store import MASK, fill

    from cascadeclip.core.project import Project

    empty, folder = home / "empty", home / "project"
    for one in (empty, folder):
        one.mkdir()
        Image.new("RGB", (640, 480)).save(one / "first.png")
    with Project.create(folder) as project:
        first, word = project.images.add(folder / "first.png"), project.classes.add("cat")
        project.annotations.add(first.id, word.id, MASK)
        fill(project, LISTED, LISTED)
    assembly = open_window(home, empty)
    project, start = Project.open(folder), time.perf_counter()
    assembly.library.use(project)
    attend(lambda: assembly.window.images.model.rowCount() >= LISTED)
    taken = 1000 * (time.perf_counter() - start)
    rows = assembly.window.images.model.rowCount()
    assembly.window.close()
    return {"list": {"ms": taken, "rows": rows}}


STARTER = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
application = QApplication(sys.argv[:1])
class First(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if not self.seen and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            if isinstance(watched.window(), QMainWindow):
                self.seen = True
                QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        print(time.monotonic() - float(sys.argv[1]), "torch" in sys.modules, flush=True)
        application.closeAllWindows()
        application.quit()
first = First()
application.installEventFilter(first)
from cascadeclip.app.main import main
main([])
"""


def part_start(home: Path) -> Figures:
    """Start the program some times; the first, which reads from the disk, does not count."""
    taken, torch, begun = [], 0, 0.0
    for turn in range(STARTS + 1):
        if turn == 1:
            begun = _children()
        child = subprocess.run(
            [sys.executable, "-c", STARTER, str(time.monotonic())],
            check=True, capture_output=True, text=True, env=os.environ | {"HOME": str(home)},
        )  # fmt: skip
        seconds, imported = child.stdout.split()
        taken.append(float(seconds))
        torch += imported == "True"
    return {"start": figures(taken[1:], 1000 * (_children() - begun) / STARTS) | {"torch": torch}}


def _children() -> float:
    """Give the seconds that ended child processes have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def part_memory(home: Path) -> Figures:
    """Switch between a few small images 2,000 times in the real window with the bundled model."""
    from memory import resident
    from ui_latency import make_project, spin

    make_project(home / "project", 8, 512)
    assembly = open_window(home, home / "project", engine=True)
    spin(lambda: assembly.state.engine is not None and assembly.jobs.idle(), 120)
    early = 0.0
    for turn in range(TURNS):
        before = assembly.state.image.id
        assembly.images.open(turn % 8 if turn % 8 != assembly.images.position else (turn + 1) % 8)
        attend(lambda before=before: assembly.state.image.id != before)
        if turn == TURNS // 10:
            early = resident()["resident_mib"]
    spin(assembly.jobs.idle, 60)
    late = resident()["resident_mib"]
    assembly.window.close()
    return {"memory": {"early_mib": early, "late_mib": late, "growth": late / early}}


def part_large(home: Path) -> Figures:
    """Show an image of 100 megapixels with 40 large masks, zoom in and out, select one."""
    from memory import resident
    from ui_latency import spin

    height, width = 8660, 11548
    rng = np.random.default_rng(SEED)
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    lines = []
    for _ in range(40):
        reach = rng.uniform(1300, 1900, len(turn))
        middle = rng.uniform(2000, (width - 2000, height - 2000), 2)
        lines.append(middle + np.stack((reach * np.cos(turn), reach * np.sin(turn)), axis=1))
    make_masks(home / "project", height, width, lines)
    bare = resident()["resident_mib"]
    assembly = open_window(home, home / "project")
    canvas = assembly.window.canvas
    spin(lambda: len(canvas.shapes) == 40 and assembly.jobs.idle(), 120)
    opened = resident()
    hand = Hand(canvas)
    zoom = hand.timed(wheels(hand, canvas.width(), canvas.height()))
    canvas.actual_size()
    pan = hand.drag(round_trip(canvas.width(), canvas.height(), PAN_STEPS), "MiddleButton")
    assembly.review.select(canvas.shapes[0].key)
    spin(lambda: False, 0.5)
    used = resident()
    assembly.window.close()
    return {
        "large": {
            "before_mib": bare,
            "resident_mib": used["resident_mib"],
            "peak_mib": max(opened["peak_mib"], used["peak_mib"]),
        },
        "zoom": zoom,
        "pan": pan,
    }


PARTS: dict[str, Callable[[Path], Figures]] = {
    "frames": part_frames,
    "stroke": part_stroke,
    "switch": part_switch,
    "list": part_list,
    "start": part_start,
    "memory": part_memory,
    "large": part_large,
}


def in_a_child(command: Sequence[str]) -> Figures:
    """Run a part in a process and a home of its own, and read the figures it prints."""
    with tempfile.TemporaryDirectory() as home:
        places = {name: home for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        child = subprocess.run(
            [*command, home], env=os.environ | places, capture_output=True, text=True, check=False
        )
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{child.stderr[-4000:]}")
    found: Figures = json.loads(child.stdout.strip().splitlines()[-1])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, measure, print; exit code 1 where a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one")
    parser.add_argument("--labelme", metavar="PYTHON", help="a Python that has labelme")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("home", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.child:
        print(json.dumps(PARTS[options.child](Path(options.home))))
        return 0
    ours, peer = {}, {}
    for part in options.part or PARTS:
        ours[part] = in_a_child([sys.executable, __file__, "--child", part])
        if options.labelme:
            import canvas_peer

            if part in canvas_peer.PARTS:
                command = [options.labelme, str(HERE / "canvas_peer.py"), part]
                peer[part] = canvas_peer.measured(command)
    return report(ours, peer, as_json=options.json)


def report(ours: dict[str, Figures], peer: dict[str, Figures], *, as_json: bool) -> int:
    """Print the figures, and give the exit code."""
    over = [
        "/".join(place)
        for place, limit in LIMITS.items()
        if place[0] in ours and ours[place[0]][place[1]][place[2]] > limit
    ]
    if as_json:
        print(json.dumps({"cascadeclip": ours, "labelme": peer, "over": over}))
        return int(bool(over))
    for who, parts in (("cascadeclip", ours), ("labelme", peer)):
        for part, found in parts.items():
            for name, values in found.items():
                print(who, part, name, {key: round(value, 2) for key, value in values.items()})
    print("over the limit:", ", ".join(over) or "nothing")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
