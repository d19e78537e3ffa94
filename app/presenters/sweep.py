"""Accept what the model is sure of on all images, after it was counted; one step to take back."""

from __future__ import annotations

from collections.abc import Callable

from cascadeclip.app.jobs import Check, Lane, Report, Runner
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import tr
from cascadeclip.core import sweep
from cascadeclip.core.sweep import Found


class Sweep:
    """Count what a score and a word would accept on all unreviewed images, and accept it."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        settle: Callable[[], None],
        reload: Callable[[], None],
        refuse: Callable[[Exception], None],
    ) -> None:
        self._state, self._jobs, self._messages = state, jobs, messages
        self._settle, self._reload, self._refuse = settle, reload, refuse

    def look(self, least: float, class_id: int | None, show: Callable[[Found], None]) -> None:
        """Tell `show` what would be accepted with a score of at least `least` (0..1)."""
        project = self._state.project
        if project is None:
            return
        self._settle()
        self._jobs.run(
            Lane.DATABASE,
            lambda: sweep.find(project, least, class_id=class_id),
            done=show,
            topic="sweep",
        )

    def accept(self, found: Found) -> None:
        """Accept what was found, all or nothing."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work(progress: Report, stopped: Check) -> int | None:
            try:
                return sweep.accept(project, found, progress=progress, stopped=stopped)
            except sweep.Stopped:
                return None

        def done(batch: int | None) -> None:
            if batch is None:
                self._messages.say(tr("Accepting was stopped; nothing was changed."))
                return
            self._reload()
            text = tr(
                "Accepted {count} on {images} images",
                count=found.suggestions,
                images=len(found.groups),
            )
            self._messages.say(text, undo=lambda: self.take_back(batch))

        self._jobs.start(tr("accepting"), work, done=done, failed=self._refuse, lane=Lane.DATABASE)

    def take_back(self, batch: int) -> None:
        """Take back what was accepted; what was changed since stays."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def done(_: object) -> None:
            self._reload()
            self._messages.say(tr("Taken back on all images"))

        self._jobs.run(
            Lane.DATABASE, lambda: project.undo_batch(batch), done=done, failed=self._refuse
        )
