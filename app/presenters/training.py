"""Retraining from the menu: start, watch, stop, compare, activate or keep the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.ladder import Proposal, Refusal, Standing, proposed, standing
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.training import (
    Checked,
    Collected,
    Compared,
    Event,
    Failed,
    Finished,
    Measured,
    Phase,
    Recipe,
    Step,
    TrainingRun,
)
from cascadeclip.app.training import finish as register
from cascadeclip.app.translation import tr
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.project import Project, VersionRow

Point = tuple[int, float]
"""A step, counted from 1 (0: before the first), and a loss."""


class Run(Protocol):
    """Describe a training run: `TrainingRun`, or a stub in tests."""

    def start(self) -> None:
        """Start the process."""

    def events(self) -> Iterator[Event]:
        """Yield what it says until it ends."""

    def cancel(self) -> None:
        """Ask it to stop."""

    def stop_here(self) -> None:
        """Ask it to train no further."""


class TrainingView(Protocol):
    """Show a run and how it ended."""

    def show_running(self, progress: Progress) -> None:
        """Show where the run is."""

    def show_result(self, result: Result) -> None:
        """Show before and after, and what can be done."""

    def show_failed(self, sentence: str) -> None:
        """Show why there is no result."""

    def show_proposal(self, proposal: Proposal) -> None:
        """Show which way to learn is the cheapest that may help, and why."""


@dataclass(slots=True)
class Progress:
    """Hold where a run is: `step` of `total`; (step, loss) of the `losses` and `checks` so far.

    `checks` are on images that are not learnt from, `length` the steps of the whole training;
    `collected` says what is learnt from, as soon as the run knows.
    """

    phase: str = "starting"
    step: int = 0
    total: int = 0
    losses: list[Point] = field(default_factory=list)
    checks: list[Point] = field(default_factory=list)
    length: int = 0
    stopping: bool = False
    collected: Collected | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Hold how a run ended: mIoU (0..1) on the same held-out images, overall and per word.

    `compared` holds what else was measured, where the run said it.
    """

    version: VersionRow
    before: float | None
    after: float | None
    words: tuple[tuple[str, float | None, float | None], ...]
    reason: str
    compared: Compared | None = None


def start_process(folder: Path, recipe: Recipe) -> Run:
    """Return the run of a project in a process of its own, not yet started."""
    return TrainingRun(folder, recipe=recipe)


class Training:
    """Run retraining in its own process and decide what becomes of the new version."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        view: TrainingView,
        messages: Messages,
        *,
        reload_engine: Callable[[], None],
        make_run: Callable[[Path, Recipe], Run] = start_process,
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        self._state, self._jobs, self._view, self._messages = state, jobs, view, messages
        self._reload_engine, self._make_run = reload_engine, make_run
        self._refresh = refresh
        self._run: Run | None = None
        self._project: Project | None = None
        self._measured: dict[str, Measured] = {}
        self._compared: Compared | None = None
        self._progress = Progress()
        self._result: Result | None = None
        self._recipe: Recipe = "quick"
        self._refused: set[Refusal] = set()

    @property
    def running(self) -> bool:
        """Say whether a run is under way."""
        return self._run is not None

    def propose(self) -> None:
        """Look at the project and show the cheapest way to learn that may help."""
        project = self._state.project
        if project is not None and not self.running:
            refused = frozenset(self._refused)
            self._jobs.run(
                Lane.DATABASE,
                lambda: proposed(project, refused),
                done=self._view.show_proposal,
                topic="proposal",
            )

    def start(self, recipe: Recipe = "quick") -> None:
        """Start retraining on the reviewed images of the project."""
        project = self._state.project
        if project is None or self.running or self._state.refuses(self._messages):
            return
        self._project, self._measured, self._progress = project, {}, Progress()
        self._compared, self._recipe = None, recipe
        run = self._run = self._make_run(project.folder, recipe)
        self._view.show_running(self._progress)

        def listen() -> Event | None:
            run.start()
            last: Event | None = None
            for event in run.events():
                last = event
                self._jobs.on_gui(lambda event=event: self._hear(event))  # type: ignore[misc]
            return last

        self._jobs.run(Lane.TRAINING, listen, done=self._ended, failed=self._broke)

    def cancel(self) -> None:
        """Ask the run to stop; it ends by itself soon, the model in use stays."""
        if self._run is not None:
            self._progress.stopping = True
            self._run.cancel()
            self._view.show_running(self._progress)

    def stop_here(self) -> None:
        """Let the run train no further: what it has learnt so far is measured and kept."""
        if self._run is not None:
            self._run.stop_here()

    def activate(self) -> None:
        """Use the new version from now on."""
        if self._result is not None:
            self.activate_version(self._result.version.id)

    def keep_old(self) -> None:
        """Go on with the version from before the run."""
        result, project = self._result, self._project
        if result is None or project is None:
            return

        def work() -> str:
            row = project.versions.get(result.version.name)
            if row is not None and row.active:
                project.versions.rollback()
                return tr("The model from before is in use again; the new one is kept.")
            return tr("The model in use has not changed; the new one is kept.")

        self._switch(project, work)

    def activate_version(self, number: int) -> None:
        """Use a version of the open project."""
        project = self._state.project
        if project is None:
            return

        def work() -> str:
            project.versions.activate(number)
            name = next(row.name for row in project.versions.all() if row.id == number)
            return tr("{name} is in use now.", name=name)

        self._switch(project, work)

    def roll_back(self) -> None:
        """Use the version that was active before."""
        project = self._state.project
        if project is None:
            return

        def work() -> str:
            project.versions.rollback()
            row = project.versions.active()
            return tr("{value} is in use again.", value=row.name if row else "The bundled model")

        self._switch(project, work)

    def versions(self, show: Callable[[list[VersionRow]], None]) -> None:
        """Read the versions of the open project for `show`."""
        project = self._state.project
        if project is not None:
            self._jobs.run(Lane.DATABASE, project.versions.all, done=show, topic="versions")

    # Inside

    def _hear(self, event: Event) -> None:
        match event:
            case Phase():
                self._progress.phase = event.name
                self._progress.step = self._progress.total = 0
            case Step():
                self._progress.step, self._progress.total = event.step, event.total
                self._progress.length = event.total
                self._progress.losses.append((event.step, event.loss))
            case Checked():
                self._progress.checks.append((event.step, event.loss))
                self._progress.length = event.total
            case Measured():
                self._measured[event.when] = event
            case Collected():
                self._progress.collected = event
            case Compared():
                self._compared = event
            case _:
                return
        self._view.show_running(self._progress)

    def _ended(self, last: Event | None) -> None:
        self._run = None
        project = self._project
        if isinstance(last, Finished) and project is not None:
            finished = last
            self._jobs.run(
                Lane.DATABASE,
                lambda: register(project, finished, activate="auto"),
                done=lambda row: self._registered(row, finished),
                failed=self._broke,
            )
        else:
            said = (
                last.sentence
                if isinstance(last, Failed)
                else tr("Training ended without a result.")
            )
            self._view.show_failed(said)
            if isinstance(last, Failed) and project is not None and not self._progress.stopping:
                self._refuse(project, self._recipe)

    def _refuse(self, project: Project, recipe: Recipe) -> None:
        """Remember that a recipe found nothing to do here, and propose the next one."""

        def done(at: Standing) -> None:
            self._refused.add((project.folder, *at, recipe))
            self.propose()

        self._jobs.run(Lane.DATABASE, lambda: standing(project), done=done, topic="refused")

    def _registered(self, row: VersionRow, finished: Finished) -> None:
        before, after = self._measured.get("before"), self._measured.get("after")
        self._result = Result(
            row,
            before.miou if before else None,
            after.miou if after else None,
            compare(before, after),
            str(row.metrics.get("reason", finished.reason)),
            self._compared,
        )
        self._view.show_result(self._result)
        self.propose()
        if row.active and self._project is self._state.project:
            self._reload_engine()
            self._refresh()

    def _broke(self, error: Exception) -> None:
        self._run = None
        if not isinstance(error, CascadeClipError | OSError):
            self._view.show_failed(tr("Training broke off; the model in use has not changed."))
            raise error
        self._view.show_failed(str(error))

    def _switch(self, project: Project, work: Callable[[], str]) -> None:
        if project is self._state.project and self._state.refuses(self._messages):
            return

        def whole() -> tuple[str, list[VersionRow]]:
            return work(), project.versions.all()

        def done(answer: tuple[str, list[VersionRow]]) -> None:
            said, rows = answer
            self._messages.say(said)
            self._show_again(rows)
            if project is self._state.project:
                self._reload_engine()

        self._jobs.run(Lane.DATABASE, whole, done=done)

    def _show_again(self, rows: list[VersionRow]) -> None:
        result = self._result
        row = next((row for row in rows if result and row.id == result.version.id), None)
        if result is not None and row is not None and not self.running:
            self._result = replace(result, version=row)
            self._view.show_result(self._result)


def compare(
    before: Measured | None, after: Measured | None
) -> tuple[tuple[str, float | None, float | None], ...]:
    """Put the mIoU of every word before and after side by side, the most changed first."""
    old, new = (before.per_word if before else {}), (after.per_word if after else {})
    rows = [(word, old.get(word), new.get(word)) for word in dict.fromkeys((*old, *new))]
    return tuple(sorted(rows, key=lambda row: -abs((row[2] or 0.0) - (row[1] or 0.0))))
