"""What is known of an image before anybody clicks on it: computed once, then no model is asked."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.edges import Guide
from cascadeclip.core.images import fitted
from cascadeclip.core.shaping.part import EMPTY, Part, inner_box

Map = NDArray[np.float32]
WORK_SIDE = 768
"""Outlines are found on at most this many pixels a side."""
GRID_SIDE = 128
"""Evidence is weighed on at most so many cells a side."""
HALF = 127
"""What is more than one half, 0..255, is inside."""
EPSILON = 3e-5  # as measured for suggestions, see docs/edges.md


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Hold an image of `height` x `width` pixels as clicks need it.

    `patches` are unit vectors SxExrxc of every stage; `work` the image at working size, HxWx3;
    `colours` its colours (L*a*b*) on the grid of cells, hxwx3; `guide` its edges, for `follow`.
    """

    height: int
    width: int
    patches: Map
    work: NDArray[np.uint8]
    colours: Map
    guide: Guide

    @property
    def grid(self) -> tuple[int, int]:
        """Return the rows and columns of cells."""
        return self.colours.shape[0], self.colours.shape[1]

    def likeness(self, x: float, y: float, stages: tuple[int, ...] = ()) -> Map:
        """Return the cosine similarity, -1..1, of every cell's patch to the one under x, y.

        Averaged over `stages`, all when none is named.
        """
        chosen = stages or tuple(range(len(self.patches)))
        _, _, rows, columns = self.patches.shape
        at = self._at(x, y, rows, columns)
        total = np.zeros((rows, columns), np.float32)
        for stage in chosen:
            patches = self.patches[stage]
            one = patches[:, at[0], at[1]]
            total += np.tensordot(one, patches, axes=1)
        return to_size(total / np.float32(len(chosen)), self.grid)

    def colour_at(self, x: float, y: float) -> Map:
        """Return the colour (L*a*b*) of the cell under x, y."""
        return np.asarray(self.colours[self.cell(x, y)])

    def follow(self, evidence: Map) -> Map:
        """Return values 0..1 of cells at working size, following the edges of the image."""
        return self.guide.follow(np.clip(evidence, 0, 1))

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of the cell under image position x, y."""
        return self._at(x, y, *self.grid)

    def spot(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of image position x, y at working size."""
        return self._at(x, y, *self.work.shape[:2])

    def _at(self, x: float, y: float, rows: int, columns: int) -> tuple[int, int]:
        row, column = int(y * rows / self.height), int(x * columns / self.width)
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def look(patches: Map, image: NDArray[np.uint8]) -> Sight:
    """Prepare an image (HxWx3 upright RGB) and what the model made of its patches (SxExrxc)."""
    height, width = image.shape[:2]
    work = cv2.resize(image, fitted(height, width, WORK_SIDE)[::-1], interpolation=cv2.INTER_AREA)
    grid = fitted(height, width, GRID_SIDE)
    small = cv2.resize(work, grid[::-1], interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(small.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    return Sight(
        height,
        width,
        np.asarray(patches, dtype=np.float32),
        np.asarray(work, dtype=np.uint8),
        np.asarray(colours, dtype=np.float32),
        Guide(np.asarray(work, dtype=np.uint8), grid=grid, radius=1, epsilon=EPSILON),
    )


def to_size(values: Map, size: tuple[int, int]) -> Map:
    """Return a map at another size, bilinear."""
    scaled = cv2.resize(values, size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled, dtype=np.float32)


def whole_size(sight: Sight, values: Map, inside: NDArray[np.bool_]) -> Part:
    """Return the pixels of the image where `values` are above one half, near what is `inside`.

    Both are of working size. Only the box of what is inside is enlarged.
    """
    high, wide = inside.shape
    row, column, rows, columns = inner_box(inside)
    if not rows:
        return EMPTY
    down, across = high / sight.height, wide / sight.width
    top, bottom = int(row / down), min(sight.height, int(np.ceil((row + rows) / down)))
    left, right = int(column / across), min(sight.width, int(np.ceil((column + columns) / across)))
    # what was not chosen counts as outside, what was as inside, whatever its value
    byte = np.rint(values * np.float32(255)).astype(np.uint8)  # four times as quick as floats
    sure = np.where(inside, np.maximum(byte, HALF + 1), np.minimum(byte, HALF))
    move = np.array(
        [
            [across, 0, (left + 0.5) * across - 0.5],
            [0, down, (top + 0.5) * down - 0.5],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (right - left, bottom - top)
    enlarged = cv2.warpAffine(sure, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Part(top, left, np.asarray(enlarged) > HALF).tight()


def work_mask(sight: Sight, part: Part) -> NDArray[np.bool_]:
    """Return a mask of the image at working size."""
    high, wide = sight.work.shape[:2]
    rows = (np.arange(high) + 0.5) * sight.height / high
    columns = (np.arange(wide) + 0.5) * sight.width / wide
    out = np.zeros((high, wide), np.bool_)
    top, left, bottom, right = part.box
    down = np.flatnonzero((rows >= top) & (rows < bottom))
    over = np.flatnonzero((columns >= left) & (columns < right))
    if down.size and over.size:
        lines = part.pixels.take(rows[down].astype(int) - top, axis=0)
        there = lines.take(columns[over].astype(int) - left, axis=1)
        out[down[0] : down[-1] + 1, over[0] : over[-1] + 1] = there
    return out
