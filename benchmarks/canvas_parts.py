"""The parts of `benchmarks/canvas.py`: each drives the real window in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from canvas_hand import Hand, attend, figures, open_window, round_trip, wheels
from canvas_input import SEED, SIDE, make_masks, outlines, write_image

PAN_STEPS, STROKE_STEPS = 300, 600
SWITCHES, LOOK_SECONDS = 30, 0.8
LISTED = 100_000
TURNS, LARGE_TURNS, FEW = (0, 200, 1000, 2000), (0, 10, 50), 8
STARTS = 5
Figures = dict[str, dict[str, float]]

STARTER = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
application = QApplication(sys.argv[:1])
begun, found = float(sys.argv[1]), {}
class First(QObject):
    def eventFilter(self, watched, event):
        if not found and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            if isinstance(watched.window(), QMainWindow):
                found["torch"] = 0.0
                self.window = watched.window()
                QTimer.singleShot(0, self.seen)
        return False
    def seen(self):
        found.update(visible=time.monotonic() - begun, visible_cpu=time.process_time())
        found["torch"] = float("torch" in sys.modules)
        self.wait()
    def wait(self):
        if self.window.actions_table is None:
            QTimer.singleShot(0, self.wait)
            return
        found.update(ready=time.monotonic() - begun, ready_cpu=time.process_time())
        print(json.dumps(found), flush=True)
        application.closeAllWindows()
        application.quit()
first = First()
application.installEventFilter(first)
from cascadeclip.app.main import main
main(sys.argv[2:])
"""


def part_frames(home: Path, count: int) -> Figures:
    """Pan and zoom over so many masks."""
    from ui_latency import spin

    make_masks(home / "project", SIDE, SIDE, outlines(count))
    assembly = open_window(home, home / "project")
    canvas = assembly.window.canvas
    spin(lambda: len(canvas.shapes) == count, 60)
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


def part_stroke(home: Path, count: int) -> Figures:
    """Paint on an image of 6,000 x 6,000 that has so many masks."""
    from ui_latency import spin

    make_masks(home / "project", SIDE, SIDE, outlines(count))
    assembly = open_window(home, home / "project")
    canvas = assembly.window.canvas
    spin(lambda: len(canvas.shapes) == count, 60)
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


def write_photographs(folder: Path, count: int) -> None:
    """Write so many images of 12 megapixels."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        write_image(folder / f"{number:03}.jpg", 3000, 4000, number)


def part_switch(home: Path, count: int) -> Figures:
    """Open one image after the other, each after a look at the one before."""
    from ui_latency import spin

    from cascadeclip.core.project import Project

    folder = home / "project"
    write_photographs(folder, SWITCHES + 2)
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


def part_list(home: Path, count: int) -> Figures:
    """List 100,000 images: when the first rows are there, and when all are, in order."""
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
    rows = assembly.window.images.model.rowCount
    project, start, begun = Project.open(folder), time.perf_counter(), time.process_time()
    assembly.library.use(project)
    attend(lambda: rows() > 1)
    first_rows = 1000 * (time.perf_counter() - start)
    attend(lambda: rows() >= LISTED)
    taken, cpu = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - begun)
    listed = rows()
    assembly.window.close()
    return {"list": {"first_ms": first_rows, "ms": taken, "cpu": cpu, "rows": listed}}


def part_start(home: Path, count: int) -> Figures:
    """Start the program some times, on the start page and on a project of small images.

    The first start of each, which reads from the disk, does not count. `cpu` is user and system.
    """
    from ui_latency import make_project

    make_project(home / "project", 4, 256)
    found = {}
    for name, arguments in (("start", []), ("start, project", [str(home / "project")])):
        starts = [_started(home, arguments) for _ in range(STARTS + 1)][1:]
        visible, ready = ([one[key] for one in starts] for key in ("visible", "ready"))
        cpu = 1000 * float(np.median([one["visible_cpu"] for one in starts]))
        found[name] = figures(visible, cpu) | {"torch": max(one["torch"] for one in starts)}
        cpu = 1000 * float(np.median([one["ready_cpu"] for one in starts]))
        found[f"{name}, all there"] = figures(ready, cpu)
    return found


def _started(home: Path, arguments: list[str]) -> dict[str, float]:
    """Start the program once; return its seconds until it is seen and until all is there."""
    child = subprocess.run(
        [sys.executable, "-c", STARTER, str(time.monotonic()), *arguments],
        check=True, capture_output=True, text=True, env=os.environ | {"HOME": str(home)},
    )  # fmt: skip
    found: dict[str, float] = json.loads(child.stdout.splitlines()[0])
    return found


def part_memory(home: Path, count: int) -> Figures:
    """Switch images in the real window with the bundled model, and see what stays resident.

    2,000 times between a few small ones, then 50 times between 12 of 12 megapixels; the later is
    held against the earlier, when all caches are full.
    """
    from ui_latency import make_project, spin

    make_project(home / "project", FEW, 256)
    assembly = open_window(home, home / "project", engine=True)
    spin(lambda: assembly.state.engine is not None and assembly.jobs.idle(), 120)
    small = _switched(assembly, TURNS, FEW)
    folder = home / "photographs"
    write_photographs(folder, 12)
    spin(assembly.jobs.idle, 120)
    assembly.library.open(folder)
    spin(lambda: assembly.images.count == 12 and assembly.jobs.idle(), 120)
    large = _switched(assembly, LARGE_TURNS, 12)
    assembly.window.close()
    return {"memory": small, "memory, large": large}


def _switched(assembly: object, turns: tuple[int, ...], images: int) -> dict[str, float]:
    """Go round so many images; return MiB after some turns, and the last over the second."""
    from memory import resident

    found, start = {}, time.perf_counter()
    for turn in range(turns[-1] + 1):
        if turn in turns:
            found[f"at_{turn}"] = resident()["resident_mib"]
        before = assembly.state.image.id
        assembly.images.open((assembly.images.position + 1) % images)
        attend(lambda before=before: _shown(assembly) not in (None, before))
    values = list(found.values())
    return found | {
        "growth": values[-1] / values[1],
        "seconds": time.perf_counter() - start,
    }


def _shown(assembly: object) -> int | None:
    image = assembly.state.image
    return None if image is None else image.id


def part_large(home: Path, count: int) -> Figures:
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
    large = {
        "before_mib": bare,
        "resident_mib": used["resident_mib"],
        "peak_mib": max(opened["peak_mib"], used["peak_mib"]),
    }
    return {"large": large, "zoom": zoom, "pan": pan}


PARTS: dict[str, Callable[[Path, int], Figures]] = {
    "frames": part_frames,
    "stroke": part_stroke,
    "switch": part_switch,
    "list": part_list,
    "start": part_start,
    "memory": part_memory,
    "large": part_large,
}
