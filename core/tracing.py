"""From masks to the outlines along the corners of their pixels, many masks at a time.

A mask is a row of runs down its columns. An edge lies above the first pixel of each run and below
its last; where the edges of two neighbouring columns differ, the outline turns. So the time taken
grows with the length of outlines, not with the pixels inside, and what numpy costs for each call is
paid once for all masks of an image: they stand side by side, a column apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.values import Rle

Polygon = NDArray[np.int64]  # N x 2: (x, y), ...
Numbers = NDArray[np.int64]


def trace(mask: NDArray[np.bool_]) -> list[Polygon]:
    """Return one outline (N x 2: x, y) for each 4-connected part of an HxW bool mask.

    Whole numbers of pixels, lines along rows and columns only, each part from its first corner
    clockwise; holes are joined by keyholes. An empty mask gives [].
    """
    return trace_all([masks.encode(mask)])[0] if mask.size else []


def trace_all(rles: Sequence[Rle]) -> list[list[Polygon]]:
    """Return the outlines of each mask as `trace` does; all masks have the same height.

    Raise MaskInvalid.
    """
    if not rles:
        return []
    stripes = _Stripes.of(rles)
    found: list[list[Polygon]] = [[] for _ in rles]
    if stripes.column.size == 0:
        return found
    for polygon in _Rings(stripes).polygons():
        number = bisect_right(stripes.begins, int(polygon[0, 0])) - 1
        found[number].append(polygon + (stripes.lefts[number] - stripes.begins[number], 0))
    return found


@dataclass(frozen=True, slots=True)
class _Stripes:
    """Hold runs inside their columns: rows `top` to `bottom` (not included) of each `column`.

    Mask `n` begins at column `begins[n]`, which is column `lefts[n]` of its image.
    """

    height: int
    width: int
    column: Numbers
    top: Numbers
    bottom: Numbers
    begins: list[int]
    lefts: list[int]

    @classmethod
    def of(cls, rles: Sequence[Rle]) -> _Stripes:
        """Put the masks side by side, each as far as it reaches. Raise MaskInvalid."""
        height, width = rles[0].height, 0
        begins, lefts, spans = [], [], []
        for rle in rles:
            span = masks.spans(rle)
            first, last = (span[0, 0] // height, span[-1, 1] // height) if span.size else (0, 0)
            begins.append(width)
            lefts.append(int(first))
            spans.append(span + (width - first) * height)
            width += int(last - first) + 2
        starts, ends = np.concatenate(spans).T
        first, last = starts // height, (ends - 1) // height
        many = last - first + 1
        if many.max(initial=1) > 1:  # runs that go on at the top of the next column
            step = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
            column = np.repeat(first, many) + step
            starts = np.maximum(np.repeat(starts, many), column * height)
            ends = np.minimum(np.repeat(ends, many), (column + 1) * height)
            first = column
        return cls(
            height, width, first, starts - first * height, ends - first * height, begins, lefts
        )

    def above(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return where going up from each corner (x, y) between two columns meets a run's begin.

        That is its column and its row; the pixels above and to both sides are inside.
        """
        tall = self.height + 1
        keys = self.column * tall + self.top
        left, right = (
            self.top[np.searchsorted(keys, column * tall + y) - 1] for column in (x - 1, x)
        )
        return np.where(right >= left, x, x - 1), np.maximum(left, right)


class _Rings:
    """Walk the outlines with the inside to their right, and join each hole to what is around it.

    An edge is a line along a row. Even places of `points` are where edges begin, odd ones where
    they end; from there the outline goes along a column to the begin of the next.
    """

    def __init__(self, stripes: _Stripes) -> None:
        self._stripes = stripes
        self._edges = edges = _edges(stripes)
        order, self._ends, self._outer = _walk(edges, _following(edges, stripes.height))
        self._place = np.empty_like(order)
        self._place[order] = np.arange(order.size)
        self._begins = [0, *self._ends[:-1]]
        self._points = np.empty((2 * order.size, 2), np.int64)
        self._points[0::2, 0], self._points[1::2, 0] = edges.begin[order], edges.end[order]
        self._points[0::2, 1] = self._points[1::2, 1] = edges.row[order]
        # What hangs on a ring: the place of a point, and what hangs behind it: (column, row, ring).
        self._hung: dict[int, list[tuple[int, list[tuple[int, int, int]]]]] = {}

    def polygons(self) -> Iterator[Polygon]:
        """Yield the outlines of the parts with their holes hung in, from left to right."""
        holes = [number for number, outer in enumerate(self._outer) if not outer]
        if holes:
            self._hang(holes)
        for number, outer in enumerate(self._outer):
            if not outer:
                continue
            if number in self._hung:
                yield without_repeats(np.concatenate(list(self._pieces(number))))
            else:
                yield self._points[self._begins[number] : self._ends[number]]

    def _hang(self, holes: list[int]) -> None:
        """Hang each hole on the edge that is met when going up from its first corner."""
        # A hole begins with the edge above its first pixel, which ends in its first corner.
        x, y = self._points[[self._begins[hole] + 1 for hole in holes]].T
        column, row = self._stripes.above(x, y)
        met: dict[int, list[tuple[int, int, int]]] = {}
        edges = self._place[self._edges.of(column, row)].tolist()
        for edge, *hung in zip(edges, x.tolist(), row.tolist(), holes, strict=True):
            met.setdefault(edge, []).append((hung[0], hung[1], hung[2]))
        for edge in sorted(met):
            at = 2 * edge
            self._hung.setdefault(bisect_right(self._ends, at), []).append((at, sorted(met[edge])))

    def _pieces(self, number: int) -> Iterator[Polygon]:
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
        """Yield the ring from its first corner and back to it, and the numbers of hung rings."""
        begin, end = self._begins[number], self._ends[number]
        turn = 0 if self._outer[number] else 1
        done = begin + turn
        for at, hung in self._hung.get(number, ()):
            yield self._points[done : at + 1]
            done = at + 1
            for x, y, hole in hung:
                place = np.array([(x, y)])
                yield place
                if hole in self._hung:
                    yield hole
                else:  # most: no need to go down and come up again
                    first = self._begins[hole]
                    yield self._points[first + 1 : self._ends[hole]]
                    yield self._points[first : first + 2]
                yield place
        yield self._points[done:end]
        yield self._points[begin : begin + turn + 1]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Hold the edges: each goes from column `begin` to `end` of a `row`.

    The first `below` of them have the inside below and go to the right, the others to the left.
    """

    begin: Numbers
    end: Numbers
    row: Numbers
    below: int
    wide: int

    def of(self, column: Numbers, row: Numbers) -> Numbers:
        """Return the number of the edge above each of these first pixels of a run."""
        keys = self.row[: self.below] * self.wide + self.begin[: self.below]
        return np.searchsorted(keys, row * self.wide + column, side="right") - 1


def _edges(stripes: _Stripes) -> _Edges:
    """Join the pieces of one column each that lie in one line, the inside on the same side."""
    wide = stripes.width + 1
    upper = _joined(np.sort(stripes.top * wide + stripes.column))
    lower = _joined(np.sort(stripes.bottom * wide + stripes.column))
    row = np.concatenate((upper[0], lower[0])) // wide
    left = np.concatenate((upper[0], lower[1])) % wide
    right = np.concatenate((upper[1], lower[0])) % wide
    return _Edges(left, right, row, upper[0].size, wide)


def _joined(places: Numbers) -> tuple[Numbers, Numbers]:
    """Return first and last (not included) of each row of numbers without a gap."""
    apart = np.flatnonzero(np.diff(places) != 1)
    first = np.concatenate((places[:1], places[apart + 1]))
    return first, np.concatenate((places[apart], places[-1:])) + 1


def _following(edges: _Edges, height: int) -> list[int]:
    """Return for each edge the number of the one that goes on where its column line ends.

    Along a column, points are joined two by two. Where two outlines touch, two points are at one
    place: the line of the edge with the inside above it goes up, that of the other down.
    """
    count = edges.row.size
    down = np.zeros(count, np.int64)
    down[: edges.below] = 1
    place = np.concatenate((edges.begin, edges.end)) * (height + 1) + np.tile(edges.row, 2)
    order = np.argsort(place * 2 + np.tile(down, 2))
    one, other = order[0::2], order[1::2]
    leaving = np.maximum(one, other) - count  # of the two, one begins an edge and one ends one
    following = np.empty(count, np.int64)
    following[leaving] = np.minimum(one, other)
    return following.tolist()


def _walk(edges: _Edges, following: list[int]) -> tuple[Numbers, list[int], list[bool]]:
    """Return the edges ring by ring, the place of the point behind each, and which are no holes.

    A ring begins with its leftmost and there topmost edge, rings from left to right.
    """
    first = np.minimum(edges.begin, edges.end)
    seen = bytearray(len(following))
    found: list[int] = []
    add = found.append
    ends: list[int] = []
    outer: list[bool] = []
    for start in np.lexsort((edges.row, first)).tolist():
        if seen[start]:
            continue
        at = start
        while not seen[at]:
            seen[at] = 1
            add(at)
            at = following[at]
        ends.append(2 * len(found))
        outer.append(start < edges.below)
    return np.array(found, np.int64), ends, outer


def without_repeats(points: Polygon) -> Polygon:
    """Drop points equal to the one before, and a last that is the first: the rest is the same."""
    kept = points[np.r_[True, np.any(points[1:] != points[:-1], axis=1)]]
    if len(kept) > 1 and np.array_equal(kept[0], kept[-1]):
        return kept[:-1]
    return kept
