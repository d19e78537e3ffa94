"""How a simulated hand draws: polygons by their vertices, and strokes of a round brush.

What is planned is exact; what is done is shaken: every vertex and every point of a stroke lies
off by a normal error. A stroke is one pass along the middle of what is wrong, never a scribble,
with the largest brush that does not spill much.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

EPSILONS = (2.0, 4.0)
"""Pixels a traced outline may lie off (Douglas-Peucker): as exact as it has to be."""
RADII = (2, 4, 7, 11, 16, 24, 36)
"""Radii of the brush in pixels; the one that pays most is taken."""
MARGINS = (1.0, 0.6)
"""So much of its radius the middle of a brush keeps away from what it may spoil."""
SHAKE = 2.0
"""Pixels a hand is off at the most (sigma), however large the thing."""
_CELLS = 400

Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Hold a way to draw: `lines` of points N x 2 (x, y), and a brush's radius; 0 is a polygon."""

    lines: tuple[Points, ...]
    radius: int
    size: tuple[int, int]

    @property
    def kind(self) -> str:
        """Name the action."""
        return "stroke" if self.radius else "vertex"

    @property
    def count(self) -> int:
        """Return how many actions it takes: a stroke is one, a polygon one per vertex."""
        return 1 if self.radius else sum(max(3, len(line)) for line in self.lines)

    @property
    def length(self) -> float:
        """Return how far a brush moves, in sides of the image; nothing for a polygon."""
        if not self.radius:
            return 0.0
        way = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in self.lines)
        return way / max(self.size)

    def painted(self) -> Mask:
        """Return the pixels that it marks, HxW."""
        plane = np.zeros(self.size, dtype=np.uint8)
        rounded = [np.round(line).astype(np.int32) for line in self.lines]
        if not self.radius:
            return np.asarray(cv2.fillPoly(plane, rounded, 1) > 0, dtype=bool)
        wide = 2 * self.radius - 2  # as OpenCV draws it, nothing at the distance of the radius
        for line in rounded:
            if len(line) == 1:
                cv2.circle(plane, [int(one) for one in line[0]], self.radius - 1, 1, cv2.FILLED)
            else:
                cv2.polylines(plane, [line], isClosed=False, color=1, thickness=wide)
        return np.asarray(plane > 0, dtype=bool)

    def shaken(self, rng: np.random.Generator, sigma: float) -> Drawing:
        """Return the same by an unsteady hand; `sigma` in pixels."""
        lines = tuple(line + rng.normal(0, sigma, line.shape) for line in self.lines)
        return Drawing(lines, self.radius, self.size)


def polygon(region: Mask, spoilt: Mask, epsilon: float) -> Drawing:
    """Trace a region; holes are drawn over where nothing of `spoilt` lies in them.

    What belongs into such a hole comes on top later.
    """
    plane = region.astype(np.uint8)
    lines, _ = cv2.findContours(plane, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(plane), lines, -1, 1, cv2.FILLED) > 0
    if bool((spoilt & filled & ~region).any()):
        lines, _ = cv2.findContours(plane, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    traced = (cv2.approxPolyDP(line, epsilon, closed=True) for line in lines)
    points = tuple(line.reshape(-1, 2).astype(np.float64) for line in traced)
    return Drawing(points, 0, plane.shape)


def strokes(error: Mask, room: Mask) -> Iterator[Drawing]:
    """Yield a stroke through `error` for each brush that fits into `room`.

    `room` is where painting does no harm; the middle of the brush stays so far inside that it
    spills little, and a brush larger than the error reaches it from within.
    """
    left, top, wide, high = cv2.boundingRect(error.astype(np.uint8))
    left, top = max(0, left - RADII[-1]), max(0, top - RADII[-1])
    box = np.s_[top : top + high + 2 * RADII[-1], left : left + wide + 2 * RADII[-1]]
    way = way_through(error[box])
    inside = cv2.distanceTransform(room.astype(np.uint8), cv2.DIST_L2, 5)[box]
    for radius in RADII:
        for margin in MARGINS:
            allowed = inside >= margin * radius
            moved = _onto(allowed, way, radius) if allowed.any() else way[:0]
            if len(moved):
                yield Drawing((moved + (left, top),), radius, error.shape)


def way_through(region: Mask) -> Points:
    """Return points x, y along the longest of the shortest ways through a connected region."""
    inside = cv2.distanceTransform(np.pad(region, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    step = max(2, round((region.sum() / _CELLS) ** 0.5))
    rows, columns = np.nonzero(region)
    middle: dict[tuple[int, int], tuple[float, int, int]] = {}
    for row, column, depth in zip(
        rows.tolist(), columns.tolist(), inside[rows, columns].tolist(), strict=True
    ):
        cell = (row // step, column // step)
        if cell not in middle or depth > middle[cell][0]:
            middle[cell] = (depth, column, row)
    first = _ways(middle, next(iter(middle)))[-1][0]
    found = _ways(middle, first)
    before = dict(found)
    at: Cell | None = found[-1][0]
    way = []
    while at is not None:
        way.append(middle[at][1:])
        at = before[at]
    return np.array(way, dtype=np.float64)


Cell = tuple[int, int]


def _ways(cells: dict[Cell, tuple[float, int, int]], start: Cell) -> list[tuple[Cell, Cell | None]]:
    """Return every cell that can be reached and the one before it, the farthest last."""
    found: dict[Cell, Cell | None] = {start: None}
    ahead = deque([start])
    while ahead:
        row, column = ahead.popleft()
        for near in _AROUND:
            cell = (row + near[0], column + near[1])
            if cell in cells and cell not in found:
                found[cell] = (row, column)
                ahead.append(cell)
    return list(found.items())


_AROUND: Sequence[Cell] = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))


def _onto(allowed: Mask, way: Points, reach: float) -> Points:
    """Move each point to the nearest allowed pixel; drop those farther than a brush reaches."""
    far, labels = cv2.distanceTransformWithLabels(
        (~allowed).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(allowed)
    place = np.zeros((int(labels.max()) + 1, 2))
    place[labels[rows, columns]] = np.stack([columns, rows], axis=1)
    x, y = way.astype(np.intp).T
    near = far[y, x] <= reach
    moved: Points = place[labels[y, x]][near]
    return moved
