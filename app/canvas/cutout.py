"""The part of a mask inside its box, kept as bits: a mask of 100 megapixels takes 12 MB."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Points = NDArray[np.float32]

# Half an image pixel: the outline stays on the pixels it belongs to at every zoom below 400 %.
OUTLINE_TOLERANCE = 0.5
# Outlines of larger boxes are traced on every second pixel, or fourth ...: it takes four bytes and
# some time for each of them.
OUTLINE_PIXELS = 8_000_000
KEPT_BYTES = 256 << 20

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """Hold a mask inside its box of height x width at `top`, `left`; `area` counts its pixels.

    `bits` are its rows, eight pixels to a byte (as `numpy.packbits` lays them).
    """

    top: int
    left: int
    height: int
    width: int
    area: int
    bits: Bits

    @property
    def pixels(self) -> Bools:
        """Give the mask inside the box, hxw bool, made anew."""
        return self.part(slice(0, self.height), slice(0, self.width))

    @property
    def nbytes(self) -> int:
        """Say how much memory it takes."""
        return self.bits.nbytes + 200

    def part(self, rows: slice, columns: slice) -> Bools:
        """Give rows and columns of the mask, counted from the corner of the box; steps count."""
        last = min(columns.stop, self.width)
        first = min(columns.start, last) // 8
        packed = self.bits[rows, first : (last + 7) // 8]
        unpacked = np.unpackbits(packed, axis=1).view(np.bool_)
        offset = columns.start - 8 * first
        return unpacked[:, offset : last - 8 * first : columns.step or 1]

    def picked(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Bools:
        """Give the mask where these image rows and columns cross; False beyond the box."""
        rows, columns = rows - self.top, columns - self.left
        high = (rows >= 0) & (rows < self.height)
        wide = (columns >= 0) & (columns < self.width)
        made = np.zeros((len(rows), len(columns)), np.bool_)
        if high.any() and wide.any():
            lines = np.unpackbits(self.bits[rows[high]], axis=1).view(np.bool_)
            made[np.ix_(high, wide)] = lines[:, columns[wide]]
        return made

    def contains(self, x: int, y: int) -> bool:
        """Say whether image pixel x, y belongs to the mask."""
        row, column = y - self.top, x - self.left
        if not (0 <= row < self.height and 0 <= column < self.width):
            return False
        return bool(self.bits[row, column >> 3] >> (7 - (column & 7)) & 1)

    def overlap(self, other: Cutout) -> int:
        """Count the pixels this mask and another of the same image share."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.height, other.top + other.height)
        right = min(self.left + self.width, other.left + other.width)
        if top >= bottom or left >= right:
            return 0
        mine, theirs = (
            one.part(
                slice(top - one.top, bottom - one.top), slice(left - one.left, right - one.left)
            )
            for one in (self, other)
        )
        return int(np.count_nonzero(mine & theirs))


def pack(pixels: Bools, top: int, left: int) -> Cutout:
    """Keep an hxw mask that lies at `top`, `left`, box as it is."""
    height, width = pixels.shape
    return Cutout(
        top, left, height, width, int(np.count_nonzero(pixels)), np.packbits(pixels, axis=1)
    )


def cut(mask: Bools, *, top: int = 0, left: int = 0) -> Cutout:
    """Cut an HxW mask down to its box; an empty mask becomes a cutout of no pixels.

    `top` and `left` say where the mask lies in the image, if it is only a part of one.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return pack(np.zeros((0, 0), np.bool_), 0, 0)
    first_row, first_column = int(rows[0]), int(columns[0])
    pixels = mask[first_row : rows[-1] + 1, first_column : columns[-1] + 1]
    return pack(pixels, top + first_row, left + first_column)


def outline(cutout: Cutout) -> tuple[Points, ...]:
    """Trace a mask to closed Nx2 (x, y) lines in image coordinates, holes too.

    Boxes of more than `OUTLINE_PIXELS` are traced on fewer pixels and are as much less exact.
    """
    if not cutout.area:
        return ()
    step = 1
    while cutout.height * cutout.width > OUTLINE_PIXELS * step * step:
        step *= 2
    pixels = cutout.part(slice(0, cutout.height, step), slice(0, cutout.width, step))
    # OpenCV walks through pixel centres and stops at the border: one pixel around keeps it whole.
    padded = cv2.copyMakeBorder(pixels.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    found, _ = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    offset = np.array([cutout.left - 0.5 * step, cutout.top - 0.5 * step], np.float32)
    lines = (cv2.approxPolyDP(line, OUTLINE_TOLERANCE, True)[:, 0] for line in found)
    return tuple(line.astype(np.float32) * step + offset for line in lines)


class Kept(Generic[Key, Value]):
    """Remember what was made last, up to so many bytes; any thread may ask."""

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit, self._size = limit, size
        self._made: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()
        self.nbytes = 0

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Give what was made for `key`, or make it."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        value = make()
        with self._lock:
            if key not in self._made:
                self._made[key] = value
                self.nbytes += self._size(value)
            while self.nbytes > self._limit and len(self._made) > 1:
                _, gone = self._made.popitem(last=False)
                self.nbytes -= self._size(gone)
        return value
