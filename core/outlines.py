"""Outlines of masks along the corners of their pixels, and masks of outlines: one is exact.

A pixel at column x and row y covers x..x+1 and y..y+1. An outline runs where pixels inside meet
pixels outside, so that its rasterisation is the mask again. An outline cannot have holes: each
hole is joined to its surroundings by a line that is walked there and back (a keyhole).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.values import MAX_PIXELS, Rle

Polygon = NDArray[np.int64]  # N x 2: (x, y), ...

# Drawing takes time and memory with the length of an outline, which a stranger may choose.
_LONGEST = 20_000_000
_FARTHEST = 1_000_000


def trace(mask: NDArray[np.bool_]) -> list[Polygon]:
    """Return one outline (N x 2: x, y) for each 4-connected part of an HxW bool mask.

    Whole numbers of pixels, lines along rows and columns only, each part from its first corner
    clockwise; holes are joined by keyholes. An empty mask gives [].
    """
    corners = _corners(mask)
    if corners.x.size == 0:
        return []
    rings = _rings(corners)
    return _Joined(mask, corners, rings).polygons()


def join(polygons: Sequence[Polygon]) -> Polygon:
    """Join several outlines to one, by lines along a row and a column, walked there and back."""
    if len(polygons) == 1:
        return polygons[0]
    start = polygons[0][0]
    joined: list[Polygon] = []
    for polygon in polygons:
        first = polygon[0]
        way = np.array([start, (first[0], start[1])])
        joined += [way, polygon, first[None], way[::-1]]
    return _without_repeats(np.concatenate(joined))


def rasterise(
    polygons: Sequence[Sequence[float] | NDArray[np.float64]], height: int, width: int
) -> Rle:
    """Return the union of outlines [x, y, x, y, ...] (pixels) as a mask of height x width.

    As pycocotools draws them, which is exact for what `trace` gives. Raise MaskInvalid for fewer
    than three points, numbers that are no places in or near the image, or endless outlines.
    """
    if height < 1 or width < 1 or height * width > MAX_PIXELS:
        raise MaskInvalid(f"A mask cannot be {width} x {height} pixels large.")
    if not polygons:
        raise MaskInvalid("A mask without outlines has no pixels.")
    rows = [_checked(polygon) for polygon in polygons]
    parts = coco.frPyObjects(rows, height, width)
    while len(parts) > 1:  # two by two: all at once takes time with the square of their number
        parts = [coco.merge(parts[at : at + 2]) for at in range(0, len(parts), 2)]
    return Rle(height, width, bytes(parts[0]["counts"]))


def _checked(polygon: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    points = np.asarray(polygon, dtype=np.float64)
    if points.ndim != 1 or points.size < 6 or points.size % 2:
        raise MaskInvalid("An outline needs at least three points, each with x and y.")
    if not np.isfinite(points).all() or np.abs(points).max() > _FARTHEST:
        raise MaskInvalid("An outline leaves the image by far, or has points that are nowhere.")
    steps = np.abs(np.diff(points.reshape(-1, 2), axis=0, append=points[None, :2]))
    if steps.max(axis=1).sum() > _LONGEST:
        raise MaskInvalid("An outline is too long to be drawn.")
    return points


@dataclass(frozen=True, slots=True)
class _Corners:
    """Hold where the outline turns; `across` and `down` name each one's partner on the line."""

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    across: NDArray[np.int64]
    down: NDArray[np.int64]


def _corners(mask: NDArray[np.bool_]) -> _Corners:
    """Find the corners: 2x2 pixels of which one, three, or two on a diagonal are inside.

    A diagonal is two corners at one place, each of one of the pixels: so parts that touch only
    there stay apart.
    """
    padded = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), bool)
    padded[1:-1, 1:-1] = mask
    above_left, above = padded[:-1, :-1], padded[:-1, 1:]
    left, here = padded[1:, :-1], padded[1:, 1:]
    turns = above_left ^ above ^ left ^ here
    crossed = (above_left == here) & (above == left) & (above_left != above)
    single_y, single_x = np.divmod(np.flatnonzero(turns), turns.shape[1])
    double_y, double_x = np.divmod(np.flatnonzero(crossed), turns.shape[1])
    x = np.concatenate((single_x, double_x, double_x))
    y = np.concatenate((single_y, double_y, double_y))
    count = double_x.size
    # Of the two corners at a crossing, the first has its line to the left, the second to the
    # right; the first goes up where the pixel above left is inside, down where it is not.
    side = np.zeros(x.size, np.int64)
    side[x.size - count :] = 1
    falling = above_left[double_y, double_x]
    height_side = np.zeros(x.size, np.int64)
    height_side[single_x.size : single_x.size + count] = ~falling
    height_side[x.size - count :] = falling
    across = _partners(np.lexsort((side, x, y)))
    return _Corners(x, y, across, _partners(np.lexsort((height_side, y, x))))


def _partners(order: NDArray[np.int64]) -> NDArray[np.int64]:
    partners = np.empty_like(order)
    partners[order[0::2]], partners[order[1::2]] = order[1::2], order[0::2]
    return partners


def _rings(corners: _Corners) -> list[list[int]]:
    """Walk every closed outline, each from its topmost and there leftmost corner to the right."""
    order = np.lexsort((corners.x, corners.y)).tolist()
    across, down = corners.across.tolist(), corners.down.tolist()
    seen = bytearray(len(order))
    rings = []
    for first in order:
        if seen[first]:
            continue
        ring, at = [], first
        while not seen[at]:
            seen[at] = 1
            other = across[at]
            seen[other] = 1
            ring += [at, other]
            at = down[other]
        rings.append(ring)
    return rings


class _Joined:
    """Join each hole to the outline that lies to the left of its first corner."""

    def __init__(self, mask: NDArray[np.bool_], corners: _Corners, rings: list[list[int]]) -> None:
        self._mask, self._down = mask, corners.down
        self._corners = np.stack((corners.x, corners.y), axis=1)
        self._ends = np.cumsum([len(ring) for ring in rings]).tolist()
        self._begins = [0, *self._ends[:-1]]
        # All rings in a row: from every second of its corners a ring goes along a column.
        self._row = np.fromiter(chain.from_iterable(rings), np.int64, self._ends[-1])
        self._points = self._corners[self._row]
        # What hangs on a ring: the place in the row, and what hangs there: (row, column, ring).
        self._hung: dict[int, list[tuple[int, list[tuple[int, int, int]]]]] = {}

    def polygons(self) -> list[Polygon]:
        """Return the outlines of the parts with their holes hung in."""
        firsts = self._points[self._begins]
        outer = self._mask[firsts[:, 1], firsts[:, 0]]
        holes = np.flatnonzero(~outer)
        if holes.size:
            self._hang(holes, firsts[holes])
        return [
            _without_repeats(np.concatenate(list(self._walk(int(number)))))
            for number in np.flatnonzero(outer)
        ]

    def _hang(self, holes: NDArray[np.int64], firsts: Polygon) -> None:
        """Hang each hole on the line that is met when going left from its first corner."""
        x, y = firsts.T
        # Both pixels left of a hole's first corner are inside: go left while that stays so.
        rows, row = np.unique(y, return_inverse=True)
        outside = ~(self._mask[rows - 1] & self._mask[rows])
        places = np.where(outside, np.arange(outside.shape[1]), -1)
        column = np.maximum.accumulate(places, axis=1)[row, x - 1] + 1
        begins, ends = self._points[1::2], self._corners[self._down[self._row[1::2]]]
        falls = begins[:, 1] < ends[:, 1]
        # Lines along columns by their place; two lines never begin at one place.
        tall = self._mask.shape[0] + 2
        keys = begins[:, 0] * tall + np.minimum(begins[:, 1], ends[:, 1])
        order = np.argsort(keys)
        lines = order[np.searchsorted(keys[order], column * tall + y, side="right") - 1]
        on_line: dict[int, list[tuple[int, int, int]]] = {}
        for line, *place in zip(
            lines.tolist(), y.tolist(), column.tolist(), holes.tolist(), strict=True
        ):
            on_line.setdefault(line, []).append((place[0], place[1], place[2]))
        for line in sorted(on_line):
            at = 2 * line + 1
            hung = sorted(on_line[line], reverse=not falls[line])
            self._hung.setdefault(bisect_right(self._ends, at), []).append((at, hung))

    def _walk(self, number: int) -> Iterator[Polygon]:
        """Yield the points of a ring and of what hangs on it; no recursion, holes may be many."""
        stack = [self._steps(number)]
        while stack:
            for step in stack[-1]:
                if isinstance(step, int):
                    stack.append(self._steps(step))
                    break
                yield step
            else:
                stack.pop()

    def _steps(self, number: int) -> Iterator[Polygon | int]:
        done, end = self._begins[number], self._ends[number]
        first = self._points[done : done + 1]
        for at, hung in self._hung.get(number, ()):
            yield self._points[done : at + 1]
            done = at + 1
            for y, x, hole in hung:
                place = np.array([(x, y)])
                yield place
                yield hole
                yield place
        yield self._points[done:end]
        yield first


def _without_repeats(points: Polygon) -> Polygon:
    """Drop points equal to the one before, and a last that is the first: the rest is the same."""
    kept = points[np.r_[True, np.any(points[1:] != points[:-1], axis=1)]]
    if len(kept) > 1 and np.array_equal(kept[0], kept[-1]):
        return kept[:-1]
    return kept
