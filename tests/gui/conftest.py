"""A real window on a real project, with a network that sees colours and knows their names."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

import cascadeclip.core.engine as engines
from cascadeclip.app.presenters import suggesting
from cascadeclip.app.window import place
from cascadeclip.app.window.assembly import Assembly
from cascadeclip.core.engine.engine import Engine, Parts
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.network import Features, Prepared, Projected

HEIGHT, WIDTH = 64, 96
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1), "black": (0, 0, 0)}


def pytest_configure(config):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


class ColourNetwork(nn.Module):
    """Score a patch by how near its mean colour is to the word's."""

    config = SimpleNamespace(patch=8, width=512, layers=1, mlp_ratio=4, embed=3)

    def encode(self, images):
        pooled = functional.avg_pool2d(images, self.config.patch)
        stages = pooled.flatten(2).transpose(1, 2).unsqueeze(1)
        return Features(stages, stages[:, 0].mean(dim=1), tuple(pooled.shape[-2:]))

    def prepare(self, features):
        return Prepared(features, known=())

    def project(self, text):
        return Projected(text, (text,))

    def decode(self, ready, text):
        source = ready.features if isinstance(ready, Prepared) else ready
        distance = torch.cdist(text.words, source.stages[:, 0])
        return (4 - 10 * distance).unflatten(-1, source.grid)

    def stage_maps(self, ready, text):
        whole = self.decode(ready, text)
        return torch.stack([0.25 * whole, 0.75 * whole])


class ColourText:
    def encode(self, phrases, templates):
        grey = (0.6, 0.6, 0.6)
        return torch.tensor([COLOURS.get(phrase, grey) for phrase in phrases], dtype=torch.float32)


def make_engine(notify=None):
    info = ModelInfo(
        name="colours",
        version="v1",
        window=64,
        stride=48,
        mean=(0.0,) * 3,
        std=(255.0,) * 3,
        trained_words=("red",),
        note="This model sees colours only.",
    )
    model = SimpleNamespace(
        network=ColourNetwork(),
        text=ColourText(),
        info=info,
        digest="c0105",
        prototypes=None,
        pixels=None,
    )
    return Engine(model, device="cpu", parts=Parts(reason="a small model", notify=notify))


def write_image(path, *, number=0):
    """Paint a red box on the left and a blue one on the right, on black."""
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rgb[8:40, 8:40, 0] = 255
    rgb[24:56, 56:88, 2] = 255
    rgb[0, 0] = number
    Image.fromarray(rgb).save(path)


class Asking:
    """Answer as the test has decided."""

    def __init__(self):
        self.answers = []

    def folder(self, title):
        return self.answers.pop(0)

    def file(self, title, kind):
        return self.answers.pop(0)

    def new_file(self, title, name, kind):
        return self.answers.pop(0)


@pytest.fixture
def asking():
    return Asking()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(3):
        write_image(folder / f"image{number}.png", number=number)
    return folder


@pytest.fixture
def refusals():
    return []


@pytest.fixture
def loads():
    """Count how often an engine was loaded."""
    return []


@pytest.fixture
def bare(qtbot, tmp_path, monkeypatch, asking, refusals, loads):
    """Give the window before any project; fail when work is left over at the end."""
    monkeypatch.setattr(place, "data_folder", lambda: tmp_path / "data")

    def open_engine(project, device="auto", notify=None, **_):
        loads.append(project)
        return make_engine(notify)

    # What a person needs to finish a gesture, a test does not.
    monkeypatch.setattr(suggesting, "SETTLE_MILLISECONDS", 1)
    monkeypatch.setattr(suggesting, "TYPING_MILLISECONDS", 1)
    monkeypatch.setattr(suggesting, "REST_MILLISECONDS", 1)
    monkeypatch.setattr(engines, "open_engine", open_engine, raising=False)
    assembly = Assembly(version="0", asking=asking)
    assembly.problems._ask = refusals.append
    qtbot.addWidget(assembly.window)
    with qtbot.waitExposed(assembly.window):
        assembly.window.show()
    yield assembly
    assembly.window.close()
    assert assembly.jobs.idle()


@pytest.fixture
def wait(qtbot, bare):
    """Wait until no work is under way and no timer of ours runs."""

    def wait():
        qtbot.waitUntil(bare.jobs.idle, timeout=10_000)

    return wait


@pytest.fixture
def gui(bare, folder, wait):
    """Give the window with a project of three images and the words red and blue."""
    bare.library.open(folder)
    wait()
    bare.words.keep("red, blue")
    wait()
    bare.window.canvas.setFocus()
    return bare
