"""How late the window answers while the program works: by percentile, with the real window.

    python benchmarks/ui_latency.py [--seconds 60] [--phase NAME ...] [--where] [--json]

A project of generated scenes is opened with the bundled model in a home of its own. Another
process, which no lock of this one can hold up, writes the time into a pipe 200 times a second, as
a display server writes keys and clicks; the event loop reads the pipe, and the lateness of a beat
is the time from its writing to its reading. So a stall of a second makes 200 late beats, as long
as a person would have waited. Phases: images are opened and words typed; all images are
pre-labelled; the model is retrained; everything at once. Exit code 1 when the 99.9th percentile
of a phase is above the limit, 50 ms, or something that belongs to a phase was never done in it.

`--where` samples the stack of the GUI thread whenever a beat is late and prints what it was doing.
`waited_ms` is how long the GUI thread was ready and no core was free for it (Linux): on a machine
that others use too this is theirs as much as ours.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cascadeclip.app.theme import Theme
from cascadeclip.app.window import place
from cascadeclip.app.window.assembly import Assembly
from cascadeclip.core import masks
from cascadeclip.core.project import Project
from cascadeclip.core.scenes.demo import TRUTH, write_demo
from cascadeclip.core.values import Rle

LIMIT_MS = 50.0
BEAT_SECONDS = 0.005
LATE_SECONDS = 0.025
PERCENTILES = (50.0, 90.0, 99.0, 99.9)
STAMP = struct.Struct("d")
BEATER = """
import os, struct, sys, time
while True:
    try:
        os.write(int(sys.argv[1]), struct.pack("d", time.monotonic()))
    except BlockingIOError:
        pass
    time.sleep(float(sys.argv[2]))
"""
PHASES = ("images and words", "pre-labelling", "retraining", "all at once")
TYPED = "moon | lune, kitten, -shadow, blue car, houses"
KEY_MS, IMAGE_MS, LOOK_MS = 160, 1300, 300


class Beats(QObject):
    """Read the beats of the other process in the event loop and keep how late each was."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self.late: list[float] = []
        self.last = time.monotonic()
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._take)
        self._beater = subprocess.Popen(
            [sys.executable, "-S", "-c", BEATER, str(self._write), str(BEAT_SECONDS)],
            pass_fds=(self._write,),
        )

    def close(self) -> None:
        """End the other process."""
        self._beater.kill()
        self._beater.wait()
        self._notifier.setEnabled(False)
        os.close(self._read)
        os.close(self._write)

    def _take(self) -> None:
        stamps = os.read(self._read, 1 << 16)
        self.last = time.monotonic()
        self.late += [self.last - stamp for (stamp,) in STAMP.iter_unpack(stamps)]


class Where(threading.Thread):
    """Sample what the GUI thread does while a beat is late."""

    def __init__(self, beats: Beats) -> None:
        super().__init__(daemon=True)
        self._beats = beats
        self._gui = threading.main_thread().ident or 0
        self.seen: Counter[str] = Counter()
        self.on = False

    def run(self) -> None:
        """Look every few milliseconds for as long as the program runs."""
        while True:
            time.sleep(BEAT_SECONDS)
            if self.on and time.monotonic() - self._beats.last > LATE_SECONDS:
                self.seen[_stack(sys._current_frames().get(self._gui))] += 1


def _stack(frame: FrameType | None) -> str:
    names = []
    while frame is not None and len(names) < 5:
        code = frame.f_code
        names.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(names)


class Person:
    """Do in the window what a person does, all the time."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._timers: list[QTimer] = []
        self._key = 0
        self.counts: Counter[str] = Counter()
        self._threshold = 0.5

    def begin(self, phase: str) -> None:
        """Do what belongs to this phase from now on."""
        acts: dict[str, tuple[tuple[int, Callable[[], None]], ...]] = {
            PHASES[0]: ((KEY_MS, self._press), (IMAGE_MS, self._next)),
            PHASES[1]: ((LOOK_MS, self._prelabel),),
            PHASES[2]: ((LOOK_MS, self._retrain),),
        }
        acts[PHASES[3]] = tuple(act for some in acts.values() for act in some)
        self.counts.clear()
        for milliseconds, act in acts[phase]:
            timer = QTimer()
            timer.timeout.connect(act)
            timer.start(milliseconds)
            self._timers.append(timer)

    def end(self) -> None:
        """Leave everything and stop what runs."""
        for timer in self._timers:
            timer.stop()
        self._timers.clear()
        QTest.keyClick(self._assembly.window.words.field, Qt.Key.Key_Escape)
        for task in self._assembly.jobs.tasks:
            task.stop.set()
        self._assembly.training.cancel()

    def _press(self) -> None:
        field = self._assembly.window.words.field
        at = self._key % (len(TYPED) + 4)
        self._key += 1
        if at < len(TYPED):
            QTest.keyClicks(field, TYPED[at])
        elif at == len(TYPED):
            QTest.keyClick(field, Qt.Key.Key_Escape)
        self.counts["keys"] += 1

    def _next(self) -> None:
        images = self._assembly.images
        here = images.position
        images.open(0 if here is None or here + 1 >= images.total else here + 1)
        self.counts["images opened"] += 1

    def _prelabel(self) -> None:
        tasks = [task for task in self._assembly.jobs.tasks if "label" in task.title]
        if not tasks:
            # Another threshold, so that there is something to do again.
            self._threshold = 0.45 + (self._threshold + 0.01 - 0.45) % 0.1
            self._assembly.suggesting.set_threshold(self._threshold)
            self._assembly.batch.prelabel()
            self.counts["pre-labelling runs"] += 1

    def _retrain(self) -> None:
        if not self._assembly.training.running:
            self._assembly.training.start("quick")
            self.counts["retrainings"] += 1
        self.counts["training steps"] = max(
            self.counts["training steps"], self._assembly.training._progress.step
        )


def make_project(folder: Path, count: int, size: int) -> None:
    """Write `count` scenes of `size` pixels, half of them reviewed with their true masks."""
    write_demo(folder, seed=11, count=count, size=size, truth=True)
    truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    words = {one["id"]: one["name"] for one in truth["categories"]}
    with Project.open(folder) as project:
        rows = {Path(row.path).name: row for row in project.images.page(limit=count)}
        classes = {row.name: row.id for row in project.classes.all()}
        images = {one["id"]: rows[one["file_name"]] for one in truth["images"]}
        reviewed = {row.id for row in list(rows.values())[::2]}
        for one in truth["annotations"]:
            row, name = images[one["image_id"]], words[one["category_id"]]
            if row.id in reviewed and name in classes:
                height, width = one["segmentation"]["size"]
                rle = Rle(height, width, one["segmentation"]["counts"].encode("ascii"))
                project.annotations.add(row.id, classes[name], masks.decode(rle))
        for number in reviewed:
            project.images.set_status(number, "reviewed")


def spin(until: Callable[[], bool], seconds: float) -> bool:
    """Run the event loop until something is true; return whether it came true in time."""
    loop, deadline = QEventLoop(), time.monotonic() + seconds
    looker = QTimer()
    looker.timeout.connect(lambda: loop.quit() if until() or time.monotonic() > deadline else None)
    looker.start(50)
    loop.exec()
    return until()


def waited() -> float:
    """Return the seconds that this thread was ready and had no core so far; 0 where unknown."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def figures(late: Sequence[float]) -> dict[str, float]:
    """Return the percentiles and the maximum of lateness, in milliseconds."""
    if not late:
        return {"beats": 0}
    values = np.sort(np.asarray(late)) * 1000
    # Of n beats the p-th percentile is one that p % of them do not pass: never between two.
    places = {
        share: max(0, math.ceil(round(share * len(values) / 100, 6)) - 1) for share in PERCENTILES
    }
    found = {f"p{share:g}": float(values[place]) for share, place in places.items()}
    return found | {"max": float(values[-1]), "beats": len(values)}


def measure(
    assembly: Assembly, phases: Sequence[str], seconds: float, *, where: bool
) -> tuple[dict[str, dict[str, object]], Counter[str]]:
    """Go through the phases; return figures by phase and where the late beats were."""
    beats = Beats()
    watcher, person = Where(beats), Person(assembly)
    watcher.start()
    results: dict[str, dict[str, object]] = {}
    try:
        for phase in phases:
            person.begin(phase)
            spin(lambda: False, 1.0)
            beats.late.clear()
            before, watcher.on = waited(), where
            spin(lambda: False, seconds)
            watcher.on = False
            late, done = list(beats.late), dict(person.counts)
            lost = 1000 * (waited() - before)
            results[phase] = figures(late) | {"waited_ms": lost, "done": done}
            person.end()
            spin(lambda: assembly.jobs.idle() and not assembly.training.running, 60)
    finally:
        beats.close()
    return results, watcher.seen


@contextlib.contextmanager
def window(home: Path, images: int, size: int) -> Iterator[Assembly]:
    """Give the real window on a project of generated scenes, in a home of its own."""
    make_project(home / "project", images, size)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    Theme(application)  # type: ignore[arg-type]
    place.data_folder = lambda: home / "data"
    assembly = Assembly(version="benchmark")
    assembly.problems.install()
    assembly.window.show()
    assembly.library.open(home / "project")
    spin(lambda: assembly.state.engine is not None and bool(assembly.state.suggestions), 120)
    spin(assembly.jobs.idle, 60)
    try:
        yield assembly
    finally:
        assembly.window.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of each phase")
    parser.add_argument("--phase", action="append", choices=PHASES, help="only this one")
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--size", type=int, default=640, help="pixels a side of the scenes")
    parser.add_argument("--where", action="store_true", help="print what late beats waited for")
    parser.add_argument("--limit", type=float, default=LIMIT_MS, help="of the 99.9th, in ms")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = home
        with window(Path(home), options.images, options.size) as assembly:
            phases = options.phase or PHASES
            results, seen = measure(assembly, phases, options.seconds, where=options.where)
    over = [phase for phase, one in results.items() if not _within(one, options.limit)]
    idle = [f"{phase}: {what}" for phase, one in results.items() for what in _never(one["done"])]
    if options.json:
        whole = {"limit_ms": options.limit, "phases": results, "over": over, "idle": idle}
        print(json.dumps(whole))
    else:
        for phase, one in results.items():
            print(phase, {key: _short(value) for key, value in one.items()})
        print(f"never done: {', '.join(idle) or 'nothing'}")
    for stack, count in seen.most_common(12):
        print(f"{count:5} {stack}", file=sys.stderr)
    return 1 if over or idle else 0


def _never(done: object) -> list[str]:
    return [what for what, count in done.items() if not count] if isinstance(done, dict) else []


def _within(one: dict[str, object], limit: float) -> bool:
    value = one.get("p99.9")
    return isinstance(value, float) and value <= limit


def _short(value: object) -> object:
    return round(value, 1) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
