"""What can be done to masks as a whole: fill, grow, shrink, split, merge, subtract."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.shaping.part import Part, around

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Points = Sequence[tuple[float, float]]

_TOUCH = 8  # pixels that share a corner hang together


def fill_holes(part: Part) -> Part:
    """Add the pixels that the mask surrounds; the edge of the image closes nothing."""
    outside = np.pad(~part.pixels, 1, constant_values=True)
    padded = np.ascontiguousarray(outside, dtype=np.uint8)
    # from outside: what a way along rows and columns does not reach is a hole
    cv2.floodFill(padded, None, (0, 0), 2, flags=4)
    return replace(part, pixels=padded[1:-1, 1:-1] != 2)


def grow(part: Part, pixels: int, height: int, width: int) -> Part:
    """Add everything at most so many pixels away, within an image of height x width."""
    if not part.pixels.size:
        return part
    top, left, bottom, right = part.box
    box = (
        max(0, top - pixels),
        max(0, left - pixels),
        min(height, bottom + pixels),
        min(width, right + pixels),
    )
    away = _distance(~part.on(box))
    return Part(box[0], box[1], away <= pixels)


def shrink(part: Part, pixels: int, height: int, width: int) -> Part:
    """Take away everything at most so many pixels from the outside.

    The edge of the image is no outside: what is cut off there goes on beyond it.
    """
    if not part.pixels.size:
        return part
    top, left, bottom, right = part.box
    beyond = [(top > 0, bottom < height), (left > 0, right < width)]
    padded = np.pad(part.pixels, [(int(a), int(b)) for a, b in beyond])
    if padded.all():
        return part
    rows, columns = part.pixels.shape
    first_row, first_column = int(beyond[0][0]), int(beyond[1][0])
    away = _distance(padded)[first_row : first_row + rows, first_column : first_column + columns]
    return replace(part, pixels=part.pixels & (away > pixels)).tight()


def unite(parts: Sequence[Part]) -> Part:
    """Return everything that any of the masks has."""
    box = around(parts)
    whole = np.zeros((box[2] - box[0], box[3] - box[1]), np.bool_)
    for part in parts:
        _window(whole, box, part)[...] |= part.pixels
    return Part(box[0], box[1], whole)


def subtract(part: Part, others: Sequence[Part]) -> Part:
    """Return what the mask has and none of the others has."""
    pixels = part.pixels.copy()
    for other in others:
        pixels &= ~other.on(part.box)
    return replace(part, pixels=pixels).tight()


def split(part: Part) -> tuple[Part, ...]:
    """Return what hangs together (by edges or corners of pixels), the largest first."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        part.pixels.astype(np.uint8), connectivity=_TOUCH
    )
    order = sorted(range(1, count), key=lambda number: -int(stats[number, cv2.CC_STAT_AREA]))
    return tuple(_component(part, labels, stats, number) for number in order)


def split_along(part: Part, line: Points) -> tuple[Part, ...]:
    """Cut the mask along a line of image positions (x, y), the largest piece first.

    The pieces share no pixel and make up the mask. What the line does not cut through stays with
    the first piece; a line that cuts nothing gives the mask alone.
    """
    barrier = _drawn(part, line) & part.pixels
    kept: list[Part] = []
    cut_off: list[Part] = []
    for one in split(part):
        pieces = _pieces(one, Part(part.top, part.left, barrier).on(one.box))
        kept.append(pieces[0])
        cut_off += pieces[1:]
    first = unite(kept)
    return (first, *sorted(cut_off, key=lambda piece: -piece.area))


def _pieces(part: Part, barrier: NDArray[np.bool_]) -> tuple[Part, ...]:
    """Return the pieces on the two sides of a barrier, whose pixels go to the nearest piece."""
    apart = part.pixels & ~barrier
    count, labels = cv2.connectedComponents(apart.astype(np.uint8), connectivity=_TOUCH)
    if count < 3:
        return (part,)
    _, nearest = cv2.distanceTransformWithLabels(
        (~apart).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    piece_of = np.zeros(int(nearest.max()) + 1, labels.dtype)
    piece_of[nearest[apart]] = labels[apart]
    labels = np.where(part.pixels, piece_of[nearest], 0)
    pieces = (replace(part, pixels=labels == number).tight() for number in range(1, count))
    return tuple(sorted(pieces, key=lambda piece: -piece.area))


def _drawn(part: Part, line: Points) -> NDArray[np.bool_]:
    """Draw a line one pixel wide that nothing passes, not even over a corner."""
    canvas = np.zeros(part.pixels.shape, np.uint8)
    places = np.floor(np.asarray(line, np.float64)).astype(np.int32) - (part.left, part.top)
    cv2.polylines(canvas, [places.astype(np.int32)], False, 1, 1, cv2.LINE_4)
    return canvas.astype(np.bool_)


def _component(part: Part, labels: NDArray[Any], stats: NDArray[Any], number: int) -> Part:
    left, top, width, height = (int(value) for value in stats[number][:4])
    inner = labels[top : top + height, left : left + width] == number
    return Part(part.top + top, part.left + left, inner)


def _window(whole: NDArray[np.bool_], box: tuple[int, ...], part: Part) -> NDArray[np.bool_]:
    row, column = part.top - box[0], part.left - box[1]
    height, width = part.pixels.shape
    return whole[row : row + height, column : column + width]


def _distance(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return how far each true pixel is from the nearest false one, in pixels."""
    away = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away, dtype=np.float32)
