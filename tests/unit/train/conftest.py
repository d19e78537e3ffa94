"""A tiny random network and a project of tiny images in which colour is the word."""

import os

import cv2
import numpy as np
import pytest
import torch

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


SCALES = {"input_scale": 4.0, "logit_scale": 1.0, "logit_bias": -1.0}
CARD = {"trained_words": ("tree", "red thing"), "templates": ("a {}",), "calibration": 0.0}


@pytest.fixture(scope="session")
def make_tiny(make_tiny):
    """Return a function that makes a tiny model with other sizes, one that learns in few steps."""

    def make(seed=0, **sizes):
        model = make_tiny(seed, card=CARD, **(SCALES | sizes))
        with torch.no_grad():
            model.text.token_embedding.weight.normal_(0, 0.5)
        return model

    return make


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    """Two colours are told apart by fewer steps than a project's words."""
    from cascadeclip.train import perceptron

    monkeypatch.setattr(perceptron, "STEPS", 100)


@pytest.fixture
def model(make_tiny):
    return make_tiny()


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
