"""A tiny random network and a project of tiny images in which colour is the word."""

import os

import cv2
import numpy as np
import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")

COLOURS = {"red thing": (220, 30, 30), "blue thing": (30, 30, 220)}
SIDE = 40


def draw_colours(number):
    """Return one image and its masks: two rectangles of the two colours on grey noise."""
    rng = np.random.default_rng(number)
    rgb = rng.integers(100, 140, (SIDE, SIDE, 3)).astype(np.uint8)
    masks = {}
    for place, (word, colour) in enumerate(COLOURS.items()):
        top, left = int(rng.integers(0, 20)), 20 * place + int(rng.integers(0, 6))
        mask = np.zeros((SIDE, SIDE), dtype=bool)
        mask[top : top + 18, left : left + 14] = True
        rgb[mask] = colour
        masks[word] = mask
    return rgb, masks


def make_model(seed=0, **options):
    import torch

    from cascadeclip.core.model import (
        CascadeCLIP,
        LoadedModel,
        ModelInfo,
        NetworkConfig,
        TextEncoder,
    )
    from cascadeclip.core.model.config import TextConfig

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    sizes = {
        "patch": 8, "width": 16, "layers": 3, "heads": 2, "embed": 16, "grid": 4, "prompts": 2,
        "stages": ((0, 1), (2,)), "decoder_layers": 2, "decoder_heads": 2, "decoder_ff": 32,
        "input_scale": 4.0, "logit_scale": 1.0, "logit_bias": -1.0,
    } | options  # fmt: skip
    network = CascadeCLIP(NetworkConfig(**sizes)).eval()
    text = TextEncoder(TextConfig(width=16, layers=1, heads=2, context=16, embed=16)).eval()
    with torch.no_grad():
        text.token_embedding.weight.normal_(0, 0.5)
    info = ModelInfo(
        name="tiny", version="tiny-0", trained_words=("tree", "red thing"), window=32, stride=32,
        templates=("a {}",), calibration=0.0,
    )  # fmt: skip
    return LoadedModel(network=network, text=text, info=info)


@pytest.fixture
def model():
    return make_model()


@pytest.fixture
def make_tiny():
    """Return a function that makes a tiny model with other sizes."""
    return make_model


@pytest.fixture
def draw():
    """Return the function that draws image number n and its masks by word."""
    return draw_colours


@pytest.fixture
def fill_project(tmp_path):
    """Return a function that makes a project of `count` images; all reviewed unless told not."""
    from cascadeclip.core.project import Project

    opened = []

    def fill(count=8, *, reviewed=True, annotated=True):
        folder = tmp_path / f"project{len(opened)}"
        project = Project.create(folder)
        opened.append(project)
        rows = {word: project.classes.add(word, phrases=(word,)) for word in COLOURS}
        (folder / "images").mkdir()
        for number in range(count):
            rgb, masks = draw_colours(number)
            path = folder / "images" / f"{number:02}.png"
            cv2.imwrite(str(path), rgb[..., ::-1])
            image = project.images.add(path)
            for word, mask in masks.items() if annotated else ():
                project.annotations.add(image.id, rows[word].id, mask)
            if reviewed:
                project.images.set_status(image.id, "reviewed")
        return project

    yield fill
    for project in opened:
        project.close()


@pytest.fixture
def use_model(monkeypatch, tmp_path):
    """Return a function that stores a model and makes it the bundled one."""
    from cascadeclip.core.engine import models
    from cascadeclip.core.model import save_model

    def use(model):
        folder = tmp_path / "bundled"
        save_model(folder, model.network, model.text, model.info)
        monkeypatch.setattr(models, "bundled_model", lambda: folder)
        return folder

    return use
