"""Draw masks over an image, for reports and machines without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.replacing import replacing
from cascadeclip.core.values import Rle

FILL = 0.45  # how much of the colour covers the image
SMALLEST = 640  # pixels; smaller images are enlarged, so that names can be read


@dataclass(frozen=True, slots=True)
class Layer:
    """Hold one mask to draw, its colour "#rrggbb" and its name; outlined only unless `filled`."""

    rle: Rle
    colour: str
    name: str
    filled: bool = True


def draw_layers(image: NDArray[np.uint8], layers: Sequence[Layer]) -> NDArray[np.uint8]:
    """Return HxWx3 uint8 RGB with every layer over `image` (HxWx3 uint8 RGB of the same size).

    Small images come back enlarged by a whole number.
    """
    factor = max(1, -(-SMALLEST // max(image.shape[:2])))
    canvas = image.repeat(factor, axis=0).repeat(factor, axis=1)
    shapes = [masks.decode(layer.rle).repeat(factor, 0).repeat(factor, 1) for layer in layers]
    for layer, shape in zip(layers, shapes, strict=True):
        _draw(canvas, shape, layer)
    picture = Image.fromarray(canvas)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=max(12, min(canvas.shape[:2]) // 32))
    for layer, shape in zip(layers, shapes, strict=True):
        x, y = _middle(shape)
        pen.text(
            (x, y), layer.name, "white", font, anchor="mm", stroke_width=2, stroke_fill="black"
        )
    return np.array(picture)


def save_png(image: NDArray[np.uint8], out: Path) -> None:
    """Write HxWx3 uint8 RGB to `out`, replaced whole. Raises FormatError."""
    try:
        with replacing(out) as draft:
            Image.fromarray(image).save(draft, format="PNG")
    except OSError as error:
        raise FormatError(
            f"{out} could not be written ({error.strerror or error}); choose another place."
        ) from error


def _draw(canvas: NDArray[np.uint8], shape: NDArray[np.bool_], layer: Layer) -> None:
    colour = np.array([int(layer.colour[start : start + 2], 16) for start in (1, 3, 5)], np.float32)
    if layer.filled:
        mixed = (1 - FILL) * canvas[shape] + FILL * colour
        canvas[shape] = mixed.astype(np.uint8)
    lines, _ = cv2.findContours(shape.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(canvas, lines, -1, colour.tolist(), thickness=2)


def _middle(shape: NDArray[np.bool_]) -> tuple[int, int]:
    """Return x, y of the pixel deepest inside the shape; a corner when it is empty."""
    padded = np.pad(shape, 1).astype(np.uint8)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(x), int(y)
