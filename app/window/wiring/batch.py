"""Work on all images, and the jobs of the status bar."""

from __future__ import annotations

from cascadeclip.app.jobs import Task
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.remedies import Remedy, remedy
from cascadeclip.app.window.wiring.feature import Calls, Feature


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

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"prelabel": self.parts.batch.prelabel}

    def _tell(self, sentence: str, offer: Remedy | None) -> None:
        self.parts.window.toast.say(sentence, offer=offer)

    def _show(self) -> None:
        self.parts.window.status.show_tasks(self.parts.jobs.tasks)

    def _cancel(self, task: Task) -> None:
        task.stop.set()
        self._show()
