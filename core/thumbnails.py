"""Small views of image files, decoded no larger than they must be."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.images import open_image

SIDE: Final = 64
"""Pixels of the longer side: twice what a list shows, for screens of two pixels in one."""


def thumbnail(path: Path, side: int = SIDE) -> NDArray[np.uint8]:
    """Return an image file upright as HxWx3 RGB, its longer side at most `side` pixels.

    A JPEG is decoded at an eighth to a half of its size where that is enough. Raises
    ImageUnreadable.
    """
    pixels = open_image(path, least=side)
    height, width = pixels.shape[:2]
    factor = min(1.0, side / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
