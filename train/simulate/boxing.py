"""How a simulated annotator draws boxes: around a thing of which too little is marked, once."""

from __future__ import annotations

import cv2
import numpy as np

from cascadeclip.core.shaping.boxing import Corners, in_box
from cascadeclip.train.simulate.drawing import Mask
from cascadeclip.train.simulate.eyes import Eyes
from cascadeclip.train.simulate.mending import Error, around, thing_of
from cascadeclip.train.simulate.progress import Progress

MARKED = 0.75
"""A thing of which less is marked is begun anew: to paint what is lacking would take longer."""


class Boxer:
    """Draw a box around a thing; what is in it is found by the window's own tool."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes
        self._tried: set[tuple[int, int, int]] = set()

    def thing(self, state: Progress, error: Error) -> Mask | None:
        """Return the thing an error is about, where a box is still worth trying."""
        if error.true < 0 or thing_of(state, error) in self._tried:
            return None
        whole = around(state.truth == error.true, error.region)
        return whole if (state.labels[whole] == error.true).mean() < MARKED else None

    def draw(self, state: Progress, error: Error, corners: Corners) -> Progress:
        """Return what is said after a box around an error's thing."""
        self._tried.add(thing_of(state, error))
        word = self._eyes.words.get(error.true)
        found = in_box(self._eyes.sight, corners, word=word)
        height, width = state.truth.shape
        return state.painted(found.on((0, 0, height, width)), error.true)


def corners_of(region: Mask) -> Corners:
    """Return left, top, right and bottom of the box around a region."""
    left, top, wide, high = cv2.boundingRect(region.astype(np.uint8))
    return left, top, left + wide, top + high
