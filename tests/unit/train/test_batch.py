"""The losses and gradients of a batch's parts add up to those of the whole."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cascadeclip.train.batch import Batch
from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth
from cascadeclip.train.data.views import View
from cascadeclip.train.learning import trainable, training
from cascadeclip.train.lesson import Lesson
from cascadeclip.train.objective import Objective
from cascadeclip.train.parallel import Peers
from cascadeclip.train.recipes import find_recipe

LESSON = Lesson(
    words=(("cat", "kitten"), ("dog",), ("cow",)),
    shy=frozenset({2}),
    strangers=("tree",),
    corrected=frozenset({0}),
    rivals=("sky",),
)
WHOLE, PARTS = [range(5)], [range(2), range(2, 4), range(4, 5)]


def views():
    """Give five views that hold none, one or two words, so that parts have other pairs."""
    rng = np.random.default_rng(0)
    for number in range(5):
        labels = np.full((16, 16), UNKNOWN if number % 2 else BACKGROUND, dtype=np.int16)
        labels[:, : 3 * number] = 0
        labels[: 2 * number, 12:] = 1
        pixels = rng.integers(0, 255, (32, 32, 3)).astype(np.uint8)
        yield View(pixels, Truth(labels, (), ()))


@pytest.mark.parametrize(
    ("name", "readout", "more"),
    [
        ("quick", "sigmoid", {}),
        ("quick", "softmax", {}),
        ("quick", "sigmoid", {"loss": "paper"}),
        ("self-training", "sigmoid", {"guess": 0.01}),
        ("full", "sigmoid", {}),
    ],
)
def test_parts_add_up(make_tiny, name, readout, more):
    model = make_tiny(dropout=0.3)
    model = replace(model, info=replace(model.info, readout=readout))
    recipe, network = replace(find_recipe(name), **more), model.cascade
    objective = Objective(network, model, LESSON, recipe, device=torch.device("cpu"), seed=0)
    cached = objective.encode(list(views()))
    words = objective.choose(cached, np.random.default_rng(0))
    learning = trainable(network, prompts=recipe.prompts)
    found = []
    with training(network, learning, encoder=recipe.prompts):
        for guessing in (recipe.guess > 0, False):
            for parts in (WHOLE, PARTS):
                torch.manual_seed(0)
                network.zero_grad(set_to_none=True)
                batch = Batch(objective, cached, words, Peers(), guessing=guessing)
                batch.look(parts)
                batch.settle(parts)
                loss = 0.0
                for part in batch.losses(parts):
                    part.backward()
                    loss += float(part.detach())
                grads = {key: value.grad.clone() for key, value in learning.items()}
                found.append((loss, grads, torch.rand(1)))
    for whole, parts in (found[:2], found[2:]):
        assert parts[0] == pytest.approx(whole[0], rel=1e-5)
        for key, value in whole[1].items():
            torch.testing.assert_close(parts[1][key], value, rtol=1e-3, atol=1e-5)
        assert torch.equal(parts[2], whole[2])  # chance goes on as after the whole
    assert (found[0][0] != found[2][0]) == (recipe.guess > 0)
