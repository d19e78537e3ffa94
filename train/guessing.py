"""Self-training: pixels nobody spoke about get the word that the network itself is sure of.

As in the paper's transductive setting (section 4.1) the labels are hard and made anew in every
step, from half of the steps on. Unlike there nobody knows which pixels belong to some word at all,
so a word must reach a probability.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cascadeclip.train.data.corrections import UNKNOWN, Truth


def guessed(
    truths: Sequence[Truth],
    maps: Tensor,
    words: Sequence[int],
    corrected: Collection[int],
    *,
    least: float,
) -> list[Truth]:
    """Return the truths with unknown pixels labelled where some word reaches `least` (0..1).

    `maps` BxKxLxL are logits of the K word indices `words`. Where somebody marked something in an
    image, only words that are not in `corrected` are guessed there: the others would have been
    marked. No word is guessed where it was rejected.
    """
    with torch.no_grad():
        chances = maps.sigmoid().cpu().numpy()
    new = np.array([word not in corrected for word in words])
    names = np.array(words, dtype=np.int16)
    return [
        _guessed(truth, chance, names, new, least)
        for truth, chance in zip(truths, chances, strict=True)
    ]


def _guessed(
    truth: Truth,
    chances: npt.NDArray[np.float32],
    words: npt.NDArray[np.int16],
    new: npt.NDArray[np.bool_],
    least: float,
) -> Truth:
    unknown = truth.labels == UNKNOWN
    if not unknown.any():
        return truth
    some = chances.copy()
    if not unknown.all():
        some[~new] = 0
    for word, mask in truth.rejected:
        some[words == word] *= ~mask
    best = some.argmax(axis=0)
    sure = unknown & (np.take_along_axis(some, best[None], axis=0)[0] >= least)
    labels = truth.labels.copy()
    labels[sure] = words[best[sure]]
    return replace(truth, labels=labels)
