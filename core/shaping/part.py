"""Masks as their pixels inside a box, so that work on them costs what they cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cascadeclip.core.values import Rle

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Hold the pixels of a mask, hxw bool, whose corner lies at `top`, `left` of the image."""

    top: int
    left: int
    pixels: NDArray[np.bool_]

    @property
    def box(self) -> Box:
        """Return top, left, bottom, right; the last two lie just outside."""
        height, width = self.pixels.shape
        return self.top, self.left, self.top + height, self.left + width

    @property
    def area(self) -> int:
        """Count the pixels."""
        return int(np.count_nonzero(self.pixels))

    def has(self, x: float, y: float) -> bool:
        """Say whether the image position x, y lies on a pixel of the mask."""
        row, column = int(np.floor(y)) - self.top, int(np.floor(x)) - self.left
        height, width = self.pixels.shape
        return 0 <= row < height and 0 <= column < width and bool(self.pixels[row, column])

    def on(self, box: Box) -> NDArray[np.bool_]:
        """Return what the mask is in another box, false where it does not reach."""
        top, left, bottom, right = box
        out = np.zeros((max(0, bottom - top), max(0, right - left)), np.bool_)
        row0, row1 = max(top, self.top), min(bottom, self.box[2])
        column0, column1 = max(left, self.left), min(right, self.box[3])
        if row0 < row1 and column0 < column1:
            out[row0 - top : row1 - top, column0 - left : column1 - left] = self.pixels[
                row0 - self.top : row1 - self.top, column0 - self.left : column1 - self.left
            ]
        return out

    def tight(self) -> Part:
        """Return the same mask in the smallest box; an empty one becomes 0 x 0."""
        top, left, height, width = inner_box(self.pixels)
        if not height:
            return EMPTY
        inner = self.pixels[top : top + height, left : left + width]
        return Part(self.top + top, self.left + left, inner.copy())


EMPTY = Part(0, 0, np.zeros((0, 0), np.bool_))


def inner_box(pixels: NDArray[np.bool_]) -> Box:
    """Return top, left, height and width of the box around what is true; all zero for nothing."""
    if not pixels.size:
        return 0, 0, 0, 0
    left, top, width, height = cv2.boundingRect(np.ascontiguousarray(pixels).view(np.uint8))
    return top, left, height, width


def of(rle: Rle) -> Part:
    """Unpack a mask. Raises MaskInvalid."""
    top, left, pixels = masks.decode_box(rle)
    return Part(top, left, np.ascontiguousarray(pixels))


def packed(part: Part, height: int, width: int) -> Rle:
    """Pack a mask of an image of height x width pixels.

    Raises MaskInvalid when it is empty or reaches beyond the image.
    """
    part = part.tight()
    if part is EMPTY:
        raise MaskInvalid("Nothing is left of the mask; delete it instead.")
    return masks.encode_part(part.pixels, top=part.top, left=part.left, height=height, width=width)


def around(parts: Sequence[Part]) -> Box:
    """Return the box that holds all of these masks; all zero when there is none."""
    boxes = [part.box for part in parts if part.pixels.size]
    if not boxes:
        return 0, 0, 0, 0
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)
