"""Work on all images, and the jobs of the status bar."""

from __future__ import annotations

from cascadeclip.app.jobs import Task
from cascadeclip.app.presenters.sweep import Sweep
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.remedies import Remedy, remedy
from cascadeclip.app.window.sweep_dialog import SweepDialog
from cascadeclip.app.window.wiring.feature import Calls, Feature

# The score the dialog begins at: well above the threshold that shows suggestions.
SURE = 0.8


class BatchWork(Feature):
    """Pre-label all images; show and cancel what is under way."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        status, jobs = parts.window.status, parts.jobs
        status.cancelled.connect(self._cancel)
        parts.problems.told.connect(self._tell)
        parts.problems.remedy = lambda error: remedy(error, parts.window.actions_table)
        jobs.tasks_changed.connect(self._show)
        jobs.writing.connect(status.show_writing)
        self.sweep = Sweep(
            parts.state,
            jobs,
            parts.window.toast,
            settle=parts.suggesting.settle,
            reload=self._reload,
            refuse=parts.problems.refuse,
        )

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"prelabel": self.parts.batch.prelabel, "sweep": self._ask_sweep}

    def _ask_sweep(self) -> None:
        state = self.parts.state
        dialog = SweepDialog(state.words, SURE, self.sweep.look, self.parts.window)
        dialog.chosen.connect(self.sweep.accept)
        dialog.open()

    def _reload(self) -> None:
        self.parts.review.reload()
        self.parts.images.load()

    def _tell(self, sentence: str, offer: Remedy | None) -> None:
        self.parts.window.toast.say(sentence, offer=offer)

    def _show(self) -> None:
        self.parts.window.status.show_tasks(self.parts.jobs.tasks)

    def _cancel(self, task: Task) -> None:
        task.stop.set()
        self._show()
