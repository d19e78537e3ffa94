"""A network that sees colours and a text tower that knows their names: answers one can predict."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn import functional

from cascadeclip.core.engine import Engine
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.network import Features, Prepared
from cascadeclip.core.values import Word

COLOURS = {
    "red": (1, 0, 0),
    "crimson": (0.7, 0, 0),
    "green": (0, 1, 0),
    "blue": (0, 0, 1),
    "black": (0, 0, 0),
    "white": (1, 1, 1),
}


class ColourNetwork(nn.Module):
    """Score a patch by how near its mean colour is to the word's."""

    def __init__(self, patch=8):
        super().__init__()
        self.config = SimpleNamespace(patch=patch, width=512)
        self.windows = 0
        self.phrases = 0
        self.prepared = 0

    def encode(self, images):
        self.windows += len(images)
        pooled = functional.avg_pool2d(images, self.config.patch)
        stages = pooled.flatten(2).transpose(1, 2).unsqueeze(1)
        return Features(stages, stages[:, 0].mean(dim=1), tuple(pooled.shape[-2:]))

    def prepare(self, features):
        self.prepared += len(features.stages)
        return Prepared(features, known=())

    def decode(self, ready, text):
        self.phrases += len(text)
        distance = torch.cdist(text, ready.features.stages[:, 0])
        return (4 - 10 * distance).unflatten(-1, ready.features.grid)


class ColourText:
    def encode(self, phrases, templates):
        return torch.tensor([COLOURS[phrase] for phrase in phrases], dtype=torch.float32)


def make_colour_model(**info):
    described = {"window": 64, "stride": 48, "mean": (0.0,) * 3, "std": (255.0,) * 3, **info}
    return SimpleNamespace(
        network=ColourNetwork(),
        text=ColourText(),
        info=ModelInfo(name="colours", version="v1", **described),
    )


@pytest.fixture
def colour_model():
    return make_colour_model


@pytest.fixture
def make_engine():
    def make(*, info=None, **options):
        return Engine(make_colour_model(**(info or {})), device="cpu", **options)

    return make


@pytest.fixture
def engine(make_engine):
    return make_engine()


@pytest.fixture
def words():
    def make(*names):
        return [Word(name, (name,), "#112233") for name in names]

    return make
