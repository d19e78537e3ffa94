"""A pixel classifier at work: what it says of an image, and how it is heard beside the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch

from cascadeclip.core.engine.calibration import logit, sigmoid
from cascadeclip.core.model.prototypes import vectors_of
from cascadeclip.core.texture import texture
from cascadeclip.core.vocabulary import spellings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cascadeclip.core.model.pixels import PixelClassifier
    from cascadeclip.core.regions import ScoreMaps

    Array = NDArray[np.float32]

UNSURE, SURE = 0.2, 0.5
"""Where a word that the classifier was not taught reaches SURE, it is not heard; below UNSURE it is
heard in full. What it never saw it would call one of its own words."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Hold what a classifier says of an image: `logits` Kxhxw of its words, hxw `familiar` 0..1."""

    logits: Array
    familiar: Array

    @property
    def nbytes(self) -> int:
        """Return how many bytes it takes."""
        return self.logits.nbytes + self.familiar.nbytes


def perceive(
    classifier: PixelClassifier,
    image: NDArray[np.uint8],
    stages: Array,
    canvas: tuple[int, int],
) -> Said:
    """Return what a classifier says of an image HxWx3 RGB, on a canvas of hxw cells.

    `stages` SxExrxc are what the tower made of it, as `Engine.patches` gives them.
    """
    patches = torch.from_numpy(vectors_of(stages))
    found = classifier.logits(torch.from_numpy(texture(image)), patches)
    maps, size = found.permute(2, 0, 1).contiguous().numpy(), canvas[::-1]
    shrunk = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in maps]
    known = classifier.familiar.share(patches).numpy()
    familiar = cv2.resize(known, size, interpolation=cv2.INTER_LINEAR)
    return Said(np.stack(shrunk), np.asarray(familiar, dtype=np.float32))


def hear(maps: ScoreMaps, said: Said | None, classifier: PixelClassifier | None) -> ScoreMaps:
    """Return the maps with the words of a classifier moved towards what it said (`perceive`).

    Without either they stay as they are.

    A word's logit becomes (1 - s) * its own + s * the classifier's, s being the classifier's share,
    or less of it where it knows nothing like it, or a word that it was not taught claims the place.
    """
    if said is None or classifier is None:
        return maps
    found = {place: _taught(classifier, spellings(one)) for place, one in enumerate(maps.words)}
    taught = {place: word for place, word in found.items() if word is not None}
    if not taught:
        return maps
    others = [place for place in found if place not in taught]
    claimed = maps.probabilities[others].max(axis=0, initial=0.0)
    room = np.clip((SURE - claimed) / (SURE - UNSURE), 0, 1)
    share = room * said.familiar * np.float32(classifier.share)
    moved = maps.probabilities.copy()
    for place, word in taught.items():
        own = logit(moved[place])
        moved[place] = sigmoid(own + share * (said.logits[word] - own))
    return replace(maps, probabilities=moved)


def _taught(classifier: PixelClassifier, phrases: tuple[str, ...]) -> int | None:
    known = (classifier.word(phrase) for phrase in phrases)
    return next((word for word in known if word is not None), None)
