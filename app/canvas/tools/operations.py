"""What tools give: operations on masks, in image pixels; presenters do them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.cutout import Points, outline, pack
from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.look import Colours, fill
from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.shaping.part import Part

Ring = NDArray[np.float64]
Key = tuple[object, ...]
DRAFT_OPACITY = 0.35
FILL_PIXELS = 8_000_000


class How(enum.Enum):
    """Name what a drawn outline does: begin a mask, add to the selected one, take away from it."""

    NEW = "new"
    ADD = "add"
    TAKE = "take"


@dataclass(frozen=True, slots=True, eq=False)
class Outlined:
    """Say that an outline N x 2 (x, y) was drawn and closed."""

    ring: Ring
    how: How


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Say that corners of the mask `key` were moved: its rings before and after."""

    key: Key
    before: tuple[Ring, ...]
    after: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Boxed:
    """Say that a box was drawn; a `plain` one is wanted as it is, whatever is in it."""

    left: float
    top: float
    right: float
    bottom: float
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Pointed:
    """Say that a point was clicked with the tool `tool`, for or against what is there."""

    tool: str
    click: Click


class Drafted(enum.Enum):
    """Name what is to become of a draft: kept, dropped, a click taken back, done again."""

    KEPT = "kept"
    DROPPED = "dropped"
    BACK = "back"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Widened:
    """Say by how much more of what is alike the wand is to take, in steps."""

    steps: float


@dataclass(frozen=True, slots=True)
class CutAlong:
    """Say that a line (x, y), ... was drawn that is to cut the selected mask."""

    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Say that a mask was chosen beside the selected one, or no longer."""

    key: Key


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Hold what clicks made so far, ready to be shown.

    `fill` are the pixels of the mask's box, hxw of 0xAARRGGBB, every `step`th of them where the box
    is huge, `lines` its outline; `alike` is a
    picture HxWx3, stretched over the image, of how alike it is to what was clicked.
    """

    top: int
    left: int
    lines: tuple[Points, ...]
    clicks: tuple[Click, ...]
    colour: str
    fill: Colours
    step: int = 1
    alike: Pixels | None = None


def drafted(
    part: Part, clicks: tuple[Click, ...], colour: str, alike: NDArray[np.float32] | None = None
) -> Draft:
    """Make what is shown of a draft; `alike` is hxw of 0..1. Takes a while: off the GUI thread."""
    cutout = pack(part.pixels, part.top, part.left)
    step = 1
    while part.pixels.size > FILL_PIXELS * step * step:
        step *= 2
    inside = part.pixels[::step, ::step]
    pixels = np.where(inside, np.uint32(fill(colour, DRAFT_OPACITY)), np.uint32(0))
    picture = None if alike is None else heat(alike)
    return Draft(part.top, part.left, outline(cutout), clicks, colour, pixels, step, picture)


def heat(alike: NDArray[np.float32]) -> Pixels:
    """Give a picture hxwx3 of values 0..1: dark where low, bright and warm where high."""
    steps = (np.clip(alike, 0, 1) * 255).astype(np.uint8)
    colours = cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO)
    return np.ascontiguousarray(colours[..., ::-1]).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Corners:
    """Hold the outlines of the mask `key` that can be moved."""

    key: Key
    rings: tuple[Ring, ...]
