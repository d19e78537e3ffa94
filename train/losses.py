"""The losses of Cascade-CLIP: focal over every word, dice over the words that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
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
    scores, flat = logits.float().flatten(2), labels.flatten(1).long()
    valid = flat != IGNORE
    index = flat.where(valid, 0)
    counts = scores.new_zeros(scores.shape[:2]).scatter_add_(1, index, valid.float())
    present = counts > 0
    image, word = present.nonzero(as_tuple=True)
    pairs = present.sum().clamp(min=1)
    focal: Tensor = _FocalSum.apply(scores, index, valid, alpha, gamma)
    dice = _dice(scores[present], flat[image] == word.unsqueeze(1))
    return {
        "focal": focal * focal_weight / (flat.shape[1] * pairs),
        "dice": dice * dice_weight / pairs,
    }


class _FocalSum(torch.autograd.Function):
    """Sum the focal loss over all scores, with its gradient found on the way.

    With the sign of a score turned where its target is 1, both cases are
    softplus(u) * sigmoid(u)^gamma. Few scores have target 1, at most one per pixel, so they are
    patched in; ordinary operations take half as long again, and with hundreds of words this is
    a large part of a training step.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        scores: Tensor,
        index: Tensor,
        valid: Tensor,
        alpha: float,
        gamma: float,
    ) -> Tensor:
        """Sum over scores BxCxP; `index` BxP is the target word where `valid`, else anything."""
        target, mask = index.unsqueeze(1), valid.unsqueeze(1)
        wrong = scores.clone()
        own = scores.gather(1, target)
        wrong.scatter_(1, target, torch.where(mask, -own, own))
        share, plus = torch.sigmoid(wrong), functional.softplus(wrong)
        power = share.square() if gamma == 2 else share**gamma
        losses = torch.mul(plus, power, out=wrong)
        total = losses.sum() * (1 - alpha)
        total = total + (losses.gather(1, target) * mask).sum() * (2 * alpha - 1)
        if ctx.needs_input_grad[0]:
            slope = plus.mul_(gamma).mul_(1 - share).add_(share).mul_(power)
            own = slope.gather(1, target)
            slope.mul_(1 - alpha)
            slope.scatter_(1, target, torch.where(mask, -alpha * own, (1 - alpha) * own))
            ctx.save_for_backward(slope)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        """Return the gradient of the scores alone."""
        (slope,) = ctx.saved_tensors
        return slope * outer, None, None, None, None


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
