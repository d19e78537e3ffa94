"""Long jobs over the whole project: export, and suggestions for every image."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Check, Report, Runner, Task
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Asking, Messages

if TYPE_CHECKING:
    from cascadeclip.core.engine.prelabel import PrelabelResult
    from cascadeclip.core.formats.coco import ExportResult


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
    ) -> None:
        self._state, self._jobs, self._asking, self._messages = state, jobs, asking, messages
        self._settle, self._reload, self._refuse, self._device = settle, reload, refuse, device
        self._prelabelling: Task | None = None

    def export_coco(self) -> None:
        """Ask for a file and write all masks of the project into it."""
        project = self._state.project
        if project is None:
            return
        out = self._asking.new_file("Export COCO", f"{project.folder.name}.json", "*.json")
        if out is None:
            return

        def work(progress: Report, stopped: Check) -> ExportResult:
            from cascadeclip.core.formats.coco import export_coco

            return export_coco(project, out, progress=progress, stopped=stopped)

        def done(result: ExportResult) -> None:
            self._messages.say(
                f"Exported {result.annotations} masks on {result.images} images to {result.path}"
            )

        self._jobs.start("exporting", work, done=done, failed=self._refuse)

    def prelabel(self) -> None:
        """Write suggestions for every image that is not reviewed yet."""
        project, threshold = self._state.project, self._state.threshold
        if project is None:
            return
        if self._prelabelling is not None:
            self._messages.say("All images are being pre-labelled already.")
            return
        self._settle()

        def work(progress: Report, stopped: Check) -> PrelabelResult:
            from cascadeclip.core.engine import open_engine
            from cascadeclip.core.engine.prelabel import prelabel

            # An engine of its own: the one of the window stays free for the open image.
            engine = open_engine(project, device=self._device)
            return prelabel(
                project, engine, threshold=threshold, progress=progress, stopped=stopped
            )

        def done(result: PrelabelResult) -> None:
            self._prelabelling = None
            self._reload()
            failed = f"; {len(result.failed)} could not be read" if result.failed else ""
            self._messages.say(
                f"{result.suggestions} suggestions on {result.images} images{failed}"
            )

        def broke(error: Exception) -> None:
            self._prelabelling = None
            self._refuse(error)

        self._prelabelling = self._jobs.start("pre-labelling", work, done=done, failed=broke)
