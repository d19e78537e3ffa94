from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from cascadeclip.core.model import CascadeCLIP, NetworkConfig
from cascadeclip.train.data.augment import Augmentation, flip_only
from cascadeclip.train.data.labelled import IGNORE, Example
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.fit.loop import Fitter, Lesson, Place

NETWORK = NetworkConfig(
    patch=4,
    width=16,
    layers=4,
    heads=2,
    embed=8,
    grid=4,
    prompts=2,
    stages=((1, 2), (3,)),
    decoder_heads=2,
    decoder_ff=12,
)
CROPS: Augmentation = flip_only(16)


class Squares:
    """Twelve 16-pixel images: a coloured square per word; word 3 of four is unseen."""

    words = ("red", "green", "blue", "grey")
    seen = (0, 1, 2)

    def __len__(self) -> int:
        return 12

    def load(self, index: int) -> Example:
        rng = np.random.default_rng(index)
        labels = np.full((16, 16), IGNORE, np.uint8)
        image = np.zeros((16, 16, 3), np.uint8)
        for word in rng.permutation(4)[:2]:
            top, left = rng.integers(0, 8, 2)
            labels[top : top + 8, left : left + 8] = word
            image[top : top + 8, left : left + 8] = 60 * (word + 1)
        return Example(image, labels, str(index))


@pytest.fixture
def examples() -> Squares:
    return Squares()


@pytest.fixture
def crops() -> Augmentation:
    return CROPS


@pytest.fixture
def words() -> Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.nn.functional.normalize(torch.randn(4, 8, generator=generator), dim=-1)


@pytest.fixture
def network() -> CascadeCLIP:
    torch.manual_seed(1)
    return CascadeCLIP(NETWORK)


@pytest.fixture
def config() -> FitConfig:
    return FitConfig(
        data="mini", steps=6, batch=4, rate=1e-3, warmup=2, side=16, save_every=100, seed=5
    )


@pytest.fixture
def fitter(words: Tensor) -> Callable[..., Fitter]:
    """Make runs on copies of a network."""

    def make(network: CascadeCLIP, config: FitConfig, folder: Path | None = None) -> Fitter:
        place = Place(torch.device("cpu"), folder=folder)
        return Fitter(copy.deepcopy(network), Lesson(Squares(), words, CROPS), config, place)

    return make
