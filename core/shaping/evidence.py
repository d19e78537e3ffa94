"""What speaks for a cell of an image to belong to what was clicked, and what against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.shaping.sight import Map, Sight, to_size, work_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cascadeclip.core.shaping.part import Part


@dataclass(frozen=True, slots=True)
class Click:
    """Hold a click at image position x, y, and whether what is there belongs to the mask."""

    x: float
    y: float
    positive: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold how much each kind of evidence says; the defaults are measured, see docs/tools.md.

    Two colours are alike within `spread` (L*a*b*); a click speaks for what is around it within
    `reach`, a share of the image's shorter side, and there a mask that is there says less; so it
    does, by the share `yields`, where the colour is that of the last click.
    """

    patches: float = 1.0
    colours: float = 1.0
    word: float = 1.5
    mask: float = 2.0
    place: float = 0.6
    spread: float = 14.0
    reach: float = 0.15
    yields: float = 0.9


MEASURED = Weights()


def weigh(
    sight: Sight,
    clicks: Sequence[Click],
    *,
    mask: Part | None = None,
    word: Map | None = None,
    weights: Weights = MEASURED,
) -> Map:
    """Return the evidence of every cell, above one half where it speaks for the cell.

    `mask` is what is there before the last click, `word` the probabilities hxw (0..1) of the
    word the mask has.
    """
    wanted = [click for click in clicks if click.positive]
    unwanted = [click for click in clicks if not click.positive]
    total = weights.patches * _patches(sight, wanted, unwanted)
    total += weights.colours * _colours(sight, wanted, unwanted, weights.spread)
    if word is not None and wanted:
        total += weights.word * _word(sight, to_size(word, sight.grid), wanted)
    near, far = _nearness(sight, wanted, weights), _nearness(sight, unwanted, weights)
    if wanted:
        beyond = near < np.exp(-1)
        total += weights.place * (near - 0.5 * beyond)
    total -= 1.5 * weights.place * far
    if mask is not None:
        hold = (1 - np.maximum(near, far)) * (
            1 - weights.yields * _like(sight, clicks[-1], weights)
        )
        total += weights.mask * (2 * _share(sight, mask) - 1) * hold
    return np.asarray(0.5 + total / 4, dtype=np.float32)


def _patches(sight: Sight, wanted: Sequence[Click], unwanted: Sequence[Click]) -> Map:
    """Compare every patch with those under the clicks: which kind is it more like?"""
    like = [np.max([sight.likeness(one.x, one.y) for one in some], axis=0) if some else None
            for some in (wanted, unwanted)]  # fmt: skip
    yes, no = like
    if yes is None:
        assert no is not None
        yes = np.full_like(no, _divide(no))
    against = np.full_like(yes, _divide(yes)) if no is None else no
    if wanted and no is not None:
        against = np.maximum(no, _divide(yes) - 0.1)
    scale = max(float(yes.std()), 0.02)
    return np.asarray(np.tanh((yes - against) / scale), dtype=np.float32)


def _colours(
    sight: Sight, wanted: Sequence[Click], unwanted: Sequence[Click], spread: float
) -> Map:
    away = _colour_distance(sight, wanted, limit=4 * spread)
    other = _colour_distance(sight, unwanted, limit=2 * spread)
    if not wanted:
        away = np.full_like(away, 2 * spread)
    return np.asarray(np.tanh((other - away) / spread), dtype=np.float32)


def _colour_distance(sight: Sight, clicks: Sequence[Click], *, limit: float) -> Map:
    nearest = np.full(sight.grid, limit, np.float32)
    for click in clicks:
        away = np.linalg.norm(sight.colours - sight.colour_at(click.x, click.y), axis=2)
        np.minimum(nearest, away, out=nearest)
    return nearest


def _word(sight: Sight, word: Map, wanted: Sequence[Click]) -> Map:
    """Let the word speak as far as it is sure of what was clicked: a click knows better."""
    here = float(np.mean([word[sight.cell(one.x, one.y)] for one in wanted]))
    trust = min(max(2 * here - 0.5, 0.0), 1.0)
    return np.asarray(trust * np.tanh(4 * (word - max(0.3, here / 2))), dtype=np.float32)


def _nearness(sight: Sight, clicks: Sequence[Click], weights: Weights) -> Map:
    """Return 1 at the clicks, falling to 1/e at `reach`, 0 where there is none."""
    rows, columns = sight.grid
    y, x = np.ogrid[:rows, :columns]
    nearest = np.full(sight.grid, np.inf, np.float32)
    for click in clicks:
        row, column = sight.cell(click.x, click.y)
        np.minimum(nearest, np.hypot(y - row, x - column).astype(np.float32), out=nearest)
    reach = weights.reach * min(rows, columns)
    return np.asarray(np.exp(-((nearest / reach) ** 2)), dtype=np.float32)


def _like(sight: Sight, click: Click, weights: Weights) -> Map:
    """Return 1 where the colour is that under a click, falling to 1/e within `spread`."""
    away = np.linalg.norm(sight.colours - sight.colour_at(click.x, click.y), axis=2)
    return np.asarray(np.exp(-((away / weights.spread) ** 2)), dtype=np.float32)


def _share(sight: Sight, mask: Part) -> Map:
    """Return which share of every cell the mask covers."""
    there = work_mask(sight, mask).astype(np.float32)
    small = cv2.resize(there, sight.grid[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def _divide(values: Map) -> float:
    """Return the value that divides the high from the low (Otsu, 1979)."""
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-6:
        return high
    bytes_ = ((values - low) / (high - low) * 255).astype(np.uint8)
    step, _ = cv2.threshold(bytes_, 0, 255, cv2.THRESH_OTSU)
    return low + (float(step) + 0.5) / 255 * (high - low)
