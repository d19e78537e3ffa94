"""Corners of a mask's outlines that can be dragged, made and deleted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from cascadeclip.app.canvas.tools import marks
from cascadeclip.app.canvas.tools.base import Board, Pointer
from cascadeclip.app.canvas.tools.operations import Corners, Moved, Ring

FEWEST = 3


class Editing:
    """Hold the outlines of one mask and the corner that is held or in reach.

    `lit` is the ring and the corner under the pointer.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._corners: Corners | None = None
        self._before: tuple[Ring, ...] = ()
        self.lit: tuple[int, int] | None = None
        self.held = False

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Give the outlines as they are shown."""
        return self._corners.rings if self._corners else ()

    def show(self, corners: Corners | None) -> None:
        """Show the corners of another mask; what is held is let go."""
        self._corners, self.lit, self.held = corners, None, False

    def take(self, at: Pointer) -> bool:
        """Take hold of the corner here, or of a new one on the line here; False when none is."""
        if self._corners is None:
            return False
        self._before = self.rings
        self.lit = nearest_corner(self.rings, at)
        if self.lit is None:
            on_line = nearest_line(self.rings, at)
            if on_line is None:
                return False
            number, corner = on_line
            ring = np.insert(self.rings[number], corner, (at.x, at.y), axis=0)
            self._put(number, ring)
            self.lit = on_line
        self.held = True
        return True

    def move(self, at: Pointer, *, lit: bool) -> None:
        """Drag what is held; else light up the corner in reach, where `lit` allows it."""
        if self.held and self.lit is not None:
            number, corner = self.lit
            ring = self.rings[number].copy()
            ring[corner] = at.x, at.y
            self._put(number, ring)
        else:
            self.lit = nearest_corner(self.rings, at) if lit else None

    def let_go(self) -> None:
        """Give the outlines as they are now, if anything was moved."""
        if not self.held:
            return
        self.held = False
        self._give()

    def delete(self) -> None:
        """Take the corner in reach away; an outline of too few corners goes whole."""
        if self.lit is None or self._corners is None:
            return
        self._before = self.rings
        number, corner = self.lit
        ring = np.delete(self.rings[number], corner, axis=0)
        self.lit = None
        self._put(number, ring if len(ring) >= FEWEST else np.zeros((0, 2)))
        self._give()

    def give_up(self) -> None:
        """Put what is held back."""
        if self.held and self._corners is not None:
            self._corners = Corners(self._corners.key, self._before)
        self.held, self.lit = False, None

    def paint(self, painter: QPainter) -> None:
        """Draw the outlines and their corners."""
        here = self._board.placement
        for number, ring in enumerate(self.rings):
            places = [marks.place(here, (x, y)) for x, y in ring]
            if self.held and places:
                marks.draw_line(painter, [*places, places[0]], self._board.colour, dashed=False)
            for corner, place in enumerate(places):
                marks.draw_corner(painter, place, strong=self.lit == (number, corner))

    def extent(self) -> QRectF:
        """Give the box around all corners."""
        here = self._board.placement
        return marks.around([marks.place(here, (x, y)) for ring in self.rings for x, y in ring])

    def _put(self, number: int, ring: Ring) -> None:
        assert self._corners is not None
        rings = (*self.rings[:number], ring, *self.rings[number + 1 :])
        self._corners = Corners(self._corners.key, rings)

    def _give(self) -> None:
        if self._corners is None:
            return
        after = tuple(ring for ring in self.rings if len(ring))
        same = len(after) == len(self._before) and all(map(np.array_equal, after, self._before))
        self._corners = Corners(self._corners.key, after)
        if not same:
            self._board.give(Moved(self._corners.key, self._before, after))


def nearest_corner(rings: tuple[Ring, ...], at: Pointer) -> tuple[int, int] | None:
    """Find the corner nearest to the pointer and in its reach: ring and corner."""
    best, found = at.reach, None
    for number, ring in enumerate(rings):
        if not len(ring):
            continue
        away = np.hypot(ring[:, 0] - at.x, ring[:, 1] - at.y)
        corner = int(away.argmin())
        if away[corner] <= best:
            best, found = float(away[corner]), (number, corner)
    return found


def nearest_line(rings: tuple[Ring, ...], at: Pointer) -> tuple[int, int] | None:
    """Find the line nearest to the pointer and in its reach: ring and place of a new corner."""
    best, found = at.reach, None
    for number, ring in enumerate(rings):
        if not len(ring):
            continue
        away = _from_lines(ring, np.array((at.x, at.y)))
        line = int(away.argmin())
        if away[line] <= best:
            best, found = float(away[line]), (number, line + 1)
    return found


def _from_lines(ring: Ring, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a point is from each line of a ring."""
    along = np.roll(ring, -1, axis=0) - ring
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(((point - ring) * along).sum(axis=1) / length, 0, 1)
    foot = ring + share[:, None] * along
    return np.asarray(np.hypot(*(foot - point).T))
