"""Which examples a step sees: fixed by the seed and the step alone, so that runs can go on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.data.augment import Augmentation, augment
from cascadeclip.train.data.labelled import LabelledSet
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.parallel import Peers

Part = tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Order:
    """Number the examples of a run: shuffled anew for every round through the set."""

    count: int
    seed: int

    def example(self, place: int) -> int:
        """Return the example at `place` of the endless sequence."""
        rounds, rest = divmod(place, self.count)
        return int(_permutation(self.count, self.seed, rounds)[rest])


@lru_cache(maxsize=2)
def _permutation(count: int, seed: int, rounds: int) -> np.ndarray:
    return np.random.default_rng([seed, rounds, 1]).permutation(count)


class _Crops(Dataset[Part]):
    """Give the augmented crop at each place of the sequence."""

    def __init__(self, examples: LabelledSet, settings: Augmentation, config: FitConfig) -> None:
        self._examples, self._settings, self._config = examples, settings, config
        self._order = Order(len(examples), config.seed)

    def __getitem__(self, place: int) -> Part:
        example = self._examples.load(self._order.example(place))
        rng = np.random.default_rng([self._config.seed, place, 2])
        image, labels = augment(example, self._settings, rng)
        return torch.from_numpy(image), torch.from_numpy(_coarse(labels, self._config.label_side))


def _coarse(labels: np.ndarray, side: int) -> np.ndarray:
    """Read square labels at the centres of side x side cells."""
    if side == 0 or labels.shape[0] == side:
        return labels
    step = labels.shape[0] // side
    return np.ascontiguousarray(labels[step // 2 :: step, step // 2 :: step][:side, :side])


def _places(config: FitConfig, peers: Peers, start: int) -> list[range]:
    """List this process's parts from step `start` on, one after another.

    Part i of a step holds every `accumulate * processes`-th image, so that a step sees the same
    images however it is divided.
    """
    apart = config.accumulate * peers.count
    return [
        range(
            step * config.batch + part * peers.count + peers.rank,
            (step + 1) * config.batch,
            apart,
        )
        for step in range(start, config.steps)
        for part in range(config.accumulate)
    ]


def read_parts(
    examples: LabelledSet,
    settings: Augmentation,
    config: FitConfig,
    peers: Peers,
    *,
    start: int = 0,
) -> Iterator[Part]:
    """Yield (images, labels) of every part of every step from `start` on, for this process.

    Raise TrainingFailed for an empty set and where the processes do not divide the batch.
    """
    if len(examples) == 0:
        raise TrainingFailed("There is no image to train on; check the data folder.")
    if config.batch % (config.accumulate * peers.count):
        raise TrainingFailed(
            f"A batch of {config.batch} cannot be divided among {peers.count} processes in "
            f"{config.accumulate} parts; choose another --batch."
        )
    sampler: Sequence[range] = _places(config, peers, start)
    loader = DataLoader(
        _Crops(examples, settings, config),
        batch_sampler=sampler,  # type: ignore[arg-type]
        num_workers=min(config.workers, os.cpu_count() or 1),
    )
    yield from ((images, labels) for images, labels in loader)
