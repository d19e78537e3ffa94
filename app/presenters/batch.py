"""Long jobs over the whole project: export, and suggestions for every image."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as Later
from typing import TYPE_CHECKING, TypeVar

from cascadeclip.app.jobs import Check, Lane, Report, Runner, Task
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Asking, Messages
from cascadeclip.app.translation import tr
from cascadeclip.core.engine.prelabel.process import prelabel_in_child

if TYPE_CHECKING:
    from cascadeclip.core.engine.prelabel import PrelabelResult
    from cascadeclip.core.formats.coco import ExportResult

T = TypeVar("T")
Look = Callable[..., "PrelabelResult"]
LOOK_SECONDS = 0.1
GRACE_SECONDS = 0.5
NAMED = 3


class Batch:
    """Export the project and pre-label its images, in the background."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        asking: Asking,
        messages: Messages,
        *,
        settle: Callable[[], None],
        reload: Callable[[], None],
        refuse: Callable[[Exception], None],
        device: str = "auto",
        look: Look = prelabel_in_child,
    ) -> None:
        self._state, self._jobs, self._asking, self._messages = state, jobs, asking, messages
        self._settle, self._reload, self._refuse, self._device = settle, reload, refuse, device
        self._look = look
        self._prelabelling: Task | None = None

    def export_coco(self) -> None:
        """Ask for a file and write all masks of the project into it."""
        project = self._state.project
        if project is None:
            return
        out = self._asking.new_file(tr("Export COCO"), f"{project.folder.name}.json", "*.json")
        if out is None:
            return

        def work(progress: Report, stopped: Check) -> ExportResult:
            from cascadeclip.core.formats.coco import export_coco

            return export_coco(project, out, progress=progress, stopped=stopped)

        def done(result: ExportResult) -> None:
            self._messages.say(
                tr(
                    "Exported {annotations} masks on {images} images to {path}",
                    annotations=result.annotations,
                    images=result.images,
                    path=result.path,
                )
            )

        self._jobs.start(tr("exporting"), work, done=done, failed=self._refuse)

    def prelabel(self) -> None:
        """Write suggestions for every image that is not reviewed yet.

        A process of its own looks at the images; what it finds is written here, on the thread of
        the database.
        """
        state = self._state
        project, threshold, refine_edges = state.project, state.threshold, state.refine_edges
        if project is None:
            return
        if self._prelabelling is not None:
            self._messages.say(tr("All images are being pre-labelled already."))
            return
        self._settle()
        began = time.monotonic()

        def work(progress: Report, stopped: Check) -> PrelabelResult | None:
            try:
                return self._look(
                    project,
                    threshold=threshold,
                    refine_edges=refine_edges,
                    device=self._device,
                    progress=progress,
                    stopped=stopped,
                    owner=_DatabaseLane(self._jobs, stopped),
                )
            except CancelledError:  # stopped while something was to be written
                return None

        def done(result: PrelabelResult | None) -> None:
            self._prelabelling = None
            self._reload()
            self._messages.say(_told(result, time.monotonic() - began))

        def broke(error: Exception) -> None:
            self._prelabelling = None
            self._refuse(error)

        self._prelabelling = self._jobs.start(tr("pre-labelling"), work, done=done, failed=broke)


class _DatabaseLane:
    """Let a long job touch the database where everybody else does: it waits for its turn."""

    def __init__(self, jobs: Runner, stopped: Check) -> None:
        self._jobs, self._stopped = jobs, stopped

    def __call__(self, call: Callable[[], T], /) -> T:
        """Call it there, and return what it returns.

        Raises what it raises, and CancelledError when it did not begin soon after a stop: a
        window that is closing begins nothing more, and nobody would ever answer.
        """
        answer: Future[T] = Future()
        self._jobs.on_gui(lambda: self._jobs.run(Lane.DATABASE, lambda: _answer(answer, call)))
        since = 0.0
        while True:
            try:
                return answer.result(LOOK_SECONDS)
            except Later:
                if answer.done():
                    raise
                since = since or (time.monotonic() if self._stopped() else 0.0)
                if since and time.monotonic() - since > GRACE_SECONDS:
                    answer.cancel()


def _answer(answer: Future[T], call: Callable[[], T]) -> None:
    if answer.set_running_or_notify_cancel():
        try:
            answer.set_result(call())
        except Exception as error:  # noqa: BLE001 - raised again where the job waits
            answer.set_exception(error)


def _told(result: PrelabelResult | None, seconds: float) -> str:
    """Say what a run did, how fast, and which files it could not read: the first few by name."""
    if result is None:
        return tr("Pre-labelling was stopped; what was found is kept.")
    text = tr(
        "{count} suggestions on {images} images, {pace} a second",
        count=result.suggestions,
        images=result.images,
        pace=f"{result.images / max(seconds, 0.01):.1f}",
    )
    if result.cancelled:
        text += tr(", then stopped")
    if not result.failed:
        return text
    names = ", ".join(name for name, _ in result.failed[:NAMED])
    more = len(result.failed) - NAMED
    if more > 0:
        names = tr("{names} and {count} more", names=names, count=more)
    return tr("{text}; could not be read: {names}", text=text, names=names)
