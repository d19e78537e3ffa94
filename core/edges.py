"""Let score maps follow the edges of the image instead of the patches of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


def refine(
    probabilities: NDArray[np.float32],
    image: NDArray[np.uint8],
    *,
    radius: int,
    epsilon: float = 3e-5,
) -> NDArray[np.float32]:
    """Return the maps `KxHxW` filtered under the guidance of `image` (HxWx3 RGB, same H and W).

    Around every pixel a map is fitted as a linear function of the colours within `radius` pixels
    (guided filter, He, Sun and Tang, TPAMI 2013, Equations 14 to 16); `epsilon`, in squared
    units of 0..1 colour, is the variance below which a neighbourhood counts as flat. Values stay
    within 0..1. Work grows with K x H x W and not with the radius.
    """
    # around 0: variances are differences of means of squares, and float32 is short
    guide: Array = image.astype(np.float32) / np.float32(255) - np.float32(0.5)
    mean = _box(guide, radius)
    inverse = _inverse_covariance(guide, mean, radius, epsilon)
    refined = np.empty_like(probabilities)
    for k, map_ in enumerate(probabilities):
        flat = _box(map_, radius)
        together = _box(guide * map_[..., None], radius) - mean * flat[..., None]
        slope = _multiply(inverse, together)
        offset = flat - (slope * mean).sum(axis=2)
        fitted = (_box(slope, radius) * guide).sum(axis=2) + _box(offset, radius)
        np.clip(fitted, 0, 1, out=refined[k])
    return refined


def _box(values: Array, radius: int) -> Array:
    side = 2 * radius + 1
    mean = cv2.boxFilter(values, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.asarray(mean, dtype=np.float32)


def _inverse_covariance(guide: Array, mean: Array, radius: int, epsilon: float) -> Array:
    """Return the inverse of (colour covariance + epsilon) per pixel: `HxWx6`.

    The six are rr, rg, rb, gg, gb, bb of the symmetric matrix, by its adjugate.
    """
    first, second = [0, 0, 0, 1, 1, 2], [0, 1, 2, 1, 2, 2]
    products = guide[..., first] * guide[..., second]
    spread = _box(products, radius) - mean[..., first] * mean[..., second]
    # Where only two colours meet, the determinant is a small difference of large products.
    rr, rg, rb, gg, gb, bb = np.moveaxis(spread.astype(np.float64), 2, 0)
    rr, gg, bb = rr + epsilon, gg + epsilon, bb + epsilon
    adjugate = np.stack(
        (
            gg * bb - gb * gb,
            gb * rb - rg * bb,
            rg * gb - gg * rb,
            rr * bb - rb * rb,
            rb * rg - rr * gb,
            rr * gg - rg * rg,
        ),
        axis=2,
    )
    determinant = rr * adjugate[..., 0] + rg * adjugate[..., 1] + rb * adjugate[..., 2]
    return np.asarray(adjugate / determinant[..., None], dtype=np.float32)


def _multiply(symmetric: Array, vectors: Array) -> Array:
    rr, rg, rb, gg, gb, bb = np.moveaxis(symmetric, 2, 0)
    r, g, b = np.moveaxis(vectors, 2, 0)
    rows = (rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b)
    return np.stack(rows, axis=2)
