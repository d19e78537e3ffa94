"""A box around a thing: the mask of what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.images import fitted
from cascadeclip.core.shaping.part import Part
from cascadeclip.core.shaping.sight import Map, Sight, to_size, whole_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

Corners = tuple[float, float, float, float]
Rows = tuple[slice, slice]
SIDE = 192
"""What is near a box is looked at on at most so many pixels a side: a small thing closely."""
FEWEST_AROUND = 16
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

    Nothing outside the box belongs to it; inside, what is unlike its surroundings does (GrabCut),
    and where `word`, the probabilities hxw of the mask's word, is sure of something in the box,
    that is where it begins. The box itself where nothing of the sort is found.
    """
    plain = rectangle(corners, sight.height, sight.width)
    top, left = sight.spot(corners[0], corners[1])
    bottom, right = sight.spot(corners[2], corners[3])
    box = np.s_[top : bottom + 1, left : right + 1]
    near = _around(top, bottom), _around(left, right)
    guess = _guess(sight, box, near, word)
    inside = int(np.count_nonzero(guess == cv2.GC_PR_FGD))
    if min(inside, guess.size - inside) < FEW:
        return plain
    pixels = cv2.resize(sight.work[near], guess.shape[::-1], interpolation=cv2.INTER_AREA)
    cv2.setRNGSeed(0)  # the colours are grouped from random beginnings
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(pixels, guess, (0, 0, 1, 1), *models, 3, cv2.GC_INIT_WITH_MASK)
    values = np.zeros(sight.work.shape[:2], np.float32)
    values[near] = to_size((guess % 2).astype(np.float32), values[near].shape)
    found = whole_size(sight, values, values > 0.5)
    clipped = Part(plain.top, plain.left, found.on(plain.box)).tight()
    return clipped if clipped.area >= LEAST_SHARE * plain.area else plain


def _around(begin: int, end: int) -> slice:
    """Return a side of the box and half of it on either hand: what it is told apart from."""
    more = max(FEWEST_AROUND, (end - begin) // 2)
    return slice(max(0, begin - more), end + 1 + more)


def _guess(sight: Sight, box: Rows, near: Rows, word: Map | None) -> NDArray[np.uint8]:
    """Return what GrabCut begins with, on what is `near`, scaled down to `SIDE` at most."""
    size = sight.work.shape[:2]
    whole = np.full(size, cv2.GC_BGD, np.uint8)
    whole[box] = cv2.GC_PR_FGD
    if word is not None:
        here = to_size(word, size)[box]
        if np.count_nonzero(here > SURE) >= LEAST_SHARE * here.size:
            whole[box] = np.where(here > SURE / 2, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    part = whole[near]
    rows, columns = fitted(part.shape[0], part.shape[1], SIDE)
    return np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_NEAREST))
