"""Outlines of masks along the corners of their pixels, and masks of outlines: one is exact.

A pixel at column x and row y covers x..x+1 and y..y+1. An outline runs where pixels inside meet
pixels outside, so that its rasterisation is the mask again. An outline cannot have holes: each
hole is joined to its surroundings by a line that is walked there and back (a keyhole).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.tracing import Polygon, trace, trace_all, without_repeats
from cascadeclip.core.values import MAX_PIXELS, Rle

__all__ = ["Polygon", "join", "rasterise", "redrawn", "trace", "trace_all"]

# Drawing takes time and memory with the length of an outline, which a stranger may choose.
_LONGEST = 20_000_000
_FARTHEST = 1_000_000


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
    return without_repeats(np.concatenate(joined))


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
    return _drawn([_checked(polygon) for polygon in polygons], height, width)


def redrawn(polygons: Sequence[Polygon], height: int, width: int) -> Rle:
    """Return what `rasterise` gives for outlines that `trace` gave: they need no check."""
    return _drawn([polygon.ravel() for polygon in polygons], height, width)


def _drawn(rows: Sequence[NDArray[np.float64] | Polygon], height: int, width: int) -> Rle:
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
