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
TOLERANCE = 1.0
MOST_CORNERS = 600


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


def rings_of(
    part: Part, *, tolerance: float = TOLERANCE, most: int = MOST_CORNERS
) -> tuple[Ring, ...]:
    """Return the outlines of a mask with few corners, none farther off than `tolerance` pixels.

    Where more than `most` corners are left, the tolerance is doubled until they are not. With a
    tolerance of 0, `fill` gives the mask back bit for bit.
    """
    exact = _exact(part)
    if tolerance <= 0:
        return exact
    while True:
        rings = tuple(ring for ring in (_simple(one, tolerance) for one in exact) if len(ring) > 2)
        if sum(map(len, rings)) <= most or tolerance > max(part.pixels.shape):
            return rings
        tolerance *= 2


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


def _exact(part: Part) -> tuple[Ring, ...]:
    """Return the outlines along pixels: of the whole without holes, of its holes, and so on."""
    rings: list[Ring] = []
    part = part.tight()
    while part.pixels.size:
        whole = fill_holes(part)
        shift = np.array((whole.left, whole.top))
        rings += [(ring + shift).astype(np.float64) for ring in outlines.trace(whole.pixels)]
        part = replace(whole, pixels=whole.pixels & ~part.pixels).tight()
    return tuple(rings)


def _simple(ring: Ring, tolerance: float) -> Ring:
    # whole numbers: OpenCV's float path loses half pixels of large images to float32
    simple = cv2.approxPolyDP(ring.astype(np.int32)[:, None], tolerance, True)
    return np.asarray(simple[:, 0], dtype=np.float64)
