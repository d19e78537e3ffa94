"""One training step as a module: images and labels in, losses out, so that DDP can wrap it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.fit.task import Task
from cascadeclip.train.losses import cascade_loss, pseudo_labels, spectral_loss

Losses = dict[str, Tensor]
Loss = Callable[[FitConfig, Tensor, Tensor, Tensor | None, float], Losses]


def _dice(
    config: FitConfig, logits: Tensor, labels: Tensor, pairs: Tensor | None, share: float
) -> Losses:
    weights = {"focal_weight": config.focal_weight, "dice_weight": config.shape_weight}
    return cascade_loss(logits, labels, pairs=pairs, **weights)


def _ssim(
    config: FitConfig, logits: Tensor, labels: Tensor, pairs: Tensor | None, share: float
) -> Losses:
    # A mean over images: a part of the batch counts by its share, whatever its pairs.
    weights = {"focal_weight": config.focal_weight, "ssim_weight": config.shape_weight * share}
    return spectral_loss(logits, labels, pairs=pairs, **weights)


LOSSES: dict[str, Loss] = {"dice": _dice, "ssim": _ssim}


class Learner(nn.Module):
    """Hold a network, the embeddings of the words it is trained on, and the task.

    The text tower is not here: its embeddings CxE are all that training needs of it.
    """

    words: Tensor

    def __init__(self, network: CascadeCLIP, words: Tensor, task: Task, config: FitConfig) -> None:
        super().__init__()
        self.network = network
        self.task = task
        self.config = config
        self.register_buffer("words", words[list(task.words)].clone(), persistent=False)

    def forward(self, images: Tensor, labels: Tensor, pairs: Tensor | None, share: float) -> Losses:
        """Return the weighted losses of images Bx3xSxS with targets BxHxW of the task.

        `pairs` is what the sums are divided by, None for this part's own count; `share` is this
        part's share of the batch.
        """
        logits = self.network.decode(self.network.encode(images), self.words)
        logits = functional.interpolate(
            logits.float(), labels.shape[-2:], mode="bilinear", align_corners=False
        )
        if self.task.self_training:
            labels = pseudo_labels(logits, labels, seen=self.task.seen)
        return LOSSES[self.config.loss](self.config, logits, labels, pairs, share)

    def trained(self) -> dict[str, nn.Parameter]:
        """Name the network's parameters that learn."""
        return {
            name: value for name, value in self.network.named_parameters() if value.requires_grad
        }


def total(losses: Losses) -> Tensor:
    """Sum the parts of a loss."""
    return torch.stack(list(losses.values())).sum()
