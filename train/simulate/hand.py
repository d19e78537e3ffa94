"""A simulated hand: which tools it takes, and how steadily it clicks and draws."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from cascadeclip.train.simulate.drawing import SHAKE, Drawing, Mask

Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """Say how a hand works: with which tools, and how steadily.

    It has every tool, all but `boxes`, or polygons alone (`bare`).

    `jitter` is the error of a click (a normal sigma) in parts of a region's size, the root of its
    area; a vertex, stroke or corner is off by as much, but by 2 pixels at the most, for people
    look where they draw. `seed` makes the errors the same again.
    """

    bare: bool = False
    boxes: bool = True
    jitter: float = 0.0
    seed: int = 0


STEADY = Hand()


class Nerves:
    """Draw the errors of one hand; after an attempt that failed the next one is exact.

    Attributes:
        hand: how it works.
    """

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self._rng = np.random.default_rng(hand.seed)
        self._care = 1.0

    def aims(self, region: Mask) -> tuple[int, int] | None:
        """Return row and column of a click meant for the middle of a region; None beside it."""
        row, column = middle(region)
        if not self.hand.jitter:
            return row, column
        sigma = self.hand.jitter * float(region.sum()) ** 0.5
        row, column = np.round(self._rng.normal((row, column), sigma)).astype(int).tolist()
        there = 0 <= row < region.shape[0] and 0 <= column < region.shape[1]
        return (row, column) if there and region[row, column] else None

    def draws(self, plan: Drawing, size: int) -> Mask:
        """Return what a plan to draw on a region of `size` pixels becomes."""
        sigma = self._sigma(size)
        return (plan.shaken(self._rng, sigma) if sigma else plan).painted()

    def boxes(self, corners: Corners, size: int) -> Corners:
        """Return what a box (left, top, right, bottom) around `size` pixels becomes."""
        left, top, right, bottom = self._rng.normal(corners, self._sigma(size)).tolist()
        return left, top, right, bottom

    def learn(self, *, failed: bool) -> None:
        """Be exact after a failure, and as before after a success."""
        self._care = 0.0 if failed else 1.0

    def _sigma(self, size: int) -> float:
        away: float = self.hand.jitter * size**0.5
        return self._care * min(SHAKE, away)


def middle(region: Mask) -> tuple[int, int]:
    """Return row and column of the pixel of a region that lies deepest inside it."""
    plane = np.pad(region, 1).astype(np.uint8)
    inside = cv2.distanceTransform(plane, cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(int(inside.argmax()), region.shape)
    return int(row), int(column)
