"""Look at images in a child process: whatever happens to it, this one and the database live on.

The child gets the model, the recipe and one item after the other through a pipe, and sends back
what it found. It never opens the project. It runs at a lower priority, so that a window stays
quick beside it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from cascadeclip.core.ending import end, gone
from cascadeclip.core.engine.prelabel.choice import choice_of
from cascadeclip.core.engine.prelabel.desk import Desk, Tally, recipe_for
from cascadeclip.core.engine.prelabel.run import run
from cascadeclip.core.engine.prelabel.threads import Threads
from cascadeclip.core.engine.prelabel.values import Outcome, here
from cascadeclip.core.errors import CascadeClipError, PrelabelFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from types import TracebackType
    from typing import Self

    from cascadeclip.core.engine.engine import EngineSettings
    from cascadeclip.core.engine.prelabel.choice import ModelChoice
    from cascadeclip.core.engine.prelabel.values import (
        Item,
        Owner,
        PrelabelResult,
        Recipe,
    )
    from cascadeclip.core.project import Project

WINDOW: Final = 48
"""Items sent ahead of their outcomes: more than the child has under way at once."""
LOOK_SECONDS: Final = 0.1
NICE: Final = 10


@dataclass(frozen=True, slots=True)
class Ready:
    """Say that the child has loaded its model, which one, and onto what."""

    name: str
    version: str
    device: str
    settings: EngineSettings


def prelabel_in_child(
    project: Project,
    *,
    threshold: float,
    refine_edges: bool = True,
    device: str = "auto",
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    owner: Owner = here,
) -> PrelabelResult:
    """Do what `prelabel` does, all but the writing, in a child process.

    `owner` says where the database is touched. When `stopped()` turns true the child is ended at
    once. Raises PrelabelFailed when the child dies, and what `prelabel` and `open_engine` raise;
    what was written until then is kept.
    """
    stopping = stopped or (lambda: False)
    with Child(owner(lambda: choice_of(project)), device) as child:
        ready = child.ready(stopping)
        if ready is None:
            return Tally().result(cancelled=True)
        recipe = owner(
            lambda: recipe_for(project, ready, threshold=threshold, refine_edges=refine_edges)
        )
        child.use(recipe)
        desk = Desk(project, recipe, owner=owner)
        return run(desk, child, progress=progress, stopped=stopping)


class Child:
    """Own the child process, from its start to its end. It is `Work`."""

    def __init__(
        self, choice: ModelChoice, device: str = "auto", settings: EngineSettings | None = None
    ) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy threads half-way
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, choice, device, settings), name="prelabel", daemon=True
        )
        self._process.start()
        theirs.close()  # so that its death is heard
        self._finished = False

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process: it holds nothing that could be lost."""
        self._pipe.close()
        if self._finished:
            gone(self._process)
        end(self._process)

    def ready(self, stopped: Callable[[], bool]) -> Ready | None:
        """Wait for the model to be loaded; None when `stopped()` turned true before."""
        while not stopped():
            answer = self._heard()
            if isinstance(answer, Ready):
                return answer
        return None

    def use(self, recipe: Recipe) -> None:
        """Say how suggestions are made; once, and before the items."""
        self._send(recipe)

    def outcomes(self, items: Iterator[Item], stopped: Callable[[], bool]) -> Iterator[Outcome]:
        """Yield an outcome for every item, in any order; see `Work`."""
        under_way, last = 0, False
        while not stopped():
            while not last and under_way < WINDOW:
                item = next(items, None)
                self._send(item)
                last = item is None
                under_way += not last
            if not under_way:
                self._finished = True
                return
            heard = self._heard()
            if isinstance(heard, Outcome):
                under_way -= 1
                yield heard

    def _send(self, message: object) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            raise self._death() from error

    def _heard(self) -> Ready | Outcome | None:
        """Return the next message, None when there is none for a moment; errors are raised."""
        try:
            message: Ready | Outcome | Exception | None = None
            if self._pipe.poll(LOOK_SECONDS):
                message = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._death() from error
        if isinstance(message, Exception):
            raise message
        return message

    def _death(self) -> PrelabelFailed:
        gone(self._process)
        return PrelabelFailed(
            f"The process that looks at the images ended unexpectedly ({self._cause()}); what it "
            "had found is kept: pre-label again, and it goes on from there."
        )

    def _cause(self) -> str:
        code = self._process.exitcode
        if code == -9:
            return "it was killed, perhaps because memory ran out"
        return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _serve(
    pipe: Connection, choice: ModelChoice, device: str, settings: EngineSettings | None
) -> None:
    """Be the child: load the model, then answer every item until there is none left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to hear
    if sys.platform != "win32":
        os.nice(NICE)
    inbox: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    try:
        engine = choice.open(device, settings)
        pipe.send(Ready(engine.name, engine.version, engine.device, engine.settings))
        recipe: Recipe = inbox.get()
        for outcome in Threads(engine, recipe).outcomes(iter(inbox.get, None), lambda: False):
            pipe.send(outcome)
    except CascadeClipError as error:
        pipe.send(error)
    except BrokenPipeError:
        return  # nobody listens any more


def _listen(pipe: Connection, inbox: SimpleQueue[Any]) -> None:
    """Take messages as they come, so that the parent never waits; end when the parent is gone."""
    try:
        while True:
            inbox.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(1)
