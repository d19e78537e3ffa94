"""Masks composited into one transparent picture, so that painting costs the same for 1 or 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.shapes import Cutout, Shape

Pixels = NDArray[np.uint8]
SETTLED_OPACITY, PENDING_OPACITY = 0.45, 0.20


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Hold HxWx4 uint8 pixels (blue, green, red, alpha; colours multiplied by alpha) of shapes."""

    pixels: Pixels
    shapes: tuple[Shape, ...]


def channels(colour: str) -> tuple[int, int, int]:
    """Split "#rrggbb" into red, green, blue of 0..255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def fill(colour: str, opacity: float) -> Pixels:
    """Give the four bytes of a colour at an opacity of 0..1, multiplied by its alpha."""
    red, green, blue = channels(colour)
    return np.array([round(value * opacity) for value in (blue, green, red, 255)], dtype=np.uint8)


def compose(shapes: tuple[Shape, ...], height: int, width: int, *, opacity: float) -> Layer:
    """Lay the shapes of a height x width image over each other, large ones first."""
    pixels = np.zeros((height, width, 4), np.uint8)
    for shape in sorted(shapes, key=lambda shape: -shape.cutout.area):
        put(pixels, shape.cutout, fill(shape.colour, opacity))
    return Layer(pixels, shapes)


def put(pixels: Pixels, cutout: Cutout, value: Pixels) -> None:
    """Set the four bytes `value` where the cutout is; zeros make the layer transparent there."""
    height, width = cutout.pixels.shape
    part = pixels[cutout.top : cutout.top + height, cutout.left : cutout.left + width]
    part[cutout.pixels] = value
