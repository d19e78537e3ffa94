"""Neighbourhood Gaussian aggregation: one map per stage from its neighbouring blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


def gaussian_weights(count: int, sigma: float) -> list[float]:
    """Weigh `count` neighbouring blocks by their distance to the deepest one.

    Cascade-CLIP, Eq. 4, with distances count-1 ... 0 as in the released code and Tables 16
    and 17; the printed exponent starts one further away.
    """
    return [math.exp(-((count - 1 - index) ** 2) / (2 * sigma**2)) for index in range(count)]


class NeighbourhoodAggregation(nn.Module):
    """Sum the maps of each stage with trainable weights; a stage of one block has none."""

    def __init__(self, sizes: Sequence[int], sigma: float) -> None:
        super().__init__()
        self.sizes = tuple(sizes)
        self.weights = nn.ParameterDict(
            {
                str(stage): nn.Parameter(torch.tensor(gaussian_weights(size, sigma)))
                for stage, size in enumerate(sizes)
                if size > 1
            }
        )

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Map one BxNxE array per block to BxSxNxE; the sums are not normalised again."""
        stages: list[Tensor] = []
        start = 0
        for stage, size in enumerate(self.sizes):
            group = maps[start : start + size]
            start += size
            if size == 1:
                stages.append(group[0])
                continue
            weights = self.weights[str(stage)]
            total = group[0] * weights[0]
            for index in range(1, size):
                total = torch.addcmul(total, group[index], weights[index])
            stages.append(total)
        return torch.stack(stages, dim=1)
