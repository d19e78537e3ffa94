"""Learning from what was said and from nothing else: targets with gaps, and losses that keep them.

The losses are Cascade-CLIP's (section 3.4: 100 x focal + dice, independent sigmoids); with
every pixel known they equal the paper's. Unlike the released code, unknown pixels weigh nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from cascadeclip.train.data.corrections import Truth
from cascadeclip.train.planes import IGNORED, POSITIVE, planes

ALPHA, GAMMA = 0.25, 2.0
FOCAL_WEIGHT, DICE_WEIGHT = 100.0, 1.0


def targets(truths: Sequence[Truth], words: Sequence[int], shy: frozenset[int]) -> Tensor:
    """Return what `planes` returns, for the losses."""
    return torch.from_numpy(planes(truths, words, shy))


def channels(truths: Sequence[Truth], words: Sequence[int]) -> Tensor:
    """Return BxLxL int64 for the paper's loss: the place of a pixel's word in `words`, else 255."""
    stacked = np.stack([truth.labels for truth in truths])
    places = np.full(stacked.shape, IGNORED, dtype=np.int64)
    for place, word in enumerate(words):
        places[stacked == word] = place
    return torch.from_numpy(places)


def positive_pairs(target: Tensor) -> Tensor:
    """Tell which pairs of an image and a word have a positive pixel in `targets`: BxK."""
    return (target == POSITIVE).flatten(2).any(dim=-1)


def partial_loss(
    logits: Tensor, target: Tensor, *, pairs: Tensor | None = None
) -> dict[str, Tensor]:
    """Return weighted "focal" and "dice" of mask logits BxKxLxL against `targets`.

    Means run over the known pixels of each image and word; pairs without any add nothing. Both
    are divided by the number of (image, word) pairs with a positive pixel, at least one; `pairs`
    replaces that number for a part of a batch.
    """
    known = (target != IGNORED).to(logits.dtype)
    wanted = (target == POSITIVE).to(logits.dtype)
    present = positive_pairs(target)
    count = present.sum().clamp(min=1) if pairs is None else pairs
    focal = (_focal(logits, wanted) * known).flatten(2).sum(-1)
    focal = focal / known.flatten(2).sum(-1).clamp(min=1)
    chance = logits.sigmoid() * known
    both = (chance * wanted).flatten(2).sum(-1)
    total = chance.flatten(2).sum(-1) + wanted.flatten(2).sum(-1)
    dice = (1 - (2 * both + 1) / (total + 1)) * present
    return {
        "focal": FOCAL_WEIGHT * focal.sum() / count,
        "dice": DICE_WEIGHT * dice.sum() / count,
    }


def agreement_loss(logits: Tensor, parent: Tensor) -> Tensor:
    """Return how far words have drifted from the parent's answers, 0 where they agree.

    Both are logits BxCxhxw; the value is the mean Kullback-Leibler divergence of the pixels'
    yes/no probabilities (learning without forgetting).
    """
    if parent.numel() == 0:
        return logits.new_zeros(())
    aim = parent.sigmoid()
    own = F.binary_cross_entropy_with_logits(parent, aim)
    return F.binary_cross_entropy_with_logits(logits, aim) - own


def _focal(logits: Tensor, wanted: Tensor) -> Tensor:
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    chance = logits.sigmoid()
    right = chance * wanted + (1 - chance) * (1 - wanted)
    balance = ALPHA * wanted + (1 - ALPHA) * (1 - wanted)
    return balance * entropy * (1 - right) ** GAMMA
