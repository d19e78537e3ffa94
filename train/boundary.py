"""How well outlines agree: the F measure of boundary pixels within a tolerance."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

TOLERANCE = 2
"""Pixels; outlines this near count as equal."""

Labels = npt.NDArray[np.integer]
Plane = npt.NDArray[np.uint8]


def boundary_f(truth: Labels, answer: Labels, word: int) -> float | None:
    """Return the F measure (0..1) of a word's outline in two HxW maps; None where neither has it.

    Precision is the share of answered outline pixels near a true one, recall the reverse. Pixels
    whose truth is below 0 (nobody spoke about them) count for neither.
    """
    known = truth >= 0
    true = _outline(truth == word) & known
    said = _outline((answer == word) & known) & known
    if not true.any() or not said.any():
        return None if not (true.any() or said.any()) else 0.0
    precision = _near(true)[said > 0].mean()
    recall = _near(said)[true > 0].mean()
    total = float(precision + recall)
    return 0.0 if total == 0 else float(2 * precision * recall / total)


def _outline(mask: npt.NDArray[np.bool_]) -> Plane:
    """Return the inner outline; the edge of the image is none."""
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    inner = cv2.erode(padded, np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    return np.asarray(mask & (inner == 0), np.uint8)


def _near(outline: Plane) -> Plane:
    side = 2 * TOLERANCE + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(outline, disc), np.uint8)
