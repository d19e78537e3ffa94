"""Which corners of the selected mask can be moved."""

from __future__ import annotations

from functools import partial

from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.canvas.tools.operations import Corners, Moved, Ring
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.changing import AnsweringView
from cascadeclip.app.presenters.shaping import part_of
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.core.shaping import polygons
from cascadeclip.core.values import Rle

TOOL = "polygon"
REMEMBERED = 32


class CornersOf:
    """Show the corners of the selected mask while the polygon tool is chosen.

    A mask whose corners were moved keeps them: finding them anew would shift the others a little.
    """

    def __init__(self, state: State, jobs: Runner, canvas: AnsweringView) -> None:
        self._state, self._jobs, self._canvas = state, jobs, canvas
        self._shown: tuple[object, Rle] | None = None
        self._moved: dict[object, tuple[Ring, ...]] = {}
        self._known: dict[tuple[object, Rle], tuple[Ring, ...]] = {}
        self.active = False
        state.subscribe(Change.SELECTION | Change.SHAPES, self.refresh)

    def activate(self, active: bool, /) -> None:
        """Begin or end to show corners."""
        self.active, self._shown = active, None
        self.refresh()

    def move(self, moved: Moved) -> None:
        """Remember where the corners of a mask are now, until it comes back changed."""
        self._moved[moved.key] = moved.after

    def refresh(self) -> None:
        """Show the corners of the mask that is selected now."""
        shape = self._state.selected_of(Kind.ANNOTATION) if self.active else None
        if shape is None or shape.id is None:
            self._shown = None
            self._canvas.answer(TOOL, None)
            return
        now = (shape.key, shape.rle)
        if now == self._shown:
            return
        self._shown = now
        rings = self._known.get(now) or self._moved.pop(shape.key, None)
        if rings is not None:
            self._remember(now, rings)
            self._canvas.answer(TOOL, Corners(shape.key, rings))
            return
        work = partial(_corners, shape)
        self._jobs.run(Lane.WORK, work, done=partial(self._show, now), topic="corners")

    def _show(self, now: tuple[object, Rle], corners: Corners) -> None:
        if self._shown == now:
            self._remember(now, corners.rings)
            self._canvas.answer(TOOL, corners)

    def _remember(self, now: tuple[object, Rle], rings: tuple[Ring, ...]) -> None:
        self._known[now] = rings
        while len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)))


def _corners(shape: Shape) -> Corners:
    return Corners(shape.key, polygons.rings_of(part_of(shape)))
