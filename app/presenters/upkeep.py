"""What keeps a project well: checks, copies, its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Check, Lane, Report, Runner
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.core.project.files import FileReport
    from cascadeclip.core.project.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Findings:
    """Hold what a check found: what SQLite says of the database, and the state of the files."""

    masks: int
    damage: str
    files: FileReport | None


class Upkeep:
    """Check, mend and copy the open project, and keep its settings."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        reload: Callable[[], None],
        refuse: Callable[[Exception], None],
    ) -> None:
        self._state, self._jobs, self._messages = state, jobs, messages
        self._reload, self._refuse = reload, refuse

    def check(self, show: Callable[[Findings], None], *, search: tuple[Path, ...] = ()) -> None:
        """Look at the database and every image file; hand what was found to `show`."""
        project = self._state.project
        if project is None:
            return

        def work(progress: Report, stopped: Check) -> Findings | None:
            from cascadeclip.core.project.damage import DATABASE, damaged
            from cascadeclip.core.project.files import look

            verdict = project.integrity()
            if verdict:
                return Findings(0, damaged(project.folder / DATABASE, verdict), None)
            files = look(project, search=search, progress=progress, stopped=stopped)
            return None if stopped() else Findings(project.annotations.count(), "", files)

        def done(found: Findings | None) -> None:
            if found is None:
                self._messages.say(tr("The check was stopped; nothing was changed."))
            else:
                show(found)

        self._jobs.start(tr("checking"), work, done=done, failed=self._refuse)

    def mend(
        self, files: FileReport, show: Callable[[Findings], None], *, take_changed: bool
    ) -> None:
        """Use the new places of moved images, and changed files where wanted; then look again."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work() -> FileReport:
            from cascadeclip.core.project.files import mend

            return mend(project, files, take_changed=take_changed)

        def done(_: FileReport) -> None:
            self._reload()
            self.check(show)

        self._jobs.run(Lane.DATABASE, work, done=done, failed=self._refuse)

    def back_up(self, out: Path | None) -> None:
        """Write a checked copy of the database; without `out` into the project, by its date."""
        project = self._state.project
        if project is None:
            return
        folder = project.folder

        def work(progress: Report, stopped: Check) -> Path | None:
            from cascadeclip.core.errors import ProjectError
            from cascadeclip.core.project.copies import back_up

            try:
                return back_up(folder, out=out, progress=progress, stopped=stopped)
            except ProjectError:
                if stopped():
                    return None
                raise

        def done(path: Path | None) -> None:
            if path is None:
                self._messages.say(tr("The copy was stopped; nothing was written."))
            else:
                self._messages.say(tr("Wrote {path}, checked.", path=path))

        self._jobs.start(tr("copying"), work, done=done, failed=self._refuse)

    def settings(self, show: Callable[[Preferences], None]) -> None:
        """Read the settings of the project and hand them to `show`."""
        project = self._state.project
        if project is None:
            return

        def work() -> Preferences:
            from cascadeclip.core.project.preferences import read

            return read(project)

        self._jobs.run(Lane.DATABASE, work, done=show, failed=self._refuse)

    def keep_settings(self, author: str, steps: int) -> None:
        """Keep who works here and how many steps can be undone on an image."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work() -> None:
            from cascadeclip.core.project.preferences import keep

            keep(project, author=author, undo_steps=steps)

        self._jobs.run(
            Lane.DATABASE,
            work,
            done=lambda _: self._messages.say(tr("The settings are kept.")),
            failed=self._refuse,
        )
