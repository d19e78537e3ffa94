"""Which engine runs a large model fastest here: measured in the background, then taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Check, Lane, Report, Runner, Task
from cascadeclip.app.measuring import Chosen, measure_in_child
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

TITLE = mark("measuring which engine is fastest")
Measure = Callable[[Path, str, Check], Chosen | None]


class Measuring:
    """Measure every large model once, while it already speaks; then load the engine again.

    A measurement that failed or was cancelled is not begun again before the next start.
    """

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        reload_engine: Callable[[], None],
        device: str = "auto",
        measure: Measure = measure_in_child,
    ) -> None:
        self._state, self._jobs, self._messages = state, jobs, messages
        self._reload_engine, self._device, self._measure = reload_engine, device, measure
        self._task: Task | None = None
        self._tried: set[Path] = set()
        self._measured = False
        state.subscribe(Change.PROJECT, self.stop)
        state.subscribe(Change.ENGINE, self._engine_came)

    def stop(self) -> None:
        """End the measurement under way: the project it is for is no longer open."""
        self._measured = False
        if self._task is not None:
            self._task.stop.set()
            self._task = None

    # Inside

    def _engine_came(self) -> None:
        engine, project = self._state.engine, self._state.project
        if engine is None or project is None:
            return
        from cascadeclip.core.engine.models import NOT_MEASURED, active_model  # torch is there now

        if engine.reason != NOT_MEASURED:
            if self._measured:
                self._messages.say(
                    tr(
                        "{backend} runs this model here: {reason}",
                        backend=engine.backend,
                        reason=engine.reason,
                    )
                )
            self._measured = False
        else:
            self._jobs.run(
                Lane.DATABASE,
                lambda: active_model(project),
                done=lambda folder: self._begin(project, folder),
                failed=lambda _: None,  # the folder is gone: loading it again says so
                topic="model folder",
            )

    def _begin(self, project: Project, folder: Path) -> None:
        if folder in self._tried or project is not self._state.project:
            return
        self.stop()  # another model is being measured: nobody uses it now
        self._tried.add(folder)

        def work(progress: Report, stopped: Check) -> Chosen | None:
            return None if stopped() else self._measure(folder, self._device, stopped)

        def done(chosen: Chosen | None) -> None:
            if task is self._task:
                self._task = None
                if chosen is not None and chosen.candidate:
                    self._measured = True
                    self._reload_engine()

        def broke(error: Exception) -> None:
            if task is self._task:
                self._task = None
                self._messages.say(
                    tr(
                        "Which engine is fastest could not be measured, so torch runs: {error}",
                        error=error,
                    )
                )

        task = self._task = self._jobs.start(
            tr(TITLE), work, done=done, failed=broke, lane=Lane.MEASURING
        )
