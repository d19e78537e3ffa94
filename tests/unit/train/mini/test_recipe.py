"""The threshold of .5 is made the best one; a vocabulary leaves half of a scene unnamed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from cascadeclip.core.scenes import INDEX, WORDS
from cascadeclip.train.metrics import ConfusionMatrix
from cascadeclip.train.mini import recipe
from cascadeclip.train.mini.batches import Batch


def test_a_vocabulary_names_half_of_a_scene_and_ten_absent_words() -> None:
    present = torch.zeros(len(WORDS), dtype=torch.bool)
    present[[3, 50, 90, 195]] = True
    chosen = recipe._vocabulary(present, np.random.default_rng(1))
    assert len(chosen) == len(chosen.unique()) == 12
    assert present[chosen].sum() == 2


def test_false_answers_and_misses_both_cost() -> None:
    perfect = ConfusionMatrix(2)
    perfect.add(np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, 1]]))
    missed = ConfusionMatrix(2)
    missed.add(np.array([[0, 0, 1, 1]]), np.array([[0, -1, 1, -1]]))
    assert recipe._pixel_iou(perfect, 0) == pytest.approx(1)
    assert recipe._pixel_iou(perfect, 4) == pytest.approx(0.5)
    assert recipe._pixel_iou(missed, 0) == pytest.approx(0.5)


class _Shy(nn.Module):
    """Answer rightly, but with a logit of only -0.7 for yes and -3 for no."""

    def __init__(self, labels: torch.Tensor) -> None:
        super().__init__()
        self.labels = labels
        self.logit_bias = nn.Parameter(torch.tensor(0.0))

    def forward(self, images: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        right = torch.arange(len(words)).view(1, -1, 1, 1) == self.labels[:, None]
        return torch.where(right, -0.7, -3.0) + self.logit_bias


def test_shy_answers_are_moved_over_the_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = torch.full((2, 8, 8), INDEX["grass"])
    labels[:, :4] = INDEX["cat"]
    present = torch.zeros(2, len(WORDS), dtype=torch.bool)
    present[:, [INDEX["grass"], INDEX["cat"]]] = True
    batch = Batch(torch.zeros(2, 3, 8, 8), labels, ["", ""], present)
    monkeypatch.setattr(recipe, "fresh", lambda _: [batch] * 4)

    class Text:
        def encode(self, phrases: list[str], templates: object) -> torch.Tensor:
            return torch.zeros(len(phrases), 4)

    network = _Shy(labels)
    shift = recipe.centre_threshold(network, Text(), 0.0)  # type: ignore[arg-type]
    assert 0.7 <= shift < 3
    assert network.logit_bias.item() == pytest.approx(shift)
