"""What the canvas draws: regions of pixels with a word, a colour and a state."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cascadeclip.app.canvas.cutout import KEPT_BYTES, Cutout, Kept, Points, cut, outline, pack
from cascadeclip.core import masks
from cascadeclip.core.values import Rle

__all__ = [
    "Cutout",
    "Hits",
    "Kind",
    "Points",
    "Shape",
    "cut",
    "cut_out",
    "hit",
    "lines_of",
    "score_text",
]

_CUTOUTS: Kept[Rle, Cutout] = Kept(KEPT_BYTES, lambda cutout: cutout.nbytes)
_LINES: Kept[Rle, tuple[Points, ...]] = Kept(
    KEPT_BYTES // 4, lambda lines: 200 + sum(line.nbytes for line in lines)
)


class Kind(enum.Enum):
    """Name whose a shape is: the person's mask, the model's suggestion, or a word being typed."""

    ANNOTATION = "annotation"
    SUGGESTION = "suggestion"
    PREVIEW = "preview"


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


def cut_out(rle: Rle) -> Cutout:
    """Decode run lengths to the part inside the box; what was decoded last is kept."""

    def make() -> Cutout:
        top, left, pixels = masks.decode_box(rle)
        return pack(pixels, top, left)

    return _CUTOUTS.get(rle, make)


def lines_of(shape: Shape) -> tuple[Points, ...]:
    """Trace a shape to closed lines (see `outline`); what was traced last is kept."""
    return _LINES.get(shape.rle, lambda: outline(shape.cutout))


class Hits:
    """Find the smallest of many shapes at a place: the small one lies on the large one."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = sorted(shapes, key=lambda shape: shape.cutout.area)
        cutouts = [shape.cutout for shape in self._shapes]
        boxes = [(c.left, c.top, c.left + c.width, c.top + c.height) for c in cutouts]
        self._boxes = np.array(boxes, np.int64).reshape(-1, 4)

    def at(self, x: float, y: float) -> Shape | None:
        """Give the smallest shape at image position x, y."""
        column, row = int(np.floor(x)), int(np.floor(y))
        left, top, right, bottom = self._boxes.T
        inside = (left <= column) & (column < right) & (top <= row) & (row < bottom)
        for number in np.flatnonzero(inside):
            if self._shapes[number].cutout.contains(column, row):
                return self._shapes[number]
        return None


def hit(shapes: Sequence[Shape], x: float, y: float) -> Shape | None:
    """Find the smallest shape at image position x, y."""
    return Hits(shapes).at(x, y)
