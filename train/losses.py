"""The losses of Cascade-CLIP: focal over every word, dice over the words that are there.

And SPT-SEG's, which has structural similarity in the place of dice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    pairs: Tensor | None = None,
) -> dict[str, Tensor]:
    """Return {"focal", "dice"}, weighted scalars to be summed.

    `logits` are BxCxHxW before the sigmoid (resized bilinearly where the labels are larger or
    smaller), `labels` BxHxW channel numbers with 255 for ignored pixels, which are negatives of
    every word. Both sums are divided by the number of (image, word) pairs that are present, at
    least 1; focal runs over all words, dice over those pairs only, as in the released code.
    `pairs` replaces that number where a step is spread over processes or parts of a batch.
    Raise ValueError for other labels.
    """
    given = _match(logits, labels)
    image, word = given.present.nonzero(as_tuple=True)
    count = given.present.sum().clamp(min=1) if pairs is None else pairs
    dice = _dice(given.scores[given.present], given.flat[image] == word.unsqueeze(1))
    return {
        "focal": _focal(given, alpha, gamma) * focal_weight / count,
        "dice": dice * dice_weight / count,
    }


def spectral_loss(
    logits: Tensor,
    labels: Tensor,
    *,
    focal_weight: float = 100.0,
    ssim_weight: float = 1.0,
    alpha: float = 0.25,
    gamma: float = 2.0,
    pairs: Tensor | None = None,
) -> dict[str, Tensor]:
    """Return {"focal", "ssim"}, weighted scalars to be summed: the loss of SPT-SEG.

    Arguments and errors are those of `cascade_loss`. The second part is 1 - SSIM between the raw
    logits and the one-hot labels, a mean over every word, ignored pixels being zero everywhere.
    """
    given = _match(logits, labels)
    count = given.present.sum().clamp(min=1) if pairs is None else pairs
    words = torch.arange(given.scores.shape[1], device=labels.device).view(1, -1, 1)
    target = (given.flat.unsqueeze(1) == words).float()
    shape = labels.shape[-2:]
    planes = (*given.scores.shape[:2], *shape)
    likeness = _ssim(given.scores.view(planes), target.view(planes))
    return {
        "focal": _focal(given, alpha, gamma) * focal_weight / count,
        "ssim": (1 - likeness) * ssim_weight,
    }


def present_pairs(labels: Tensor) -> Tensor:
    """Count the (image, word) pairs that occur in labels BxHxW; 255 is no word."""
    counts = [torch.unique(one[one != IGNORE]).numel() for one in labels]
    return torch.tensor(float(sum(counts)), device=labels.device)


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Hold scores BxCxP, labels BxP, where they name a word, and which pairs BxC occur."""

    scores: Tensor
    flat: Tensor
    valid: Tensor
    index: Tensor
    present: Tensor


def _match(logits: Tensor, labels: Tensor) -> _Given:
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
    return _Given(scores, flat, valid, index, present=counts > 0)


def _focal(given: _Given, alpha: float, gamma: float) -> Tensor:
    """Sum over all words of the mean over the pixels."""
    total: Tensor = _FocalSum.apply(given.scores, given.index, given.valid, alpha, gamma)
    return total / given.flat.shape[1]


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


def _ssim(first: Tensor, second: Tensor) -> Tensor:
    """Return the mean structural similarity of two BxCxHxW arrays, channel by channel."""
    row = torch.exp(-((torch.arange(11, device=first.device) - 5) ** 2) / (2 * 1.5**2)).float()
    row = row / row.sum()

    def smooth(x: Tensor) -> Tensor:
        flat = x.flatten(0, 1).unsqueeze(1)
        flat = functional.conv2d(flat, row.view(1, 1, -1, 1), padding=(5, 0))
        return functional.conv2d(flat, row.view(1, 1, 1, -1), padding=(0, 5)).view_as(x)

    mean, other = smooth(first), smooth(second)
    variance = smooth(first * first) - mean * mean
    spread = smooth(second * second) - other * other
    shared = smooth(first * second) - mean * other
    above = (2 * mean * other + 1e-4) * (2 * shared + 9e-4)
    below = (mean * mean + other * other + 1e-4) * (variance + spread + 9e-4)
    return (above / below).mean()


def pseudo_labels(logits: Tensor, labels: Tensor, *, seen: Sequence[int]) -> Tensor:
    """Return labels BxHxW whose -1 pixels carry the best word that is not in `seen`.

    `logits` are BxCxHxW; no gradient flows. This is the paper's online self-training: hard,
    without a threshold, and every other pixel keeps its label.
    """
    scores = logits.detach().clone()
    scores[:, list(seen)] = -torch.inf
    return torch.where(labels == -1, scores.argmax(dim=1), labels)
