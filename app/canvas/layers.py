"""Masks laid over each other once, as numbers: which shape each pixel of the image belongs to.

Colours, opacity and outlines come when the screen is painted, so that they can change at no cost.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.shapes import Hits, Shape
from cascadeclip.core.values import Rle

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.uint16]
Identity = tuple[int, Rle]

# Beyond this a layer holds every second pixel of a row and column, or every fourth ...; what is
# looked at closely comes from tiles then.
WHOLE_PIXELS = 40_000_000
TILE = 512
MOST_TILES = 64
# Three colours to a shape (inside, edge, beside the edge) have to fit into 16 bits.
MOST_SHAPES = 20_000


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a rectangle of image pixels, `bottom` and `right` not included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def pixels(self) -> int:
        """Count its pixels."""
        return max(self.bottom - self.top, 0) * max(self.right - self.left, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Hold which shape lies where: `numbers` is 0 outside, else `table` says which shape it is.

    It holds every `step`-th pixel of a height x width image. `painted` counts the shapes that had
    to be painted for it. Nothing changes it once it is made.
    """

    numbers: Numbers
    height: int
    width: int
    step: int
    shapes: tuple[Shape, ...]
    table: dict[Identity, int]
    hits: Hits
    painted: int = 0
    _tiles: OrderedDict[tuple[int, int], Numbers] = field(default_factory=OrderedDict)

    def number(self, shape: Shape) -> int:
        """Give the number of a shape, 0 for one that is not here."""
        return self.table.get(identity(shape), 0)

    def whole(self, area: Area) -> Numbers:
        """Give every pixel of a part of the image, put together from tiles that are kept."""
        if self.step == 1:
            return self.numbers[area.top : area.bottom, area.left : area.right]
        made = np.zeros((area.bottom - area.top, area.right - area.left), np.uint16)
        for row in range(area.top // TILE, -(-area.bottom // TILE)):
            for column in range(area.left // TILE, -(-area.right // TILE)):
                tile = self._tile(row, column)
                top, left = row * TILE - area.top, column * TILE - area.left
                inside = made[max(top, 0) : top + TILE, max(left, 0) : left + TILE]
                high, wide = inside.shape
                inside[:] = tile[max(-top, 0) :, max(-left, 0) :][:high, :wide]
        return made

    def _tile(self, row: int, column: int) -> Numbers:
        if (row, column) not in self._tiles:
            top, left = row * TILE, column * TILE
            made = np.zeros((TILE, TILE), np.uint16)
            _paint(made, Area(top, left, top + TILE, left + TILE), 1, self.shapes, self.table)
            self._tiles[row, column] = made
            while len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end((row, column))
        return self._tiles[row, column]


def identity(shape: Shape) -> Identity:
    """Name what a shape covers: two alike share their number."""
    return (shape.class_id, shape.rle)


def area_of(shape: Shape) -> Area:
    """Give the box of a shape."""
    box = shape.cutout
    return Area(box.top, box.left, box.top + box.height, box.left + box.width)


def compose(
    shapes: Sequence[Shape], height: int, width: int, *, before: Layer | None = None
) -> Layer:
    """Lay the shapes of a height x width image over each other, large ones first.

    Of a layer that was there `before` only what has changed is painted again, on a copy.
    """
    step = 1
    while -(-height // step) * -(-width // step) > WHOLE_PIXELS:
        step *= 2
    ordered = tuple(sorted(shapes, key=lambda shape: -shape.cutout.area))
    if before is not None and (before.height, before.width) != (height, width):
        before = None
    table = _numbered(ordered, before.table if before else {})
    if before is not None:
        changed = _changed(before, ordered, table)
        if sum(area.pixels for area in changed) * 2 <= height * width:
            numbers = before.numbers.copy() if changed else before.numbers
            painted = sum(_repaint(numbers, area, step, ordered, table) for area in changed)
            return Layer(numbers, height, width, step, ordered, table, Hits(ordered), painted)
    numbers = np.zeros((-(-height // step), -(-width // step)), np.uint16)
    painted = _paint(numbers, Area(0, 0, height, width), step, ordered, table)
    return Layer(numbers, height, width, step, ordered, table, Hits(ordered), painted)


def _numbered(shapes: Iterable[Shape], before: dict[Identity, int]) -> dict[Identity, int]:
    wanted = dict.fromkeys(map(identity, shapes))
    kept = {key: before[key] for key in wanted if key in before}
    used = set(kept.values())
    free = (number for number in range(1, MOST_SHAPES + 1) if number not in used)
    # More shapes than numbers: the rest look like one.
    return {key: kept[key] if key in kept else next(free, MOST_SHAPES) for key in wanted}


def _changed(before: Layer, shapes: Sequence[Shape], table: dict[Identity, int]) -> list[Area]:
    came = [area_of(shape) for shape in shapes if identity(shape) not in before.table]
    gone = [area_of(shape) for shape in before.shapes if identity(shape) not in table]
    return [area for area in came + gone if area.pixels]


def _repaint(
    numbers: Numbers, area: Area, step: int, shapes: Sequence[Shape], table: dict[Identity, int]
) -> int:
    rows = slice(-(-area.top // step), -(-area.bottom // step))
    columns = slice(-(-area.left // step), -(-area.right // step))
    part = numbers[rows, columns]
    part[:] = 0
    return _paint(part, area, step, shapes, table)


def _paint(
    part: Numbers, area: Area, step: int, shapes: Sequence[Shape], table: dict[Identity, int]
) -> int:
    """Paint the shapes into the part of a layer that begins at `area`; count them."""
    painted = 0
    for shape in shapes:
        cutout = shape.cutout
        top, bottom = max(cutout.top, area.top), min(cutout.top + cutout.height, area.bottom)
        left, right = max(cutout.left, area.left), min(cutout.left + cutout.width, area.right)
        if top >= bottom or left >= right:
            continue
        painted += 1
        # The layer has the pixels whose row and column `step` divides.
        row, column = -(-top // step) * step, -(-left // step) * step
        if row >= bottom or column >= right:
            continue
        inside = cutout.part(
            slice(row - cutout.top, bottom - cutout.top, step),
            slice(column - cutout.left, right - cutout.left, step),
        )
        first = (row // step - -(-area.top // step), column // step - -(-area.left // step))
        high, wide = inside.shape
        target = part[first[0] : first[0] + high, first[1] : first[1] + wide]
        np.copyto(target, np.uint16(table[identity(shape)]), where=inside)
    return painted
