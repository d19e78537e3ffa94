"""Logits whose sigmoid is the probability that the window shows, by the model's readout.

A trained cascade's words speak for themselves. Where CLIP alone speaks, or what was learnt from it,
words share a softmax with each other and with the model's background: its probability p is read
here as the logit of p, so that every loss of independent words fits both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from cascadeclip.train.partial import agreement_loss

SUREST = 1e-6
"""No word has a larger probability than 1 minus this, so that its logit stays finite."""


@dataclass(frozen=True, slots=True)
class Readout:
    """Hold how logits are read and how far others have drifted.

    `words` maps the logits BxPxhxw of the words' phrases, those of the rivals BxRxhxw, the number
    of phrases of each word and the size HxW to logits BxKxHxW of K words. `drift` compares logits
    BxCxhxw of phrases that must not move with the parent's. `everyone` says whether all words of
    the project have to be there.
    """

    words: Callable[[Tensor, Tensor, Sequence[int], tuple[int, ...]], Tensor]
    drift: Callable[[Tensor, Tensor], Tensor]
    everyone: bool


def best_phrase(logits: Tensor, groups: Sequence[int]) -> Tensor:
    """Turn logits BxPxhxw of phrases, `groups` per word, into BxKxhxw: a word's best phrase."""
    if all(size == 1 for size in groups):
        return logits
    parts = torch.split(logits, list(groups), dim=1)
    return torch.stack([part.amax(dim=1) for part in parts], dim=1)


def odds(logits: Tensor) -> Tensor:
    """Return the logits BxPxhxw of the probabilities that a softmax over P gives."""
    logs = logits.log_softmax(dim=1).clamp(max=-SUREST)
    return logs - torch.log(-torch.expm1(logs))


def _resized(logits: Tensor, size: tuple[int, ...]) -> Tensor:
    return F.interpolate(logits, size, mode="bilinear", align_corners=False)


def _alone(own: Tensor, rivals: Tensor, groups: Sequence[int], size: tuple[int, ...]) -> Tensor:
    return _resized(best_phrase(own, groups), size)


def _sharing(own: Tensor, rivals: Tensor, groups: Sequence[int], size: tuple[int, ...]) -> Tensor:
    together = odds(_resized(torch.cat((own, rivals), dim=1), size))
    return best_phrase(together[:, : own.shape[1]], groups)


def _against_the_parent(logits: Tensor, parent: Tensor) -> Tensor:
    """Compare what each phrase has against all others of the parent: so a common drift counts."""
    if parent.numel() == 0:
        return agreement_loss(logits, parent)
    others = parent - odds(parent)
    return agreement_loss(logits - others, parent - others)


READOUTS: Mapping[str, Readout] = {
    "sigmoid": Readout(_alone, agreement_loss, everyone=False),
    "softmax": Readout(_sharing, _against_the_parent, everyone=True),
}
"""By the names of ModelInfo.readout."""
