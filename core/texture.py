"""What a pixel looks like in its neighbourhood: colours, edges and grain at several scales.

The filters are those of pixel classification as ilastik offers it (Berg et al., Nature Methods
2019): smoothed colours, the slope of each channel, the curvatures of lightness (the eigenvalues of
its Hessian) and the spread of colours, all by the scale of a Gaussian.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.edges import without_grain
from cascadeclip.core.images import fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

SIDE = 320
"""The longer side, in pixels, of what is looked at; smaller images stay as they are."""
SCALES = (1.0, 2.0, 4.0, 8.0)
"""Sigmas of the Gaussians, in those pixels."""
PER_SCALE = 3 + 2 + 3 + 3
CHANNELS = 3 + PER_SCALE * len(SCALES)


def texture(image: NDArray[np.uint8]) -> Array:
    """Return what each pixel of an image HxWx3 RGB looks like, hxwxCHANNELS.

    hxw is the image fitted into SIDE. Colours are L*a*b*, about -1..1.
    """
    size = fitted(image.shape[0], image.shape[1], SIDE)
    small = cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA)
    smooth = without_grain(np.asarray(small, dtype=np.uint8))
    colours = cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB).astype(np.float32) / np.float32(128) - 1
    parts = [part for sigma in SCALES for part in _at_scale(colours, sigma)]
    return np.concatenate((colours, *parts), axis=2, dtype=np.float32)


def _at_scale(colours: Array, sigma: float) -> Iterator[Array]:
    blurred = _blurred(colours, sigma)
    yield blurred
    yield _curvatures(blurred[..., 0], sigma)
    yield np.hypot(_derived(blurred, 1, 0), _derived(blurred, 0, 1)) * np.float32(sigma / 4)
    mean, square = (_blurred(one, 2 * sigma) for one in (colours, colours * colours))
    yield np.sqrt(np.maximum(square - mean * mean, 0))


def _curvatures(lightness: Array, sigma: float) -> Array:
    """Return the larger and the smaller curvature, hxwx2, free of the scale."""
    plane = np.ascontiguousarray(lightness)
    down, across, both = (_derived(plane, *order) for order in ((0, 2), (2, 0), (1, 1)))
    away = np.hypot(across - down, 2 * both)
    pair = np.stack((across + down + away, across + down - away), axis=2)
    return np.asarray(pair * np.float32(sigma * sigma / 8))


def _blurred(values: Array, sigma: float) -> Array:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), dtype=np.float32)


def _derived(values: Array, across: int, down: int) -> Array:
    return np.asarray(cv2.Sobel(values, cv2.CV_32F, across, down), dtype=np.float32)
