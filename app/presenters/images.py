"""Which images are listed, which one is open, and how the next one comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.ahead import Ahead, Pixels, is_fresh, load_pixels
from cascadeclip.app.presenters.snapshot import Snapshot, read_snapshot
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import CanvasView, ImagesView, Messages
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.project.listing import ListRow, Wanted, following
from cascadeclip.core.worth import worth_order

if TYPE_CHECKING:
    from cascadeclip.core.project import ImageRow, Project
    from cascadeclip.core.project.looks import Candidates

PAGE = 100
# An image that is not there after so long is said to be read: nobody need wonder about a key.
SLOW_MILLISECONDS = 150
BY_NAME, BY_WORTH = "name", "worth"
Ids = NDArray[np.int64]
NO_OTHER = mark("No other image of this list is unreviewed.")


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Hold the numbers of a list, its first rows, and how many images the project has.

    `candidates` are what an order by worth is made of.
    """

    ids: Ids
    first: list[ListRow]
    total: int
    candidates: Candidates | None = None
    unreviewed: int = 0


class Images:
    """List the images of the project and open one at a time."""

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
        self.ahead = Ahead(state, jobs)
        self._ids: Ids = np.zeros(0, np.int64)
        self._open: int | None = None
        self._forward = True
        self.wanted, self.order = Wanted(), BY_NAME
        self.total = 0
        self.reading = False  # whether an image is long in coming

    @property
    def position(self) -> int | None:
        """Give the place of the open image in the list, from 0."""
        if self._open is None:
            return None
        places = np.flatnonzero(self._ids == self._open)
        return int(places[0]) if len(places) else None

    @property
    def count(self) -> int:
        """Count the images in the list."""
        return len(self._ids)

    def load(self, *, open_first: bool = True) -> None:
        """Read the list anew, and open its first image when none is open."""
        project, wanted, order = self._state.project, self.wanted, self.order
        if project is None:
            return
        version = self._state.engine.version if self._state.engine is not None else None
        if self._open is None and wanted.everything and order == BY_NAME:
            self._begin(project, open_first=open_first)

        def work() -> Listed:
            ids = project.listing.ids(wanted)
            found = Listed(ids, project.listing.rows(ids[:PAGE]), project.listing.total())
            if order != BY_WORTH:
                return found
            return replace(
                found,
                candidates=project.looks.candidates(version=version),
                unreviewed=len(project.listing.unreviewed()),
            )

        def done(listed: Listed) -> None:
            if listed.candidates is None:
                self._list(listed, open_first=open_first)
            else:
                self._put_in_order(listed, listed.candidates, open_first=open_first)

        self._jobs.run(Lane.DATABASE, work, done=done, topic="list")

    def page(self, first: int) -> None:
        """Read the rows from the place `first` on, which somebody looks at."""
        project, ids = self._state.project, self._ids
        if project is None:
            return

        def done(rows: list[ListRow]) -> None:
            if ids is self._ids:
                self._view.put(first, rows)

        self._jobs.run(
            Lane.DATABASE, lambda: project.listing.rows(ids[first : first + PAGE]), done=done
        )

    def search(self, text: str) -> None:
        """List only images whose path holds this text."""
        self.wanted = replace(self.wanted, search=text.strip())
        self._jobs.after(200, "search", lambda: self.load(open_first=False))

    def filter(self, state: str, class_id: int | None) -> None:
        """List only images in this state, and with this word; empty and None for all."""
        self.wanted = replace(self.wanted, state=state, class_id=class_id)
        self.load(open_first=False)

    def sort(self, order: str) -> None:
        """List by BY_NAME, or BY_WORTH: what is most worth labelling first."""
        self.order = order
        self.load(open_first=False)

    def forget(self) -> None:
        """Show no image, because the project has changed."""
        self._open, self._ids = None, np.zeros(0, np.int64)
        self._came()
        self.wanted, self.order = Wanted(), BY_NAME
        self.ahead.forget()
        self._view.forget()

    def step(self, *, forward: bool) -> None:
        """Open the next or the previous image."""
        here = self.position
        there = 0 if here is None else here + (1 if forward else -1)
        self._forward = forward
        self.open(there)

    def step_unreviewed(self, *, forward: bool) -> None:
        """Open the next or the previous image that nobody has finished with."""
        project, ids = self._state.project, self._ids
        if project is None:
            return

        def done(unreviewed: Ids) -> None:
            there = following(ids, self.position, unreviewed, forward=forward)
            if ids is not self._ids:
                return
            if there is None:
                self._messages.say(tr(NO_OTHER))
            else:
                self._forward = forward
                self.open(there)

        self._jobs.run(Lane.DATABASE, project.listing.unreviewed, done=done, topic="unreviewed")

    def open(self, position: int) -> None:
        """Open the image at this place of the list."""
        project = self._state.project
        if project is None or not 0 <= position < len(self._ids):
            return
        number = int(self._ids[position])
        self._settle()
        self._leave(number)
        self._open = number
        self._view.select(position)

        kept = self.ahead.has(number)

        def read() -> tuple[ImageRow, Snapshot, Pixels | None]:
            row, snapshot = project.images.get(number), read_snapshot(project, number)
            return row, snapshot, kept if kept is not None and is_fresh(kept, row) else None

        def then(answer: tuple[ImageRow, Snapshot, Pixels | None]) -> None:
            row, snapshot, ready = answer
            if ready is not None:
                self._show(replace(ready, image=row), snapshot)
            else:
                self._load_pixels(project, row, snapshot)

        self._jobs.forget("pixels")
        self._jobs.after(SLOW_MILLISECONDS, "slow image", self._say_reading)
        self._jobs.run(Lane.DATABASE, read, done=then, failed=self._broken, topic="open")

    def toggle_reviewed(self) -> None:
        """Mark the open image as reviewed, or as not reviewed."""
        project, image = self._state.project, self._state.image
        if project is None or image is None or self._state.refuses(self._messages):
            return
        status = "unreviewed" if image.status == "reviewed" else "reviewed"
        asked = self._state.ask_step()

        def work() -> tuple[ListRow, Snapshot]:
            project.images.set_status(image.id, status)
            return project.listing.rows([image.id])[0], read_snapshot(project, image.id)

        def done(answer: tuple[ListRow, Snapshot]) -> None:
            self._reviewed(answer[0])
            if asked == self._state.steps:
                self._show_snapshot(answer[1])

        def failed(error: Exception) -> None:
            read = partial(read_snapshot, project, image.id)  # what was shown ahead of this step
            self._jobs.run(Lane.DATABASE, read, done=self._show_snapshot)
            if not isinstance(error, CascadeClipError):
                raise error
            self._messages.say(said(str(error)))

        self._jobs.run(Lane.DATABASE, work, done=done, failed=failed)

    def refresh_row(self) -> None:
        """Read the open image's row again, after undo may have changed it."""
        image = self._state.image
        if image is not None:
            self._refresh(image.id, topic="row")

    # Inside

    def _begin(self, project: Project, *, open_first: bool) -> None:
        """Show the images added first while those of a large project are put in order by name."""

        def work() -> Listed:
            rows = project.listing.begin(PAGE)
            ids = np.array([row.image.id for row in rows], np.int64)
            return Listed(ids, rows, project.listing.total())

        def done(listed: Listed) -> None:
            if project is self._state.project and not len(self._ids):
                self._list(listed, open_first=open_first)

        self._jobs.run(Lane.DATABASE, work, done=done)

    def _put_in_order(self, listed: Listed, known: Candidates, *, open_first: bool) -> None:
        """Order a list by worth, off the GUI thread: chosen ones, the rest by name, then done."""
        project = self._state.project

        def work() -> Ids:
            order = known.ids[worth_order(known.embeddings, known.uncertainty, known.reviewed)]
            chosen = order[np.isin(order, listed.ids)]
            return np.concatenate((chosen, listed.ids[~np.isin(listed.ids, chosen)]))

        def done(ids: Ids) -> None:
            if project is None or project is not self._state.project:
                return

            def show(rows: list[ListRow]) -> None:
                self._list(replace(listed, ids=ids, first=rows), open_first=open_first)

            self._jobs.run(
                Lane.DATABASE, lambda: project.listing.rows(ids[:PAGE]), done=show, topic="list"
            )

        self._jobs.run(Lane.WORK, work, done=done, topic="order")

    def _list(self, listed: Listed, *, open_first: bool) -> None:
        self._ids, self.total = listed.ids, listed.total
        self._view.reset(len(listed.ids), listed.total, listed.first)
        known = None if listed.candidates is None else listed.candidates.known
        self._view.show_known(known, listed.unreviewed)
        self._view.select(self.position)
        if len(self._ids) and self._open is None and open_first:
            self.open(0)
        self._state.changed(Change.LIST)

    def _leave(self, number: int) -> None:
        """Let go of the image before: what is to be made ready now are others."""
        self.ahead.stop()
        before = self._open
        if before is not None and before != number:
            self._refresh(before)

    def _refresh(self, number: int, *, topic: str | None = None) -> None:
        project = self._state.project
        if project is None:
            return

        def done(rows: list[ListRow]) -> None:
            for row in rows:
                self._replace(row)

        self._jobs.run(
            Lane.DATABASE, lambda: project.listing.rows([number]), done=done, topic=topic
        )

    def _load_pixels(self, project: Project, row: ImageRow, snapshot: Snapshot) -> None:
        def done(pixels: Pixels) -> None:
            self._show(pixels, snapshot)

        self._jobs.run(
            Lane.WORK,
            lambda: load_pixels(project, row),
            done=done,
            failed=self._broken,
            topic="pixels",
        )

    def _show(self, opened: Pixels, snapshot: Snapshot) -> None:
        self._came()
        state = self._state
        state.image, state.pixels, state.image_trouble = opened.image, opened.sizes[0], ""
        state.annotations, state.suggestions, state.preview = (), (), ()
        state.selected, state.unsaved = None, False
        self._canvas.show_image(opened.sizes, keep_place=self._state.keep_zoom)
        self._show_snapshot(snapshot)
        if state.project is not None:
            state.project.look(opened.image.id)
        if opened.said:
            self._messages.say(opened.said)
        self.ahead.keep(replace(opened, said=""))
        self.ahead.want(self._neighbours())
        state.changed(Change.IMAGE)

    def _say_reading(self) -> None:
        self.reading = True
        self._state.changed(Change.LIST)

    def _came(self) -> None:
        self._jobs.forget("slow image")
        self.reading = False

    def _neighbours(self) -> tuple[int, ...]:
        """Return the images beside the open one, first the one in the direction of travel."""
        here = self.position
        if here is None:
            return ()
        steps = (1, -1) if self._forward else (-1, 1)
        places = [here + step for step in steps if 0 <= here + step < len(self._ids)]
        return tuple(int(self._ids[place]) for place in places)

    def _broken(self, error: Exception) -> None:
        if not isinstance(error, CascadeClipError | OSError):
            raise error
        self._came()
        state = self._state
        state.image, state.pixels = None, None
        state.annotations, state.suggestions, state.preview = (), (), ()
        state.selected, state.image_trouble = None, said(str(error))
        self._canvas.clear(said(str(error)))
        if self._open is not None:
            self._view.mark_broken(self._open)
        state.changed(Change.IMAGE | Change.SHAPES | Change.SELECTION)

    def _reviewed(self, row: ListRow) -> None:
        self._replace(row)
        done = row.image.status == "reviewed"
        self._messages.say(tr("Marked as reviewed") if done else tr("No longer marked as reviewed"))

    def _replace(self, row: ListRow) -> None:
        self._view.replace(row)
        image = self._state.image
        if image is not None and image.id == row.image.id and image != row.image:
            self._state.image = row.image
            self._state.changed(Change.LIST)
