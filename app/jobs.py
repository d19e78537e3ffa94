"""Work off the GUI thread and its answers back on it."""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cascadeclip.app.priority import lower_thread

T = TypeVar("T")
Report = Callable[[int, int], None]
Check = Callable[[], bool]
Failed = Callable[[Exception], None]


class Lane(enum.Enum):
    """Name the thread that work runs on: each has one, only WORK has several.

    BESIDE is for what nobody waits for yet: small views, and the images next to the open one.
    WORDS compares what is being typed, and waits for no image. ANSWERS is for what somebody made a
    click for and looks at the screen to see: short, and before everything else.
    """

    DATABASE = "database"
    INFERENCE = "inference"
    WORK = "work"
    TRAINING = "training"
    MEASURING = "measuring"
    BESIDE = "beside"
    WORDS = "words"
    ANSWERS = "answers"


# Only the pool for files has more than one thread: SQLite and the network each want one owner.
THREADS = {**dict.fromkeys(Lane, 1), Lane.WORK: 2}
# What is short and waited for keeps the priority of the window.
BEHIND = dict.fromkeys(set(Lane) - {Lane.DATABASE, Lane.ANSWERS}, lower_thread)
REPORT_SECONDS = 0.05


@dataclass(slots=True)
class Task:
    """Hold a long job the person can watch and stop; `done` of `total`, which is 0 if unknown."""

    title: str
    done: int = 0
    total: int = 0
    started: float = field(default_factory=time.monotonic)
    stop: threading.Event = field(default_factory=threading.Event)

    def seconds_left(self) -> float | None:
        """Guess the seconds left from the pace so far; None before the first step."""
        if not self.done or self.done > self.total:
            return None
        return (time.monotonic() - self.started) / self.done * (self.total - self.done)


class Runner(Protocol):
    """Describe what presenters need of `Jobs`; tests put a plain double in its place."""

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        topic: str | None = None,
    ) -> None:
        """Run `work` on `lane` and hand its value to `done` on the GUI thread."""

    def start(
        self,
        title: str,
        work: Callable[[Report, Check], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        lane: Lane = Lane.WORK,
    ) -> Task:
        """Run a long job that reports progress and can be stopped."""

    def after(self, milliseconds: int, topic: str, call: Callable[[], None]) -> None:
        """Call `call` on the GUI thread when `topic` has been quiet for so long."""

    def on_gui(self, call: Callable[[], None]) -> None:
        """Call `call` on the GUI thread soon; may be asked from any thread."""

    def forget(self, topic: str) -> None:
        """Drop the answers of `topic` that are still on their way, and its waiting call."""

    def crowded(self, lane: Lane) -> bool:
        """Say whether more than one piece of work is on its way on `lane`; from any thread."""


class Jobs(QObject):
    """Run plain functions on the lanes and bring their values back to the GUI thread.

    An answer of a `topic` is dropped when a newer request of the same topic was made meanwhile.

    Signals: `tasks_changed` when a long job starts, moves or ends; `writing` with the number of
    database jobs on their way.
    """

    tasks_changed = Signal()
    writing = Signal(int)
    _delivered = Signal(object)

    def __init__(self, problem: Failed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problem = problem
        self._lanes = {
            lane: ThreadPoolExecutor(
                count, thread_name_prefix=lane.value, initializer=BEHIND.get(lane)
            )
            for lane, count in THREADS.items()
        }
        self._numbers: dict[str, int] = {}
        self._timers: dict[str, QTimer] = {}
        self._waiting: dict[str, Callable[[], None]] = {}
        self._under_way = dict.fromkeys(Lane, 0)
        self._closed = False
        self.tasks: list[Task] = []
        # Queued and to a method of this object: the call runs on the GUI thread whoever emitted.
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        topic: str | None = None,
    ) -> None:
        """Run `work` on `lane` and hand its value to `done` on the GUI thread.

        Work of an older request of `topic` that has not begun is skipped, except on the database
        lane, where every write counts; its answer is dropped there too.
        """
        if self._closed:
            return
        number = self._next(topic)
        self._count(lane, 1)

        def whole() -> None:
            if lane is not Lane.DATABASE and not self._current(topic, number):
                self._delivered.emit(partial(self._count, lane, -1))
                return
            try:
                value = work()
            except Exception as error:  # noqa: BLE001 - the edge of a background job
                answer = partial(self._fail, failed, error)
            else:
                answer = partial(self._succeed, done, value)
            self._delivered.emit(partial(self._finish, lane, topic, number, answer))

        self._lanes[lane].submit(whole)

    def start(
        self,
        title: str,
        work: Callable[[Report, Check], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        lane: Lane = Lane.WORK,
    ) -> Task:
        """Run a long job that reports progress and can be stopped; the window shows it."""
        task = Task(title)
        self.tasks.append(task)
        self.tasks_changed.emit()
        last = [0.0]

        def report(step: int, total: int) -> None:
            now = time.monotonic()
            # A job may report thousands of steps a second; the eye needs twenty.
            if now - last[0] >= REPORT_SECONDS or step >= total:
                last[0] = now
                self._delivered.emit(partial(self._move, task, step, total))

        def ended(value: T) -> None:
            self._end(task)
            if done:
                done(value)

        def broke(error: Exception) -> None:
            self._end(task)
            (failed or self._problem)(error)

        self.run(lane, lambda: work(report, task.stop.is_set), done=ended, failed=broke)
        return task

    def after(self, milliseconds: int, topic: str, call: Callable[[], None]) -> None:
        """Call `call` on the GUI thread when `topic` has been quiet for so long."""
        timer = self._timers.get(topic)
        if timer is None:
            timer = self._timers[topic] = QTimer(self)
            timer.setSingleShot(True)
            timer.setObjectName(topic)
            timer.timeout.connect(self._ring)
        self._waiting[topic] = call
        timer.start(milliseconds)

    def on_gui(self, call: Callable[[], None]) -> None:
        """Call `call` on the GUI thread soon; may be asked from any thread."""
        self._delivered.emit(call)

    def forget(self, topic: str) -> None:
        """Drop the answers of `topic` that are still on their way, and its waiting call."""
        self._next(topic)
        self._waiting.pop(topic, None)
        if topic in self._timers:
            self._timers[topic].stop()

    def crowded(self, lane: Lane) -> bool:
        """Say whether more than one piece of work is on its way on `lane`; from any thread."""
        return self._under_way[lane] > 1

    def idle(self) -> bool:
        """Say whether nothing is under way, queued or waiting for its time."""
        return not any(self._under_way.values()) and not self._waiting

    def close(self) -> None:
        """Stop long jobs, let the writes reach the database and join the threads."""
        self._closed = True
        for timer in self._timers.values():
            timer.stop()
        self._waiting.clear()
        for task in self.tasks:
            task.stop.set()
        for lane, executor in self._lanes.items():
            # Accepted masks must not be lost because somebody closed the window quickly.
            executor.shutdown(wait=True, cancel_futures=lane is not Lane.DATABASE)
        self._under_way = dict.fromkeys(Lane, 0)

    def _next(self, topic: str | None) -> int:
        if topic is None:
            return 0
        self._numbers[topic] = self._numbers.get(topic, 0) + 1
        return self._numbers[topic]

    def _current(self, topic: str | None, number: int) -> bool:
        return topic is None or self._numbers.get(topic) == number

    def _count(self, lane: Lane, change: int) -> None:
        self._under_way[lane] += change
        if lane is Lane.DATABASE:
            self.writing.emit(self._under_way[lane])

    def _finish(
        self, lane: Lane, topic: str | None, number: int, answer: Callable[[], None]
    ) -> None:
        self._count(lane, -1)
        if self._current(topic, number):
            answer()

    def _succeed(self, done: Callable[[Any], None] | None, value: object) -> None:
        if done:
            done(value)

    def _fail(self, failed: Failed | None, error: Exception) -> None:
        (failed or self._problem)(error)

    def _move(self, task: Task, step: int, total: int) -> None:
        task.done, task.total = step, total
        self.tasks_changed.emit()

    def _end(self, task: Task) -> None:
        self.tasks.remove(task)
        self.tasks_changed.emit()

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()

    @Slot()
    def _ring(self) -> None:
        sender = self.sender()
        call = self._waiting.pop(sender.objectName(), None) if sender else None
        if call:
            call()
