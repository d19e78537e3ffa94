"""What a simulated annotator may do next: rename a region, or draw in one of several ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cascadeclip.train.simulate.drawing import EPSILONS, Drawing, Mask, polygon, strokes
from cascadeclip.train.simulate.progress import Progress

SECONDS: Mapping[str, float] = {
    "look": 1.5, "accept": 1.5, "reject": 1.5, "reassign": 2.0, "vertex": 1.0, "stroke": 2.5,
    "box": 2.5, "point": 1.5, "select": 1.5, "keep": 0.7, "undo": 1.0, "missed": 1.5, "word": 0.7,
}  # fmt: skip
"""What an action takes.

A word is chosen by its key before drawing, where it is another one; a mask is selected before
points refine it, and what was pointed at is kept by a key.
"""
SPEED = 0.5
"""Sides of the image that a brush moves in a second, on top of a stroke's own time."""
MOSTLY = 0.8
PATIENCE = 60
"""Corners of the longest polygon that anybody draws while there is another way."""
EXACTLY = 0.5
"""Pixels an outline may lie off where it has to be followed."""
LOOKED_AT = 3
"""So many of the largest errors are looked at before one is mended."""
_NEAR = np.ones((7, 7), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Rename:
    """Hold a region that is given another word by one click."""

    region: Mask
    word: int


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Hold a drawing, the word it is drawn in, and the number of pixels it is about."""

    drawing: Drawing
    word: int
    size: int

    def seconds(self, chosen: int | None) -> float:
        """Return how long it takes where the word `chosen` is the one at hand."""
        key = 0.0 if chosen == self.word else SECONDS["word"]
        own = SECONDS[self.drawing.kind] * self.drawing.count
        return key + own + self.drawing.length / SPEED


@dataclass(frozen=True, slots=True, eq=False)
class Error:
    """Hold a connected region with one word said and another one true, -1 for none."""

    region: Mask
    size: int
    said: int
    true: int


def mostly_another(state: Progress, errors: Sequence[Error]) -> Rename | None:
    """Return the first region around an error that is mostly another word, None without one."""
    for error in errors:
        if error.said >= 0 and error.true >= 0:
            region = around(state.labels == error.said, error.region)
            if (state.truth[region] == error.true).mean() >= MOSTLY:
                return Rename(region, error.true)
    return None


def best_drawing(
    state: Progress, errors: Sequence[Error], chosen: int | None, *, brush: bool
) -> Draw:
    """Return the drawing that brings the words nearest to being good enough a second.

    `chosen` is the word at hand. Nobody draws a polygon of more than `PATIENCE` corners while a
    shorter way brings anything; where none does, the largest error is traced pixel for pixel: that
    always does.
    """
    lack = state.lack()

    def worth(one: Draw) -> float:
        gain = lack - state.lack_after(one.drawing.painted(), one.word)
        return gain / one.seconds(chosen)

    ways = [one for error in errors for one in _ways(state, error, brush=brush)]
    best = max((one for one in ways if one.drawing.count <= PATIENCE), key=worth, default=None)
    if best is not None and worth(best) > 0:
        return best
    error = errors[0]
    spoilt = ~error.region
    return Draw(polygon(error.region, spoilt, EXACTLY), error.true, error.size)


def _ways(state: Progress, error: Error, *, brush: bool) -> Iterator[Draw]:
    """Yield ways to mend: the error, the whole thing anew, and strokes of several brushes.

    Errors that lie close together are one: between them the same word is painted again.
    """
    right, room = state.truth == state.labels, state.truth == error.true
    near = cv2.morphologyEx((room & ~right).astype(np.uint8), cv2.MORPH_CLOSE, _NEAR) > 0
    joined = around(near & room, error.region)
    for epsilon in EPSILONS:
        yield Draw(polygon(joined, right, epsilon), error.true, error.size)
        if error.true >= 0:
            whole = around(room, error.region)
            yield Draw(polygon(whole, right, epsilon), error.true, int(whole.sum()))
    if brush:
        for one in strokes(joined, room):
            yield Draw(one, error.true, error.size)


def largest_errors(state: Progress) -> list[Error]:
    """Return the largest connected errors of words that are not good enough, the largest first."""
    left = state.unfinished()
    pairs = [
        (int(state.table[true, said]), said - 1, true - 1)
        for true, said in zip(*np.nonzero(state.table), strict=True)
        if true != said and {true - 1, said - 1} & left
    ]
    found: list[Error] = []
    for total, said, true in sorted(pairs, reverse=True):
        if len(found) == LOOKED_AT and total <= found[-1].size:
            break
        here = ((state.labels == said) & (state.truth == true)).astype(np.uint8)
        _, parts, stats, _ = cv2.connectedComponentsWithStats(here, connectivity=8)
        areas = stats[1:, cv2.CC_STAT_AREA]
        for at in np.argsort(-areas)[:LOOKED_AT].tolist():
            found.append(Error(parts == at + 1, int(areas[at]), int(said), int(true)))
        found = sorted(found, key=lambda one: -one.size)[:LOOKED_AT]
    return found


def around(mask: Mask, inside: Mask) -> Mask:
    """Return the connected part of `mask` that holds most of `inside`."""
    _, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    counts = np.bincount(parts[inside])
    counts[0] = 0
    return np.asarray(parts == counts.argmax(), dtype=bool)


def thing_of(state: Progress, error: Error) -> tuple[int, int, int]:
    """Name what an error is about: what is true there, what is said, and where the thing lies.

    Of a thing it does not matter what is said there.
    """
    whole = around(state.truth == error.true, error.region)
    said = error.said if error.true < 0 else -1
    return error.true, said, int(whole.argmax())
