"""Ways to make one map per stage from the maps of its blocks; the paper's is NGA."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.transformer import Attention


def gaussian_weights(count: int, sigma: float, offset: int = 0) -> list[float]:
    """Weigh `count` neighbouring blocks by their distance to the deepest one.

    Cascade-CLIP, Eq. 4, with distances count-1 ... 0 as in the released code and Tables 16
    and 17; the printed exponent starts one further away, which is `offset` 1.
    """
    distances = [count - 1 - index + offset for index in range(count)]
    return [math.exp(-(distance**2) / (2 * sigma**2)) for distance in distances]


class Aggregation(nn.Module, ABC):
    """Join the maps of each stage's blocks; a stage of one block is its map, untouched.

    `groups` are the places of each stage's blocks among the maps that are handed in.
    """

    def __init__(self, groups: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.groups = tuple(tuple(group) for group in groups)

    @property
    def joined(self) -> tuple[int, ...]:
        """Number the stages of more than one block: those that need weights."""
        return tuple(stage for stage, group in enumerate(self.groups) if len(group) > 1)

    @abstractmethod
    def join(self, stage: int, maps: Sequence[Tensor]) -> Tensor:
        """Make one BxNxE map of the maps of `stage`, which are at least two."""

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Map one BxNxE array per taken block to BxSxNxE; the result is not normalised again."""
        picked = [[maps[place] for place in group] for group in self.groups]
        return torch.stack(
            [
                some[0] if len(some) == 1 else self.join(stage, some)
                for stage, some in enumerate(picked)
            ],
            dim=1,
        )


class _Fixed(nn.Module):
    """Hold tensors that are stored and never learn, by name as a ParameterDict does."""

    def __init__(self, values: dict[str, Tensor]) -> None:
        super().__init__()
        for name, value in values.items():
            self.register_buffer(name, value)

    def __getitem__(self, name: str) -> Tensor:
        value: Tensor = getattr(self, name)
        return value


class WeightedSum(Aggregation):
    """Sum the maps of a stage with one weight each, which learns or stays as it started."""

    def __init__(
        self,
        groups: Sequence[Sequence[int]],
        start: Callable[[int], list[float]],
        *,
        learns: bool,
    ) -> None:
        super().__init__(groups)
        values = {str(stage): torch.tensor(start(len(self.groups[stage]))) for stage in self.joined}
        self.weights: nn.ParameterDict | _Fixed = (
            nn.ParameterDict({name: nn.Parameter(value) for name, value in values.items()})
            if learns
            else _Fixed(values)
        )

    def join(self, stage: int, maps: Sequence[Tensor]) -> Tensor:
        """Sum the maps of `stage`."""
        weights = self.weights[str(stage)]
        total = maps[0] * weights[0]
        for index in range(1, len(maps)):
            total = torch.addcmul(total, maps[index], weights[index])
        return total


class Concatenation(Aggregation):
    """Project the concatenated maps of a stage back to one map's width (Table 8's control)."""

    def __init__(self, groups: Sequence[Sequence[int]], size: int) -> None:
        super().__init__(groups)
        self.projections = nn.ModuleDict(
            {str(stage): nn.Linear(len(self.groups[stage]) * size, size) for stage in self.joined}
        )

    def join(self, stage: int, maps: Sequence[Tensor]) -> Tensor:
        """Project the maps of `stage`, channel after channel."""
        result: Tensor = self.projections[str(stage)](torch.cat(tuple(maps), dim=-1))
        return result


class SelfAttention(Aggregation):
    """Let the blocks of a stage attend to each other at every patch, then average.

    Table 8's control; its exact form is not published. Here each block's vector is added to
    what it attends to, patch by patch, and the mean over the blocks is the stage's map.
    """

    def __init__(self, groups: Sequence[Sequence[int]], size: int, heads: int) -> None:
        super().__init__(groups)
        self.attentions = nn.ModuleDict(
            {str(stage): Attention(size, heads) for stage in self.joined}
        )

    def join(self, stage: int, maps: Sequence[Tensor]) -> Tensor:
        """Attend among the maps of `stage` and average."""
        tokens = torch.stack(tuple(maps), dim=2)
        flat = tokens.flatten(0, 1)
        result: Tensor = (flat + self.attentions[str(stage)](flat)).mean(dim=1)
        return result.view(tokens.shape[0], tokens.shape[1], -1)


def _ones(count: int) -> list[float]:
    return [1.0] * count


def _weighted(
    config: NetworkConfig, groups: Sequence[Sequence[int]], *, gaussian: bool, learns: bool
) -> Aggregation:
    sigma, offset = config.sigma, config.gaussian_offset
    start = (lambda count: gaussian_weights(count, sigma, offset)) if gaussian else _ones
    return WeightedSum(groups, start, learns=learns)


AGGREGATIONS: dict[str, Callable[[NetworkConfig, Sequence[Sequence[int]]], Aggregation]] = {
    "gaussian": lambda c, groups: _weighted(c, groups, gaussian=True, learns=True),
    "gaussian-fixed": lambda c, groups: _weighted(c, groups, gaussian=True, learns=False),
    "sum": lambda c, groups: _weighted(c, groups, gaussian=False, learns=False),
    "sum-trained": lambda c, groups: _weighted(c, groups, gaussian=False, learns=True),
    "concat": lambda c, groups: Concatenation(groups, c.embed),
    "attention": lambda c, groups: SelfAttention(groups, c.embed, c.decoder_heads),
}


def build_aggregation(config: NetworkConfig) -> Aggregation:
    """Build the aggregation that `config` names, for the maps of `config.taken` in order."""
    places = {block: place for place, block in enumerate(config.taken)}
    groups = [[places[block] for block in stage] for stage in config.stages]
    return AGGREGATIONS[config.aggregation](config, groups)
