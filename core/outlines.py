"""Outlines of masks along the corners of their pixels, and masks of outlines: one is exact.

A pixel at column x and row y covers x..x+1 and y..y+1. An outline runs where pixels inside meet
pixels outside, so that its rasterisation is the mask again. An outline cannot have holes: each
hole is joined to its surroundings by a line that is walked there and back (a keyhole).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.values import MAX_PIXELS, Rle

Polygon = list[tuple[int, int]]

# Drawing takes time and memory with the length of an outline, which a stranger may choose.
_LONGEST = 20_000_000
_FARTHEST = 1_000_000


def trace(mask: NDArray[np.bool_]) -> list[Polygon]:
    """Return one outline (x, y), (x, y), ... for each 4-connected part of an HxW bool mask.

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
        return list(polygons[0])
    start = polygons[0][0]
    joined: Polygon = []
    for polygon in polygons:
        first = polygon[0]
        way = [start, (first[0], start[1])]
        joined += [*way, *polygon, first, *reversed(way)]
    return _without_repeats(joined)


def rasterise(polygons: Sequence[Sequence[float]], height: int, width: int) -> Rle:
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


def _checked(polygon: Sequence[float]) -> list[float]:
    points = np.asarray(polygon, dtype=np.float64)
    if points.ndim != 1 or points.size < 6 or points.size % 2:
        raise MaskInvalid("An outline needs at least three points, each with x and y.")
    if not np.isfinite(points).all() or np.abs(points).max() > _FARTHEST:
        raise MaskInvalid("An outline leaves the image by far, or has points that are nowhere.")
    steps = np.abs(points.reshape(-1, 2) - np.roll(points.reshape(-1, 2), 1, axis=0))
    if steps.max(axis=1).sum() > _LONGEST:
        raise MaskInvalid("An outline is too long to be drawn.")
    return [float(value) for value in points]


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
    single_y, single_x = np.nonzero(turns)
    double_y, double_x = np.nonzero(crossed)
    x = np.concatenate((single_x, double_x, double_x)).astype(np.int64)
    y = np.concatenate((single_y, double_y, double_y)).astype(np.int64)
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
        self._mask, self._rings = mask, rings
        self._x, self._y = corners.x.tolist(), corners.y.tolist()
        self._down = corners.down.tolist()
        # Lines along columns by their place; two lines never begin at one place.
        upper = np.flatnonzero(corners.y < corners.y[corners.down])
        keys = corners.x[upper] * (mask.shape[0] + 2) + corners.y[upper]
        order = np.argsort(keys)
        self._keys, self._upper = keys[order], upper[order]
        # What hangs on a line, by the corner where the line begins: (row, column, ring).
        self._hung: dict[int, list[tuple[int, int, int]]] = {}

    def polygons(self) -> list[Polygon]:
        """Return the outlines of the parts with their holes hung in."""
        outer = []
        for number, ring in enumerate(self._rings):
            x, y = self._x[ring[0]], self._y[ring[0]]
            if self._mask[y, x]:
                outer.append(number)
            else:
                self._hang(number, x, y)
        return [_without_repeats(list(self._walk(number))) for number in outer]

    def _hang(self, number: int, x: int, y: int) -> None:
        # Both pixels left of the hole's first corner are inside: go left while that stays so.
        pair = self._mask[y - 1, :x] & self._mask[y, :x]
        outside = np.flatnonzero(~pair[::-1])
        column = x - int(outside[0]) if outside.size else 0
        key = column * (self._mask.shape[0] + 2) + y
        upper = int(self._upper[np.searchsorted(self._keys, key, side="right") - 1])
        self._hung.setdefault(upper, []).append((y, column, number))

    def _walk(self, number: int) -> Iterator[tuple[int, int]]:
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

    def _steps(self, number: int) -> Iterator[tuple[int, int] | int]:
        ring = self._rings[number]
        for at, corner in enumerate(ring):
            yield self._x[corner], self._y[corner]
            if at % 2:  # from here the outline goes along a column
                other = self._down[corner]
                falls = self._y[corner] < self._y[other]
                hung = sorted(self._hung.get(corner if falls else other, ()), reverse=not falls)
                for y, x, hole in hung:
                    yield x, y
                    yield hole
                    yield x, y
        yield self._x[ring[0]], self._y[ring[0]]


def _without_repeats(points: Polygon) -> Polygon:
    """Drop points equal to the one before, and a last that is the first: the rest is the same."""
    kept = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept
