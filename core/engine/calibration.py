"""What a word's probability means: the map that a model keeps for words a person has corrected.

Platt scaling (1999) of the probability's logit, a scale (one over the temperature) and a shift
per word: sigmoid(scale * logit(p) + shift). The order of a word's pixels stays, so that the shift
is at once a threshold of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.regions import ScoreMaps

LEAST = 1e-4

Affine = tuple[float, float]


def logit(p: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log(p / (1 - p)), p cut to [1e-4, 1 - 1e-4]: values may lie a little below 0."""
    inside = np.clip(p, LEAST, 1 - LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float32)


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 / (1 + exp(-values)), which no value makes overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), dtype=np.float32)


def adjust(p: NDArray[np.float32], affine: Affine) -> NDArray[np.float32]:
    """Return sigmoid(scale * logit(p) + shift) for `affine` = (scale, shift)."""
    return sigmoid(affine[0] * logit(p) + affine[1])


def calibrate(maps: ScoreMaps, adjusted: Sequence[tuple[str, float, float]]) -> ScoreMaps:
    """Return the maps with the words of `adjusted` (ModelInfo) moved; others are left alone."""
    if not adjusted:
        return maps
    known: Mapping[str, Affine] = {
        phrase_key(word): (scale, shift) for word, scale, shift in adjusted
    }
    own = {index: known.get(phrase_key(word.name)) for index, word in enumerate(maps.words)}
    if not any(own.values()):
        return maps
    moved = maps.probabilities.copy()
    for index, affine in own.items():
        if affine is not None:
            moved[index] = adjust(moved[index], affine)
    return replace(maps, probabilities=moved)
