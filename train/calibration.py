"""Fit what each word's probability has to mean, from what the person said.

Two numbers per word (Platt, 1999): p becomes sigmoid(scale * logit(p) + shift). They are found by
Newton's method on a convex problem, so the answer is exact and costs milliseconds. Few images say
little: all corrected words share a map of their own, and a word moves away from it, as the shared
map from doing nothing, only as far as its evidence pulls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cascadeclip.core.engine.calibration import Affine, adjust, logit
from cascadeclip.train.data.corrections import Truth
from cascadeclip.train.planes import IGNORED, POSITIVE, planes

if TYPE_CHECKING:
    from cascadeclip.core.regions import ScoreMaps

IDENTITY: Affine = (1.0, 0.0)
IMAGE_WEIGHT = 40.0
"""What an image counts for a word, in pixels: those of one image say much the same."""
SHARED_SPREAD = (1.0, 2.0)
"""How far scale and shift of all words together may lie from doing nothing (a prior's sigma)."""
WORD_SPREAD = (0.3, 0.7)
"""How far a word may lie from all words together."""
SCALES = (0.1, 10.0)
_STEPS = 40
_SETTLED = 1e-9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pixels:
    """Hold known pixels of one word: logits, whether they are the word, and their weights."""

    logits: Floats
    wanted: npt.NDArray[np.bool_]
    weights: Floats


@dataclass(slots=True)
class Evidence:
    """Collect, word by word, what score maps said and what a person says."""

    shy: frozenset[int] = frozenset()
    _parts: dict[int, list[Pixels]] = field(default_factory=dict)

    def add(self, maps: ScoreMaps, truth: Truth) -> None:
        """Add one image: every known cell of `maps`, which are not yet adjusted."""
        cells = truth.sampled(*maps.probabilities.shape[1:])
        words = range(len(maps.words))
        said = planes([cells], words, self.shy)[0]
        for word in words:
            known = said[word] != IGNORED
            if known.any():
                values = logit(maps.probabilities[word][known]).astype(np.float64)
                weights = np.full(len(values), IMAGE_WEIGHT / len(values))
                part = Pixels(values, said[word][known] == POSITIVE, weights)
                self._parts.setdefault(word, []).append(part)

    def of(self, word: int) -> Pixels:
        """Return everything known about the word with this index."""
        return _joined(self._parts.get(word, []))

    def words(self) -> tuple[int, ...]:
        """Return the words that were seen and also not seen somewhere, ascending."""
        both = (word for word in self._parts if 0 < self.of(word).wanted.mean() < 1)
        return tuple(sorted(both))


def _joined(parts: Sequence[Pixels]) -> Pixels:
    nothing = Pixels(np.zeros(0), np.zeros(0, dtype=bool), np.zeros(0))
    some = [nothing, *parts]
    return Pixels(
        np.concatenate([one.logits for one in some]),
        np.concatenate([one.wanted for one in some]),
        np.concatenate([one.weights for one in some]),
    )


def fit_words(evidence: Evidence, among: Sequence[int]) -> dict[int, Affine]:
    """Return (scale, shift) for each word of `among`, most from their own pixels.

    Words of `among` that never occur in the evidence get the map that all share; where none
    occurs the answer is empty, and nothing should be moved.
    """
    seen = [word for word in evidence.words() if word in set(among)]
    if not seen:
        return {}
    pixels = {word: evidence.of(word) for word in seen}
    shared = fit_affine(_joined(list(pixels.values())), IDENTITY, SHARED_SPREAD)
    return {
        word: fit_affine(pixels[word], shared, WORD_SPREAD) if word in pixels else shared
        for word in among
    }


def fit_affine(pixels: Pixels, centre: Affine, spread: Affine) -> Affine:
    """Return the most likely (scale, shift) where `centre` and `spread` are known beforehand.

    Logistic regression with a normal prior: convex, so Newton's method with halved steps ends at
    the one answer. The scale stays within 0.1..10.
    """
    middle, precision = np.array(centre), 1 / np.square(spread)
    columns = np.stack([pixels.logits, np.ones_like(pixels.logits)])
    at, cost = middle.copy(), _cost(pixels, columns, middle, middle, precision)
    for _ in range(_STEPS):
        chance = 0.5 + 0.5 * np.tanh(0.5 * (at @ columns))
        slope = columns @ (pixels.weights * (chance - pixels.wanted)) + precision * (at - middle)
        curve = (columns * (pixels.weights * chance * (1 - chance))) @ columns.T
        step = np.linalg.solve(curve + np.diag(precision), slope)
        moved, lower = _line(pixels, columns, at, step, middle, precision, cost)
        if cost - lower < _SETTLED:
            break
        at, cost = moved, lower
    return float(np.clip(at[0], *SCALES)), float(at[1])


def _line(
    pixels: Pixels,
    columns: Floats,
    at: Floats,
    step: Floats,
    middle: Floats,
    precision: Floats,
    cost: float,
) -> tuple[Floats, float]:
    """Go along a step, half as far as long as it leads upwards."""
    for share in 0.5 ** np.arange(20):
        moved = at - share * step
        there = _cost(pixels, columns, moved, middle, precision)
        if there <= cost:
            return moved, there
    return at, cost


def _cost(pixels: Pixels, columns: Floats, at: Floats, middle: Floats, precision: Floats) -> float:
    scores = at @ columns
    signed = np.where(pixels.wanted, -scores, scores)
    loss = float(pixels.weights @ np.logaddexp(0, signed))
    return loss + 0.5 * float(precision @ np.square(at - middle))


def expected_error(evidence: Evidence, adjusted: Mapping[int, Affine], *, bins: int = 10) -> float:
    """Return how far probabilities lie from how often they are right, 0..1, over the words seen.

    The expected calibration error: pixels in equal bins of probability, the distance between the
    mean probability and the share of right ones, weighted. 0 where the slider means precision.
    """
    words = evidence.words()
    if not words:
        return 0.0
    return float(np.mean([_error(evidence.of(word), adjusted.get(word), bins) for word in words]))


def _error(pixels: Pixels, affine: Affine | None, bins: int) -> float:
    p = adjust((0.5 + 0.5 * np.tanh(0.5 * pixels.logits)).astype(np.float32), affine or IDENTITY)
    place = np.minimum((p * bins).astype(np.intp), bins - 1)
    said = np.bincount(place, pixels.weights * p, minlength=bins)
    right = np.bincount(place, pixels.weights * pixels.wanted, minlength=bins)
    return float(np.abs(said - right).sum() / pixels.weights.sum())
