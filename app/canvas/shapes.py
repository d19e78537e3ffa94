"""What the canvas draws: regions of pixels with a word, a colour and a state."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.values import Rle

Points = NDArray[np.float32]
# Half an image pixel: the outline stays on the pixels it belongs to at every zoom below 400 %.
OUTLINE_TOLERANCE = 0.5


class Kind(enum.Enum):
    """Name whose a shape is: the person's mask, the model's suggestion, or a word being typed."""

    ANNOTATION = "annotation"
    SUGGESTION = "suggestion"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """Hold the part of a mask inside its box: `pixels` is hxw bool at `top`, `left`."""

    top: int
    left: int
    pixels: NDArray[np.bool_]
    contours: tuple[Points, ...] = ()

    @property
    def area(self) -> int:
        """Count the pixels of the mask."""
        return int(np.count_nonzero(self.pixels))

    def contains(self, x: int, y: int) -> bool:
        """Say whether image pixel x, y belongs to the mask."""
        row, column = y - self.top, x - self.left
        height, width = self.pixels.shape
        return 0 <= row < height and 0 <= column < width and bool(self.pixels[row, column])


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Hold one region on the canvas; `id` is None until the database knows it."""

    kind: Kind
    class_id: int
    name: str
    colour: str
    rle: Rle
    cutout: Cutout
    score: float | None = None
    id: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Name the shape so that it is found again after a reload."""
        if self.kind is Kind.ANNOTATION and self.id is not None:
            return (self.kind, self.id)
        return (self.kind, self.class_id, self.rle)

    @property
    def text(self) -> str:
        """Say what hovering shows: the word, and the score where a model gave one."""
        if self.score is None or self.kind is Kind.ANNOTATION:
            return self.name
        return f"{self.name} {score_text(self.score)}"


def score_text(score: float) -> str:
    """Write a score of 0..1 as short as it can be read: .93, 1.0."""
    return "1.0" if score >= 0.995 else f"{score:.2f}"[1:]


@lru_cache(maxsize=256)
def cut_out(rle: Rle) -> Cutout:
    """Decode run lengths to the part inside the box, with its outline."""
    return cut(masks.decode(rle))


def cut(mask: NDArray[np.bool_], *, top: int = 0, left: int = 0) -> Cutout:
    """Cut an HxW mask down to its box; an empty mask becomes a cutout of no pixels.

    `top` and `left` say where the mask lies in the image, if it is only a part of one.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return Cutout(0, 0, np.zeros((0, 0), np.bool_))
    first_row, first_column = int(rows[0]), int(columns[0])
    pixels = np.ascontiguousarray(mask[first_row : rows[-1] + 1, first_column : columns[-1] + 1])
    top, left = top + first_row, left + first_column
    return Cutout(top, left, pixels, outline(pixels, top, left))


def outline(pixels: NDArray[np.bool_], top: int, left: int) -> tuple[Points, ...]:
    """Trace hxw pixels to closed Nx2 (x, y) lines in image coordinates, holes too."""
    # OpenCV walks through pixel centres and stops at the border: one pixel around keeps it whole.
    padded = cv2.copyMakeBorder(pixels.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    found, _ = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    offset = np.array([left - 0.5, top - 0.5], np.float32)
    lines = (cv2.approxPolyDP(line, OUTLINE_TOLERANCE, True)[:, 0] for line in found)
    return tuple(line.astype(np.float32) + offset for line in lines)


def hit(shapes: tuple[Shape, ...], x: float, y: float) -> Shape | None:
    """Find the smallest shape at image position x, y: the small one lies on the large one."""
    column, row = int(np.floor(x)), int(np.floor(y))
    found = [shape for shape in shapes if shape.cutout.contains(column, row)]
    return min(found, key=lambda shape: shape.cutout.area, default=None)
