"""A network that sees colours and a text tower that knows their names: answers one can predict."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

from cascadeclip.core.engine import Engine
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.network import Features, Prepared, Projected
from cascadeclip.core.project import Project
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
        self.config = SimpleNamespace(patch=patch, width=512, layers=1, mlp_ratio=4, embed=3)
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

    def project(self, text):
        return Projected(text, (text,))

    def decode(self, ready, text):
        words = text.words
        source = ready.features if isinstance(ready, Prepared) else ready
        self.phrases += len(words)
        distance = torch.cdist(words, source.stages[:, 0])
        return (4 - 10 * distance).unflatten(-1, source.grid)


class ColourText:
    def encode(self, phrases, templates):
        return torch.tensor([COLOURS[phrase] for phrase in phrases], dtype=torch.float32)


def make_colour_model(text=True, prototypes=None, pixels=None, **info):
    described = {"window": 64, "stride": 48, "mean": (0.0,) * 3, "std": (255.0,) * 3, **info}
    return SimpleNamespace(
        network=ColourNetwork(),
        text=ColourText() if text else None,
        info=ModelInfo(name="colours", version="v1", **described),
        digest="c0105",
        prototypes=prototypes,
        pixels=pixels,
    )


@pytest.fixture
def colour_model():
    return make_colour_model


@pytest.fixture
def make_engine():
    def make(*, info=None, text=True, prototypes=None, **options):
        model = make_colour_model(text, prototypes, **(info or {}))
        engine = Engine(model, device="cpu", **options)
        engine.network = model.network
        return engine

    return make


@pytest.fixture
def engine(make_engine):
    return make_engine()


@pytest.fixture
def words():
    def make(*names):
        return [Word(name, (name,), "#112233") for name in names]

    return make


@pytest.fixture
def noisy_project(tmp_path, tiny_folder):
    """A project of eight images of noise, two words, and the tiny model in use."""
    rng = np.random.default_rng(0)
    with Project.create(tmp_path / "project") as project:
        for k in range(8):
            path = project.folder / f"{k}.png"
            Image.fromarray(rng.integers(0, 256, (40, 48, 3), dtype=np.uint8)).save(path)
            project.images.add(path)
        project.classes.add("cat")
        project.classes.add("grass")
        row = project.versions.add("tiny-0", folder=tiny_folder, recipe="test", metrics={})
        project.versions.activate(row.id)
        yield project


@pytest.fixture
def found():
    """Return what a project's suggestions are, image by image, apart from their numbers."""

    def found(project):
        return {
            row.path: [
                (one.class_id, one.rle, one.score, one.threshold, one.phrases, one.templates)
                for one in project.suggestions.of_image(row.id)
            ]
            for row in project.images.page()
        }

    return found
