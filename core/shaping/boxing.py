"""A box around a thing: the mask of what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.shaping.part import Part
from cascadeclip.core.shaping.sight import Map, Sight, to_size, whole_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

Corners = tuple[float, float, float, float]
LEAST_SHARE = 0.1
"""A thing that fills less of its box was not what the box was drawn around."""
FEW = 6
SURE = 0.5


def rectangle(corners: Corners, height: int, width: int) -> Part:
    """Return the pixels whose middles lie in a box: left, top, right, bottom."""
    left, top, right, bottom = (round(one) for one in corners)
    left, right = max(0, left), min(width, right)
    top, bottom = max(0, top), min(height, bottom)
    return Part(top, left, np.ones((max(0, bottom - top), max(0, right - left)), np.bool_))


def in_box(sight: Sight, corners: Corners, *, word: Map | None = None) -> Part:
    """Return the mask of the thing in a box (left, top, right, bottom in pixels).

    Nothing outside the box belongs to it; inside, what is unlike the outside does (GrabCut), and
    where `word`, the probabilities hxw of the mask's word, is sure of something in the box, that
    is where it begins. The box itself where nothing of the sort is found.
    """
    plain = rectangle(corners, sight.height, sight.width)
    guess = _guess(sight, corners, word)
    inside = int(np.count_nonzero(guess == cv2.GC_PR_FGD))
    if min(inside, guess.size - inside) < FEW:
        return plain
    rows, columns = sight.grid
    small = cv2.resize(sight.work, (columns, rows), interpolation=cv2.INTER_AREA)
    cv2.setRNGSeed(0)  # the colours are grouped from random beginnings
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, guess, (0, 0, 1, 1), *models, 3, cv2.GC_INIT_WITH_MASK)
    values = sight.follow((guess % 2).astype(np.float32))
    found = whole_size(sight, values, values > 0.5)
    clipped = Part(plain.top, plain.left, found.on(plain.box)).tight()
    return clipped if clipped.area >= LEAST_SHARE * plain.area else plain


def _guess(sight: Sight, corners: Corners, word: Map | None) -> NDArray[np.uint8]:
    guess = np.full(sight.grid, cv2.GC_BGD, np.uint8)
    top, left = sight.cell(corners[0], corners[1])
    bottom, right = sight.cell(corners[2], corners[3])
    box = np.s_[top : bottom + 1, left : right + 1]
    guess[box] = cv2.GC_PR_FGD
    if word is not None:
        here = to_size(word, sight.grid)[box]
        if np.count_nonzero(here > SURE) >= LEAST_SHARE * here.size:
            guess[box] = np.where(here > SURE / 2, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    return guess
