"""An image at its own size, at half of it, at a quarter ...: zoomed-out painting stays cheap."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SMALLEST = 1024


def half_sizes(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """Give HxWx3 uint8 and its halves, down to a longer side of about a thousand pixels."""
    sizes = [np.ascontiguousarray(rgb)]
    while max(sizes[-1].shape[:2]) > SMALLEST and min(sizes[-1].shape[:2]) > 1:
        height, width = sizes[-1].shape[:2]
        half = (max(width // 2, 1), max(height // 2, 1))
        scaled = cv2.resize(sizes[-1], half, interpolation=cv2.INTER_AREA)
        sizes.append(np.asarray(scaled, dtype=np.uint8))
    return tuple(sizes)
