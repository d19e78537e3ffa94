"""Change the masks of an image on the database lane, and show what is true afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.snapshot import Snapshot, read_snapshot
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.sayings import said
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

T = TypeVar("T")


class AnsweringView(Protocol):
    """Show what was made of what a tool gave."""

    def answer(self, tool: str, answer: object) -> None:
        """Let the tool of this name hear it."""


class Changing:
    """Do what a tool asks of the database; what it refuses is said, and what is true is shown."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        show: Callable[[Snapshot], None],
        reload: Callable[[], None],
        settle: Callable[[], None],
    ) -> None:
        self._state, self._jobs, self._messages = state, jobs, messages
        self._show, self._reload, self.settle = show, reload, settle

    def refuses(self) -> bool:
        """Return whether nothing can be changed, after saying why."""
        return self._state.refuses(self._messages)

    def do(
        self,
        work: Callable[[Project, int], T],
        *,
        then: Callable[[T], None] | None = None,
        image_id: int | None = None,
    ) -> None:
        """Run `work` with the project and the number of the image, the open one if None.

        `then` gets its value on the GUI thread, after the masks were shown.
        """
        project, image = self._state.project, self._state.image
        number = image_id if image_id is not None else (image.id if image else None)
        if project is None or number is None:
            return
        image_number = number
        here = image is not None and image.id == number
        asked = self._state.ask_step() if here else self._state.steps

        def whole() -> tuple[T, Snapshot]:
            value = work(project, image_number)
            return value, read_snapshot(project, image_number)

        def done(answer: tuple[T, Snapshot]) -> None:
            if asked == self._state.steps:
                self._show(answer[1])
            if then:
                then(answer[0])

        self._jobs.run(Lane.DATABASE, whole, done=done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._reload()
        if not isinstance(error, CascadeClipError):
            raise error
        self._messages.say(said(str(error)))
