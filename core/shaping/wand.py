"""The wand: how alike every patch is to the one clicked, and a mask grown from it (Fig. 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.shaping.sight import Map, whole_size

if TYPE_CHECKING:
    from cascadeclip.core.shaping.part import Part
    from cascadeclip.core.shaping.sight import Sight

TOLERANCE = 0.35
SMOOTH = 5


def similar(sight: Sight, x: float, y: float, stages: tuple[int, ...] = ()) -> Map:
    """Return how alike the image is to what lies under x, y: 0 (least) to 1, at working size.

    The cosine of patches, averaged over `stages` (none: all), stretched so that the least alike
    patch is 0, and following the edges of the image.
    """
    cosine = sight.likeness(x, y, stages)
    low = float(cosine.min())
    stretched = (cosine - low) / max(1 - low, 1e-6)
    return sight.follow(stretched)


def grow(sight: Sight, similarity: Map, x: float, y: float, *, tolerance: float) -> Part:
    """Return what hangs together with x, y and is at least 1 - `tolerance` alike.

    `similarity` is what `similar` gave for that place; a tolerance of 0 leaves next to nothing,
    one of 1 takes everything.
    """
    least = 1 - tolerance
    row, column = sight.spot(x, y)
    enough = (similarity >= least).astype(np.uint8)
    # grain of the image is no outline
    enough = np.asarray(cv2.medianBlur(enough, SMOOTH), dtype=np.uint8)
    enough[row, column] = 1
    _, labels = cv2.connectedComponents(enough, connectivity=4)
    # one half divides inside from outside when the outline is enlarged
    values = np.clip(similarity - least + 0.5, 0, 1)
    return whole_size(sight, values, labels == labels[row, column])
