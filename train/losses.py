"""The losses of Cascade-CLIP: focal over every word, dice over the words that are there."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

IGNORE = 255


def cascade_loss(
    logits: Tensor,
    labels: Tensor,
    *,
    focal_weight: float = 100.0,
    dice_weight: float = 1.0,
    alpha: float = 0.25,
    gamma: float = 2.0,
) -> dict[str, Tensor]:
    """Return {"focal", "dice"}, weighted scalars to be summed.

    `logits` are BxCxHxW before the sigmoid (resized bilinearly where the labels are larger or
    smaller), `labels` BxHxW channel numbers with 255 for ignored pixels, which are negatives of
    every word. Both sums are divided by the number of (image, word) pairs that are present, at
    least 1; focal runs over all words, dice over those pairs only, as in the released code.
    Raise ValueError for other labels.
    """
    if logits.shape[-2:] != labels.shape[-2:]:
        logits = functional.interpolate(
            logits, labels.shape[-2:], mode="bilinear", align_corners=False
        )
    words = logits.shape[1]
    if bool(((labels != IGNORE) & ((labels < 0) | (labels >= words))).any()):
        raise ValueError(f"labels must be 0..{words - 1} or {IGNORE}")
    channels = torch.arange(words, device=labels.device).view(1, -1, 1, 1)
    # A channel numbered 255 cannot be told from ignored pixels, so it never is a target.
    target = (labels.unsqueeze(1) == channels) & (channels != IGNORE)
    scores, target = logits.float().flatten(2), target.flatten(2)
    present = target.any(dim=-1)
    pairs = present.sum().clamp(min=1)
    return {
        "focal": focal_weight * _focal(scores, target, alpha, gamma) / pairs,
        "dice": dice_weight * _dice(scores[present], target[present]) / pairs,
    }


def _focal(scores: Tensor, target: Tensor, alpha: float, gamma: float) -> Tensor:
    # With the sign turned where the target is 1, both cases are softplus(u) * sigmoid(u)^gamma.
    wrong = torch.where(target, -scores, scores)
    weight = torch.where(target, alpha, 1 - alpha)
    losses = weight * functional.softplus(wrong) * torch.sigmoid(wrong) ** gamma
    return losses.mean(dim=-1).sum()


def _dice(scores: Tensor, target: Tensor) -> Tensor:
    probability = torch.sigmoid(scores)
    shared = (probability * target).sum(dim=-1)
    sizes = probability.sum(dim=-1) + target.sum(dim=-1)
    return (1 - (2 * shared + 1) / (sizes + 1)).sum()


def pseudo_labels(logits: Tensor, labels: Tensor, *, seen: Sequence[int]) -> Tensor:
    """Return labels BxHxW whose -1 pixels carry the best word that is not in `seen`.

    `logits` are BxCxHxW; no gradient flows. This is the paper's online self-training: hard,
    without a threshold, and every other pixel keeps its label.
    """
    scores = logits.detach().clone()
    scores[:, list(seen)] = -torch.inf
    return torch.where(labels == -1, scores.argmax(dim=1), labels)
