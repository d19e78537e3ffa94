"""How masks and image look on the screen: opacity, outlines, brightness. None of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.layers import Layer, Numbers, Pixels

SETTLED_OPACITY, PENDING_OPACITY = 0.45, 0.20
# A dark line beside the coloured one keeps any colour visible on any image.
BESIDE = 0x6E000000
VEIL = 0x80101418
Colours = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what a person has set: `opacity` of settled masks 0..1 and whether outlines are drawn.

    `brightness` and `contrast` are -100..100 and 0 for the image as it is. `veiled` darkens what
    no settled mask covers. With `bare` there are no masks at all.
    """

    opacity: float = SETTLED_OPACITY
    outlines: bool = True
    brightness: int = 0
    contrast: int = 0
    veiled: bool = False
    bare: bool = False

    @property
    def pending_opacity(self) -> float:
        """Give the opacity of suggestions, which follows that of masks."""
        return self.opacity * PENDING_OPACITY / SETTLED_OPACITY

    def curve(self) -> Pixels | None:
        """Give what each of the 256 values of a channel is shown as; None for as it is."""
        if not self.brightness and not self.contrast:
            return None
        # At +100 only black and white are left, at -100 all is grey.
        slope = (
            1 / max(1 - self.contrast / 100, 0.004)
            if self.contrast > 0
            else 1 + self.contrast / 100
        )
        values = (np.arange(256) - 127.5) * slope + 127.5 + 1.275 * self.brightness
        curve: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
        return curve


def channels(colour: str) -> tuple[int, int, int]:
    """Split "#rrggbb" into red, green, blue of 0..255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def fill(colour: str, opacity: float) -> int:
    """Give a colour at an opacity of 0..1 as 0xAARRGGBB, multiplied by its alpha."""
    red, green, blue = (round(value * opacity) for value in channels(colour))
    return round(255 * opacity) << 24 | red << 16 | green << 8 | blue


@dataclass(frozen=True, slots=True, eq=False)
class Tint:
    """Hold what a layer's numbers look like: first inside the shapes, then on their borders."""

    colours: Colours

    def inside(self, numbers: Numbers) -> Colours:
        """Colour numbers without their borders."""
        # All numbers are within: to say so saves half of the time.
        return np.take(self.colours, numbers, mode="clip")

    def outlined(self, numbers: Numbers, radius: int) -> Colours:
        """Colour numbers, `radius` pixels inside each border as an edge and beside it dark.

        `numbers` has `radius` more pixels on each side than what is returned.
        """
        kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        # Where the largest and the smallest number around differ.
        change = cv2.morphologyEx(numbers, cv2.MORPH_GRADIENT, kernel, iterations=radius)
        border = np.asarray(change, np.uint16)[radius:-radius, radius:-radius] != 0
        inner = numbers[radius:-radius, radius:-radius]
        index = border * np.uint16(len(self.colours) // 2)
        index += inner
        coloured: Colours = np.take(self.colours, index, mode="clip")
        return coloured


def tint(
    layer: Layer,
    opacity: float,
    *,
    nothing: int = 0,
    live: str | None = None,
    fading: Mapping[int, float] | None = None,
) -> Tint:
    """Choose the colours of a layer's numbers.

    `nothing` is what pixels of no shape look like, `live` the colour of a stroke that is no shape
    yet (its number is one more than those of the shapes); `fading` gives some numbers an opacity
    of their own.
    """
    last = max(layer.table.values(), default=0)
    fills, edges = np.zeros(last + 2, np.uint32), np.zeros(last + 2, np.uint32)
    made: dict[str, tuple[int, int]] = {}
    for shape in layer.shapes:
        if shape.colour not in made:
            made[shape.colour] = (fill(shape.colour, opacity), fill(shape.colour, 1.0))
        number = layer.number(shape)
        fills[number], edges[number] = made[shape.colour]
        if fading and number in fading:
            fills[number] = fill(shape.colour, fading[number])
    if live is not None:
        fills[last + 1], edges[last + 1] = fill(live, opacity), fill(live, 1.0)
    fills[0], edges[0] = nothing, BESIDE
    return Tint(np.concatenate((fills, edges)))
