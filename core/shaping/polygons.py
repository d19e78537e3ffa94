"""Polygons with holes: drawn ones become masks, masks become polygons whose corners move.

Positions are those of `core.outlines`: the pixel at column x, row y covers x..x+1 and y..y+1. A
pixel belongs to a polygon when its middle lies inside; rings inside rings are holes (even-odd).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import outlines
from cascadeclip.core.shaping.operations import fill_holes
from cascadeclip.core.shaping.part import EMPTY, Part, around

if TYPE_CHECKING:
    from collections.abc import Sequence

Ring = NDArray[np.float64]  # N x 2: (x, y), the last joined to the first
LIKE = 0.99
"""A simplified outline grows simpler as long as what it holds is so like the mask (IoU)."""
TOLERANCES = 0.5, 4.0  # the least and the most, in pixels, while corners are few
MOST_CORNERS = 600
LONG = 4  # pixels: two sides as long as this meet in a corner, shorter ones are a step


def fill(rings: Sequence[Ring], height: int, width: int) -> Part:
    """Return the pixels inside the rings, within an image of height x width."""
    edges = _edges(rings)
    if edges.size == 0:
        return EMPTY
    top = max(0, int(np.floor(edges[:, [1, 3]].min())))
    bottom = min(height, int(np.ceil(edges[:, [1, 3]].max())))
    left = min(max(0, int(np.floor(edges[:, [0, 2]].min()))), width)
    right = min(width, int(np.ceil(edges[:, [0, 2]].max())))
    if top >= bottom or left >= right:
        return EMPTY
    rows, at = _crossings(edges, top, bottom)
    # right of a crossing inside and outside change places
    columns = np.clip(np.ceil(at - 0.5), left, right).astype(np.int64) - left
    changes = np.zeros((bottom - top, right - left + 1), np.int32)
    np.add.at(changes, (rows, columns), 1)
    inside = np.cumsum(changes, axis=1)[:, :-1] % 2 == 1
    return Part(top, left, inside).tight()


def rings_of(part: Part, *, like: float = LIKE, most: int = MOST_CORNERS) -> tuple[Ring, ...]:
    """Return the outlines of a mask with few corners, without the steps of its pixels.

    Corners are left out (Douglas and Peucker, 1973) first within half a pixel, then within twice
    as much and so on, as long as the outlines hold what is `like` the mask (intersection over
    union) and while there are more than `most` corners. `fill` of `exact_rings` gives a mask back
    bit for bit; of these it gives what looks the same.
    """
    exact = exact_rings(part)
    soft = [_without_steps(ring) for ring in exact]
    tolerance, most_off = TOLERANCES
    best = _simple(soft, tolerance) or exact
    while tolerance < max(part.pixels.shape, default=0):
        many = sum(map(len, best)) > most
        tolerance *= 2
        rings = _simple(soft, tolerance)
        if not many and (tolerance > most_off or _likeness(part, rings) < like):
            break
        best = rings
    return best


def reshaped(
    part: Part, before: Sequence[Ring], after: Sequence[Ring], height: int, width: int
) -> Part:
    """Return the mask with its outline moved from the rings `before` to the rings `after`.

    Pixels that both sets of rings agree on stay as they are: moving one corner of a simplified
    outline does not coarsen the rest of the mask.
    """
    old, new = fill(before, height, width), fill(after, height, width)
    box = around((part, old, new))
    mine, then = part.on(box), new.on(box)
    changed = old.on(box) != then
    return Part(box[0], box[1], np.where(changed, then, mine)).tight()


def _edges(rings: Sequence[Ring]) -> NDArray[np.float64]:
    """Return E x 4: x, y to x, y; rings of fewer than three corners hold nothing."""
    parts = [np.hstack((ring, np.roll(ring, -1, axis=0))) for ring in rings if len(ring) > 2]
    return np.concatenate(parts) if parts else np.zeros((0, 4))


def _crossings(
    edges: NDArray[np.float64], top: int, bottom: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return where edges cross the middles of rows: the row from `top` on, and x."""
    low = np.minimum(edges[:, 1], edges[:, 3])
    high = np.maximum(edges[:, 1], edges[:, 3])
    first = np.clip(np.ceil(low - 0.5), top, bottom).astype(np.int64)
    last = np.clip(np.ceil(high - 0.5), top, bottom).astype(np.int64)
    counts = np.maximum(0, last - first)
    which = np.repeat(np.arange(len(edges)), counts)
    begins = np.repeat(np.cumsum(counts) - counts, counts)
    rows = first[which] + np.arange(which.size) - begins
    x0, y0, x1, y1 = edges[which].T
    at = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
    return rows - top, at


def exact_rings(part: Part) -> tuple[Ring, ...]:
    """Return the outlines along pixels: of the whole without holes, of its holes, and so on."""
    rings: list[Ring] = []
    part = part.tight()
    while part.pixels.size:
        whole = fill_holes(part)
        shift = np.array((whole.left, whole.top))
        rings += [(ring + shift).astype(np.float64) for ring in outlines.trace(whole.pixels)]
        part = replace(whole, pixels=whole.pixels & ~part.pixels).tight()
    return tuple(rings)


def _without_steps(ring: Ring) -> Ring:
    """Return the middles of the sides of an outline along pixels, and the corners of long ones.

    A slanted line of pixels is a stair of short sides, whose middles lie on the line.
    """
    sides = np.roll(ring, -1, axis=0) - ring
    long = np.abs(sides).sum(axis=1) >= LONG
    corner = long & np.roll(long, 1)
    both = np.stack((ring, ring + sides / 2), axis=1).reshape(-1, 2)
    kept = np.stack((corner, np.ones_like(corner)), axis=1).reshape(-1)
    return np.asarray(both[kept])


def _simple(rings: Sequence[Ring], tolerance: float) -> tuple[Ring, ...]:
    """Leave corners out within `tolerance` pixels; what has no area then goes whole."""
    # whole numbers: OpenCV's float path loses half pixels of large images to float32
    halves = [np.rint(2 * ring).astype(np.int32)[:, None] for ring in rings]
    made = [cv2.approxPolyDP(ring, 2 * tolerance, True)[:, 0] / 2 for ring in halves]
    return tuple(ring for ring in made if len(ring) > 2)


def _likeness(part: Part, rings: Sequence[Ring]) -> float:
    """Return the intersection over union of a mask and what its outlines hold."""
    top, left, bottom, right = part.box
    got = fill(rings, bottom, right).on(part.box)
    either = int(np.count_nonzero(got | part.pixels))
    return float(np.count_nonzero(got & part.pixels) / either) if either else 1.0
