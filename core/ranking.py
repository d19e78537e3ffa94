"""Which words fit a region, by the score maps that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core import masks

if TYPE_CHECKING:
    from cascadeclip.core.regions import ScoreMaps
    from cascadeclip.core.values import Rle


def rank(maps: ScoreMaps, region: Rle) -> tuple[tuple[int, float], ...]:
    """Return the words of `maps` by how well they fit a region of the image, the best first.

    Each comes as its place in `maps.words` and its mean probability over the region, 0..1; negative
    words are left out. Nothing is decoded: the region is measured on the cells of the maps.
    """
    mask = masks.decode(region).astype(np.float32)
    height, width = maps.probabilities.shape[1:]
    weights = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA))
    if not weights.any():  # thinner than what a cell takes notice of
        rows, columns = np.nonzero(mask)
        weights[rows * height // mask.shape[0], columns * width // mask.shape[1]] = 1
    total = float(weights.sum(dtype=np.float64)) or 1.0
    means = np.tensordot(maps.probabilities, weights.astype(np.float64), axes=2) / total
    order = np.argsort(-means, kind="stable")
    return tuple(
        (int(at), float(np.clip(means[at], 0, 1))) for at in order if not maps.words[at].negative
    )
