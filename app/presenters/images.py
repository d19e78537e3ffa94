"""Which image is open, and how the next one comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.snapshot import Snapshot, read_snapshot
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import CanvasView, ImagesView, Messages
from cascadeclip.core.errors import CascadeClipError, ImageUnreadable
from cascadeclip.core.images import open_image
from cascadeclip.core.project.finding import find

if TYPE_CHECKING:
    from cascadeclip.core.project import ImageRow, Project

PAGE = 200


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Hold an image ready to show: its halves (the first is whole) and what the database has."""

    image: ImageRow
    sizes: tuple[NDArray[np.uint8], ...]
    snapshot: Snapshot
    said: str = ""


class Images:
    """Page through the images of the project and open one at a time."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        canvas: CanvasView,
        view: ImagesView,
        messages: Messages,
        *,
        show: Callable[[Snapshot], None],
        settle: Callable[[], None],
    ) -> None:
        self._state, self._jobs, self._canvas, self._view = state, jobs, canvas, view
        self._messages, self._show_snapshot, self._settle = messages, show, settle
        self._rows: list[ImageRow] = []
        self._search = ""
        self._wanted: int | None = None
        self._paging = False
        self.total = 0

    @property
    def position(self) -> int | None:
        """Give the place of the open image in the list, from 0."""
        numbers = [row.id for row in self._rows]
        return numbers.index(self._wanted) if self._wanted in numbers else None

    def load(self, *, open_first: bool = True) -> None:
        """Read the first page of the list, and open an image when none is."""
        project, search = self._state.project, self._search
        if project is None:
            return

        def work() -> tuple[list[ImageRow], int]:
            rows = project.images.page(offset=0, limit=PAGE, search=search or None)
            return rows, project.images.count()

        def done(answer: tuple[list[ImageRow], int]) -> None:
            self._rows, self.total = list(answer[0]), answer[1]
            self._paging = False
            self._view.reset(self._rows, self.total)
            self._mark()
            if self._rows and self._wanted is None and open_first:
                self.open(0)
            self._state.changed(Change.LIST)

        self._jobs.run(Lane.DATABASE, work, done=done, topic="page")

    def more(self, then: Callable[[], None] | None = None) -> None:
        """Read the next page of the list."""
        project, search, offset = self._state.project, self._search, len(self._rows)
        if project is None or self._paging or not offset or offset % PAGE:
            return
        self._paging = True

        def work() -> list[ImageRow]:
            return project.images.page(offset=offset, limit=PAGE, search=search or None)

        def done(rows: list[ImageRow]) -> None:
            self._paging = False
            if rows:
                self._rows += rows
                self._view.append(rows)
                if then:
                    then()

        self._jobs.run(Lane.DATABASE, work, done=done, topic="page")

    def search(self, text: str) -> None:
        """Show only images whose path holds this text."""
        self._search = text.strip()
        self._jobs.after(200, "search", lambda: self.load(open_first=False))

    def forget(self) -> None:
        """Show no image, because the project has changed."""
        self._wanted = None
        self._rows = []
        self._search = ""

    def step(self, *, forward: bool) -> None:
        """Open the next or the previous image."""
        here = self.position
        there = 0 if here is None else here + (1 if forward else -1)
        if there >= len(self._rows):
            self.more(then=lambda: self.open(there))
        elif there >= 0:
            self.open(there)

    def open(self, position: int) -> None:
        """Open the image at this place of the list."""
        project = self._state.project
        if project is None or not 0 <= position < len(self._rows):
            return
        row = self._rows[position]
        self._settle()
        self._wanted = row.id
        self._view.select(position)

        def read() -> tuple[ImageRow, Snapshot]:
            return project.images.get(row.id), read_snapshot(project, row.id)

        def then(answer: tuple[ImageRow, Snapshot]) -> None:
            self._load_pixels(project, *answer)

        self._jobs.forget("pixels")
        self._jobs.run(Lane.DATABASE, read, done=then, failed=self._broken, topic="open")

    def toggle_reviewed(self) -> None:
        """Mark the open image as reviewed, or as not reviewed."""
        project, image = self._state.project, self._state.image
        if project is None or image is None or self._state.refuses(self._messages):
            return
        status = "unreviewed" if image.status == "reviewed" else "reviewed"

        def work() -> tuple[ImageRow, Snapshot]:
            project.images.set_status(image.id, status)
            return project.images.get(image.id), read_snapshot(project, image.id)

        self._jobs.run(Lane.DATABASE, work, done=self._reviewed)

    def refresh_row(self) -> None:
        """Read the open image's row again, after undo may have changed it."""
        project, image = self._state.project, self._state.image
        if project is not None and image is not None:
            number = image.id
            self._jobs.run(
                Lane.DATABASE, lambda: project.images.get(number), done=self._replace, topic="row"
            )

    # Inside

    def _load_pixels(self, project: Project, row: ImageRow, snapshot: Snapshot) -> None:
        def work() -> Opened:
            found = find(project, row.id)
            pixels = open_image(found.path)
            if pixels.shape[:2] != (row.height, row.width):
                raise ImageUnreadable(
                    f"{row.path} has changed its size since it was added; its masks no longer fit."
                )
            return Opened(project.images.get(row.id), half_sizes(pixels), snapshot, found.said)

        self._jobs.run(Lane.WORK, work, done=self._show, failed=self._broken, topic="pixels")

    def _show(self, opened: Opened) -> None:
        state = self._state
        state.image, state.pixels, state.image_trouble = opened.image, opened.sizes[0], ""
        state.annotations, state.suggestions, state.preview = (), (), ()
        state.selected, state.unsaved = None, False
        self._canvas.show_image(opened.sizes, keep_place=state.keep_zoom)
        self._show_snapshot(opened.snapshot)
        if state.project is not None:
            state.project.look(opened.image.id)
        if opened.said:
            self._messages.say(opened.said)
        state.changed(Change.IMAGE)

    def _broken(self, error: Exception) -> None:
        if not isinstance(error, CascadeClipError | OSError):
            raise error
        state = self._state
        state.image, state.pixels = None, None
        state.annotations, state.suggestions, state.preview = (), (), ()
        state.selected, state.image_trouble = None, str(error)
        self._canvas.clear(str(error))
        if self._wanted is not None:
            self._view.mark_broken(self._wanted)
        state.changed(Change.IMAGE | Change.SHAPES | Change.SELECTION)

    def _reviewed(self, answer: tuple[ImageRow, Snapshot]) -> None:
        row, snapshot = answer
        self._replace(row)
        self._show_snapshot(snapshot)
        done = row.status == "reviewed"
        self._messages.say("Marked as reviewed" if done else "No longer marked as reviewed")

    def _replace(self, row: ImageRow) -> None:
        if row in self._rows:
            return
        self._rows = [row if old.id == row.id else old for old in self._rows]
        self._view.replace(row)
        if self._state.image is not None and self._state.image.id == row.id:
            self._state.image = row
            self._state.changed(Change.LIST)

    def _mark(self) -> None:
        if self.position is not None:
            self._view.select(self.position)
