"""Views: the squares of an image the network is shown, with what is known about their pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cascadeclip.core import images
from cascadeclip.train.data.corrections import UNKNOWN, Truth

LARGEST_SCALE = 1.6
"""A view shows the short side of an image at most so many windows long, or a little larger than
the engine does: `CLOSER` times."""
CLOSER = 1.3
JITTER = 0.15

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Cut:
    """Say how a view is made: scale over a window's side, corner in pixels, mirror and light."""

    scale: float = 1.0
    top: int = 0
    left: int = 0
    mirrored: bool = False
    gain: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class View:
    """Hold a square: `pixels` SxSx3 uint8 RGB and the truth about it at LxL."""

    pixels: Pixels
    truth: Truth


@dataclass(frozen=True, slots=True)
class ViewSize:
    """Hold the side of a view in pixels, the step between windows and the side of its truth.

    `average` is the model's way to shrink images, `short` the side that the short side of an
    image becomes, 0 for the window's (ModelInfo).
    """

    window: int
    stride: int
    truth: int
    average: bool = False
    short: int = 0

    @property
    def scale(self) -> float:
        """Return the short side of an image as the engine sees it, in windows; at least 1."""
        return max(1.0, self.short / self.window)


def plan_cuts(
    height: int, width: int, size: ViewSize, *, count: int, rng: np.random.Generator
) -> tuple[Cut, ...]:
    """Choose at most `count` views of a height x width image.

    First come the windows the engine itself uses, each plain and mirrored; the rest are crops at
    random places and scales, mirrored by chance, with a little change of light.
    """
    cuts = own_cuts(height, width, size)[:count]
    while len(cuts) < count:
        scale = float(rng.uniform(1.0, max(LARGEST_SCALE, CLOSER * size.scale)))
        high, wide = _resized(height, width, round(size.window * scale))
        cuts.append(
            Cut(
                scale=scale,
                top=int(rng.integers(0, high - size.window + 1)),
                left=int(rng.integers(0, wide - size.window + 1)),
                mirrored=bool(rng.random() < 0.5),
                gain=float(rng.uniform(1 - JITTER, 1 + JITTER)),
                shift=float(rng.uniform(-255 * JITTER / 2, 255 * JITTER / 2)),
            )
        )
    return tuple(cuts)


def own_cuts(height: int, width: int, size: ViewSize) -> list[Cut]:
    """Return the windows the engine uses of a height x width image, each plain and mirrored."""
    high, wide = _resized(height, width, round(size.window * size.scale))
    return [
        Cut(scale=size.scale, top=window.top, left=window.left, mirrored=flip)
        for window in images.windows(high, wide, size.window, size.stride)
        for flip in (False, True)
    ]


def cut_views(
    rgb: Pixels, truth: Truth, size: ViewSize, cuts: Sequence[Cut], *, silent: bool = False
) -> Iterator[View]:
    """Yield the views of one upright RGB image.

    Those nobody said anything about are left out, unless `silent` asks for them.
    """
    for cut in cuts:
        short = round(size.window * cut.scale)
        resized = images.resize_short(rgb, short, average=size.average)
        sampled = _sample(truth, cut, resized.shape[:2], size)
        spoken = bool((sampled.labels != UNKNOWN).any())
        if silent or spoken or sampled.rejected or sampled.covered:
            yield View(_square(resized, cut, size.window), sampled)


def _square(resized: Pixels, cut: Cut, side: int) -> Pixels:
    square = resized[cut.top : cut.top + side, cut.left : cut.left + side]
    if cut.mirrored:
        square = square[:, ::-1]
    if (cut.gain, cut.shift) != (1.0, 0.0):
        lit = square.astype(np.float32) * cut.gain + cut.shift
        square = np.clip(np.rint(lit), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(square)


def _sample(truth: Truth, cut: Cut, resized: tuple[int, ...], size: ViewSize) -> Truth:
    """Read the truth at the centres of the LxL cells of the view (nearest pixel)."""
    height, width = truth.labels.shape
    centres = (np.arange(size.truth) + 0.5) * (size.window / size.truth)
    rows = ((cut.top + centres) * (height / resized[0])).astype(np.intp).clip(0, height - 1)
    columns = ((cut.left + centres) * (width / resized[1])).astype(np.intp).clip(0, width - 1)
    if cut.mirrored:
        columns = columns[::-1]
    return truth.at(rows, columns)


def _resized(height: int, width: int, short: int) -> tuple[int, int]:
    factor = short / min(height, width)
    return int(height * factor + 0.5), int(width * factor + 0.5)
