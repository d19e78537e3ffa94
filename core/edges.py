"""Let score maps follow the edges of the image instead of the patches of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Hold how maps are fitted to colours; the defaults are measured, see docs/edges.md.

    A patch of the network is cut into `cells` a side, though never finer than the image; around
    every cell a map is fitted, `radius` of them far. `epsilon`, in squared units of 0..1 colour,
    is the variance below which a neighbourhood counts as flat.
    """

    cells: int = 3
    radius: int = 1
    epsilon: float = 3e-5


MEASURED = EdgeSettings()


def without_grain(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image HxWx3 with colours that differ little smoothed over 5 pixels, edges kept.

    Grain in the image would be grain in the outlines (bilateral filter, measured in docs/edges.md).
    """
    return np.asarray(cv2.bilateralFilter(image, 5, 40.0, 3.0), dtype=np.uint8)


def follow(
    maps: Sequence[Array] | Array,
    image: NDArray[np.uint8],
    *,
    grain: float,
    settings: EdgeSettings = MEASURED,
) -> Iterator[Array]:
    """Yield the maps `hxw` one by one at the size of `image` (HxWx3 RGB), following its edges.

    `image` is one of `without_grain`; `grain` is the number of the maps' cells that a patch of
    the network spans. Only one map is held at full size at a time.
    """
    if len(maps) == 0:
        return
    height, width = image.shape[:2]
    rows, columns = maps[0].shape
    finer = settings.cells / grain
    grid = (min(height, max(1, round(rows * finer))), min(width, max(1, round(columns * finer))))
    capped = max(grid) / max(rows * finer, columns * finer)
    radius = max(1, round(settings.radius * capped))
    on_grid = (_resized(one, grid) for one in maps)
    yield from refine(on_grid, image, grid=grid, radius=radius, epsilon=settings.epsilon)


def refine(
    maps: Iterator[Array] | Array,
    image: NDArray[np.uint8],
    *,
    grid: tuple[int, int],
    radius: int,
    epsilon: float,
) -> Iterator[Array]:
    """Yield the maps, each of the size `grid`, at the size of `image`, guided by its colours.

    Around every cell of `grid` a map is fitted as a linear function of the image's colours within
    `radius` cells; the function is then read at every pixel (guided filter, He, Sun and Tang,
    TPAMI 2013, Equations 14 to 16; fitted on fewer cells as in He and Sun, arXiv:1505.00996).
    Values stay within 0..1. Work grows with the pixels and the number of maps, not the radius.
    """
    guide = Guide(image, grid=grid, radius=radius, epsilon=epsilon)
    for one in maps:
        yield guide.follow(one)


class Guide:
    """Hold what `refine` needs of an image, for maps that come one after the other."""

    def __init__(
        self, image: NDArray[np.uint8], *, grid: tuple[int, int], radius: int, epsilon: float
    ) -> None:
        small = cv2.resize(image, grid[::-1], interpolation=cv2.INTER_AREA)
        self._fit = _Fit(_planes(np.asarray(small, dtype=np.uint8)), radius, epsilon)
        self._planes = _planes(image)

    def follow(self, one: Array) -> Array:
        """Return a map of the size `grid` at the size of the image, following its edges."""
        size = self._planes[0].shape
        *slopes, fitted = (_resized(part, size) for part in self._fit.linear(one))
        for slope, plane in zip(slopes, self._planes, strict=True):
            fitted += cv2.multiply(slope, plane, dst=slope)
        return np.clip(fitted, 0, 1, out=fitted)


class _Fit:
    """Fit maps to the colours of one image."""

    def __init__(self, guide: list[Array], radius: int, epsilon: float) -> None:
        self.guide = guide
        self.radius = radius
        self.mean = [self.box(plane) for plane in guide]
        self.inverse = self._inverse_covariance(epsilon)

    def box(self, values: Array) -> Array:
        """Return the mean around every cell."""
        side = (2 * self.radius + 1,) * 2
        mean = cv2.boxFilter(values, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT)
        return np.asarray(mean, dtype=np.float32)

    def linear(self, one: Array) -> list[Array]:
        """Return the slopes by red, green, blue, and the offset, of a map around every cell."""
        flat = self.box(one)
        r, g, b = (
            self.box(plane * one) - mean * flat
            for plane, mean in zip(self.guide, self.mean, strict=True)
        )
        rr, rg, rb, gg, gb, bb = self.inverse
        slopes = (rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b)
        for slope, mean in zip(slopes, self.mean, strict=True):
            flat = flat - slope * mean
        return [self.box(part) for part in (*slopes, flat)]

    def _inverse_covariance(self, epsilon: float) -> list[Array]:
        """Return rr, rg, rb, gg, gb, bb of the inverse of (colour covariance + epsilon)."""
        pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
        # Where only two colours meet, the determinant is a small difference of large products.
        spread = [
            np.asarray(
                self.box(self.guide[i] * self.guide[j]) - self.mean[i] * self.mean[j],
                dtype=np.float64,
            )
            for i, j in pairs
        ]
        rr, rg, rb, gg, gb, bb = spread
        rr, gg, bb = rr + epsilon, gg + epsilon, bb + epsilon
        adjugate = (
            gg * bb - gb * gb,
            gb * rb - rg * bb,
            rg * gb - gg * rb,
            rr * bb - rb * rb,
            rb * rg - rr * gb,
            rr * gg - rg * rg,
        )
        determinant = rr * adjugate[0] + rg * adjugate[1] + rb * adjugate[2]
        return [np.asarray(part / determinant, dtype=np.float32) for part in adjugate]


def _planes(image: NDArray[np.uint8]) -> list[Array]:
    """Return red, green and blue apart, -0.5..0.5."""
    # around 0: variances are differences of means of squares, and float32 is short
    whole = image.astype(np.float32) / np.float32(255) - np.float32(0.5)
    return [np.ascontiguousarray(whole[..., colour]) for colour in range(3)]


def _resized(values: Array, size: tuple[int, ...]) -> Array:
    if values.shape == size:
        return values
    scaled = cv2.resize(values, size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled, dtype=np.float32)
