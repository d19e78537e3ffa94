"""A brush stroke: discs stamped close enough to leave no gap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.cutout import Cutout, pack

SMALLEST_SIZE, LARGEST_SIZE = 1, 1000


@dataclass(frozen=True, slots=True, eq=False)
class FinishedStroke:
    """Hold the pixels a stroke went over, whether it erases, and where it began (image x, y)."""

    cutout: Cutout
    erase: bool
    start: tuple[float, float]


def disc(size: int) -> NDArray[np.bool_]:
    """Give a size x size bool disc of that diameter in pixels."""
    middle = (size - 1) / 2
    rows, columns = np.ogrid[:size, :size]
    inside: NDArray[np.bool_] = (rows - middle) ** 2 + (columns - middle) ** 2 <= (size / 2) ** 2
    return inside


class Stroke:
    """Collect the pixels under a brush of `size` pixels moved over a height x width image."""

    def __init__(self, height: int, width: int, *, size: int, erase: bool) -> None:
        self.mask = np.zeros((height, width), np.bool_)
        self.erase = erase
        self._disc = disc(size)
        self._size = size
        self._last: tuple[float, float] | None = None
        self._start = (0.0, 0.0)
        self._dirty = [height, width, 0, 0]
        self._fresh = [height, width, 0, 0]

    @property
    def dirty(self) -> tuple[slice, slice]:
        """Give the rows and columns that hold everything stamped so far."""
        return _slices(self._dirty)

    def move_to(self, x: float, y: float) -> tuple[slice, slice]:
        """Stamp from the last position to image position x, y; give the box that was stamped."""
        self._fresh = [*self.mask.shape, 0, 0]
        if self._last is None:
            self._start = self._last = (x, y)
            self._stamp(x, y)
            return _slices(self._fresh)
        from_x, from_y = self._last
        # An eighth of the diameter: the edge of the stroke stays within a pixel of straight.
        steps = max(1, math.ceil(math.hypot(x - from_x, y - from_y) / max(1.0, self._size / 8)))
        for step in range(1, steps + 1):
            part = step / steps
            self._stamp(from_x + (x - from_x) * part, from_y + (y - from_y) * part)
        self._last = (x, y)
        return _slices(self._fresh)

    def finish(self) -> FinishedStroke:
        """Give what the stroke went over."""
        rows, columns = self.dirty
        # The box of the discs is the box of what they cover: no need to look for it.
        cutout = pack(self.mask[rows, columns], rows.start, columns.start)
        return FinishedStroke(cutout, self.erase, self._start)

    def _stamp(self, x: float, y: float) -> None:
        top, left = math.floor(y - self._size / 2 + 0.5), math.floor(x - self._size / 2 + 0.5)
        height, width = self.mask.shape
        row0, row1 = max(top, 0), min(top + self._size, height)
        column0, column1 = max(left, 0), min(left + self._size, width)
        if row0 < row1 and column0 < column1:
            stamp = self._disc[row0 - top : row1 - top, column0 - left : column1 - left]
            self.mask[row0:row1, column0:column1] |= stamp
            for box in (self._dirty, self._fresh):
                box[:2] = min(box[0], row0), min(box[1], column0)
                box[2:] = max(box[2], row1), max(box[3], column1)


def _slices(box: list[int]) -> tuple[slice, slice]:
    top, left, bottom, right = box
    return slice(min(top, bottom), bottom), slice(min(left, right), right)


def next_size(size: int, *, larger: bool) -> int:
    """Give the brush size one key press away: about a seventh, at least one pixel."""
    step = max(1, round(size * 0.15))
    return min(max(size + (step if larger else -step), SMALLEST_SIZE), LARGEST_SIZE)
