"""Read what the screen shows out of what an image has: at any zoom, any part, without a seam.

Everything here is in device pixels. A part of the view is read the same whether it is read alone
or with the rest, so that parts painted at different times fit together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.layers import Area, Layer, Numbers

Pixels = NDArray[np.uint8]
AnyPixels = TypeVar("AnyPixels", NDArray[np.uint8], NDArray[np.uint16])

# Above 200 % a person is looking at pixels, not at an interpolation of them.
SMOOTH_UP_TO = 2.0
# Halves are used a little before they have a pixel for each of the screen.
SPARE = 1.2
# OpenCV counts in 16 bits where it warps.
LONGEST = 32_000
PHASES = 64
# It also counts in 1/1024 of a pixel there: where a middle lies just on a border, not below it.
NUDGE = 1 / 512


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold device pixels per image pixel and the device pixel of the image's corner."""

    scale: float
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Part:
    """Hold a rectangle of the view in device pixels."""

    x: int
    y: int
    width: int
    height: int

    def grown(self, by: int) -> Part:
        """Give it with so many pixels more on each side."""
        return Part(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def within(self, other: Part) -> Part:
        """Give what both share; its width or height is 0 where they share nothing."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return Part(x, y, max(right - x, 0), max(bottom - y, 0))


def extent(frame: Frame, height: int, width: int) -> Part:
    """Give the device pixels whose middle lies on an image of height x width."""
    right = math.ceil(width * frame.scale - 0.5)
    bottom = math.ceil(height * frame.scale - 0.5)
    return Part(frame.x, frame.y, max(right, 0), max(bottom, 0))


def screen_part(frame: Frame, area: Area, *, more: int = 0) -> Part:
    """Give the device pixels that show an area of the image, and `more` on each side."""
    left = math.floor(frame.x + area.left * frame.scale) - more
    top = math.floor(frame.y + area.top * frame.scale) - more
    right = math.ceil(frame.x + area.right * frame.scale) + more
    bottom = math.ceil(frame.y + area.bottom * frame.scale) + more
    return Part(left, top, right - left, bottom - top)


def image_area(frame: Frame, part: Part, height: int, width: int) -> Area:
    """Give the image pixels whose colours a part of the view shows, cut off at the image."""
    left, top = (part.x + 0.5 - frame.x) / frame.scale, (part.y + 0.5 - frame.y) / frame.scale
    right = left + (part.width - 1) / frame.scale
    bottom = top + (part.height - 1) / frame.scale
    return Area(
        min(max(math.floor(top), 0), height - 1),
        min(max(math.floor(left), 0), width - 1),
        min(max(math.floor(bottom) + 1, 1), height),
        min(max(math.floor(right) + 1, 1), width),
    )


def nearest(source: AnyPixels, frame: Frame, part: Part) -> AnyPixels:
    """Read height x width (x channels) pixels of `source`, each the one its middle lies on.

    Beyond the border the outermost pixels go on.
    """
    return _nearest(
        source, frame, part, image_area(frame, part, *source.shape[:2]), cut_already=False
    )


def numbers_of(layer: Layer, frame: Frame, part: Part) -> Numbers:
    """Read which shapes of a layer a part of the view shows; seen close, every pixel."""
    if layer.step == 1 or frame.scale * layer.step <= 1:
        coarse = Frame(frame.scale * layer.step, frame.x, frame.y)
        return nearest(layer.numbers, coarse, part)
    area = image_area(frame, part, layer.height, layer.width)
    return _nearest(layer.whole(area), frame, part, area, cut_already=True)


def picture(levels: tuple[Pixels, ...], frame: Frame, part: Part) -> Pixels:
    """Read height x width x 3 colours of an image given as its halves.

    Smooth up to 200 %, then the pixels themselves. `part` has to lie on the image.
    """
    if frame.scale > SMOOTH_UP_TO:
        return nearest(levels[0], frame, part)
    level = 0
    while level + 1 < len(levels) and frame.scale < 0.5 ** (level + 1) * SPARE:
        level += 1
    source, whole = levels[level], levels[0]
    factors = (
        frame.scale * whole.shape[0] / source.shape[0],
        frame.scale * whole.shape[1] / source.shape[1],
    )
    rows = _span(part.y - frame.y, part.height, factors[0], source.shape[0])
    columns = _span(part.x - frame.x, part.width, factors[1], source.shape[1])
    piece = source[rows.first : rows.last, columns.first : columns.last]
    if factors != (1.0, 1.0):
        scaled = cv2.resize(
            piece, None, fx=factors[1], fy=factors[0], interpolation=cv2.INTER_LINEAR
        )
        piece = np.asarray(scaled, np.uint8)
    return _exactly(piece[rows.skip :, columns.skip :], part.height, part.width)


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    last: int
    skip: int


def _span(start: int, length: int, factor: float, size: int) -> _Span:
    """Choose source pixels to scale by `factor`, and how many of the result to leave out.

    The result's pixels have to lie where those of the whole would: of the pixels before the one
    that is needed, take one whose place on the screen is a whole number, as nearly as can be.
    """
    needed = max(min(math.floor((start + 0.5) / factor - 0.5) - 1, size - 1), 0)
    candidates = np.arange(max(needed - PHASES, 0), needed + 1)
    places = candidates * factor
    first = int(candidates[np.argmin(np.abs(places - np.rint(places)))])
    last = min(math.ceil((start + length) / factor) + 2, size)
    return _Span(first, max(last, first + 1), start - round(first * factor))


def _exactly(pixels: Pixels, height: int, width: int) -> Pixels:
    """Cut or, where rounding left a row too few, repeat the last."""
    below, beside = max(height - pixels.shape[0], 0), max(width - pixels.shape[1], 0)
    if below or beside:
        padded = cv2.copyMakeBorder(pixels, 0, below, 0, beside, cv2.BORDER_REPLICATE)
        pixels = np.asarray(padded, np.uint8)
    return pixels[:height, :width]


def _nearest(
    source: AnyPixels, frame: Frame, part: Part, area: Area, *, cut_already: bool
) -> AnyPixels:
    piece = source
    if not cut_already:
        piece = source[area.top : area.bottom, area.left : area.right]
    if max(piece.shape[:2]) > LONGEST or max(part.width, part.height) > LONGEST:
        return _picked(piece, frame, part, area)
    step = 1 / frame.scale
    # The middle of a device pixel, in source pixels counted from the middle of the first one.
    x = (part.x + 0.5 - frame.x) * step - area.left - 0.5 + NUDGE
    y = (part.y + 0.5 - frame.y) * step - area.top - 0.5 + NUDGE
    matrix = np.array([[step, 0, x], [0, step, y]], np.float64)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    size = (part.width, part.height)
    border = cv2.BORDER_REPLICATE
    return cv2.warpAffine(piece, matrix, size, flags=flags, borderMode=border)  # type: ignore[return-value]


def _picked(piece: AnyPixels, frame: Frame, part: Part, area: Area) -> AnyPixels:
    down = (np.arange(part.height) + part.y + 0.5 - frame.y) / frame.scale + NUDGE
    across = (np.arange(part.width) + part.x + 0.5 - frame.x) / frame.scale + NUDGE
    rows, columns = np.floor(down) - area.top, np.floor(across) - area.left
    rows = np.clip(rows, 0, piece.shape[0] - 1).astype(np.intp)
    columns = np.clip(columns, 0, piece.shape[1] - 1).astype(np.intp)
    picked: AnyPixels = piece[rows[:, None], columns]
    return picked
