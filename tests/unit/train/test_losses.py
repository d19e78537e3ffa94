from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from cascadeclip.train.losses import cascade_loss, pseudo_labels


def by_the_book(logits: torch.Tensor, labels: torch.Tensor) -> tuple[float, float]:
    """The paper's losses pixel by pixel and pair by pair, in plain numbers."""
    batch, words, height, width = logits.shape
    present = [(b, c) for b in range(batch) for c in range(words) if (labels[b] == c).any()]
    pairs = max(len(present), 1)
    focal = 0.0
    for b in range(batch):
        for c in range(words):
            for x, y in zip(logits[b, c].flatten(), labels[b].flatten(), strict=True):
                probability = 1 / (1 + math.exp(-float(x)))
                right = probability if int(y) == c else 1 - probability
                alpha = 0.25 if int(y) == c else 0.75
                focal -= alpha * (1 - right) ** 2 * math.log(right) / (height * width)
    dice = 0.0
    for b, c in present:
        score, target = torch.sigmoid(logits[b, c]), (labels[b] == c).float()
        dice += 1 - float((2 * (score * target).sum() + 1) / (score.sum() + target.sum() + 1))
    return 100 * focal / pairs, dice / pairs


@pytest.fixture
def logits() -> torch.Tensor:
    return 2 * torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def labels() -> torch.Tensor:
    labels = torch.randint(0, 2, (2, 4, 5), generator=torch.Generator().manual_seed(1))
    labels[1] = 2
    labels[:, 0, :3] = 255
    return labels


def test_losses_by_the_book(logits: torch.Tensor, labels: torch.Tensor) -> None:
    found = cascade_loss(logits, labels)
    focal, dice = by_the_book(logits, labels)
    assert list(found) == ["focal", "dice"]
    assert float(found["focal"]) == pytest.approx(focal, rel=1e-5)
    assert float(found["dice"]) == pytest.approx(dice, rel=1e-5)


@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (0.5, 1.5), (1.0, 2.0)])
def test_the_gradient_is_that_of_ordinary_operations(
    labels: torch.Tensor, alpha: float, gamma: float
) -> None:
    logits = 3 * torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(2))
    ours, plain = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    found = cascade_loss(ours, labels, alpha=alpha, gamma=gamma)["focal"]
    target = (labels[:, None] == torch.arange(3).view(1, 3, 1, 1)).float()
    cross = functional.binary_cross_entropy_with_logits(plain, target, reduction="none")
    chance = plain.sigmoid()
    missed = 1 - (chance * target + (1 - chance) * (1 - target))
    weight = alpha * target + (1 - alpha) * (1 - target)
    pairs = target.flatten(2).any(dim=-1).sum()
    expected = 100 * (weight * cross * missed**gamma).flatten(2).mean(dim=-1).sum() / pairs
    torch.testing.assert_close(found, expected)
    found.backward()
    expected.backward()
    torch.testing.assert_close(ours.grad, plain.grad, rtol=1e-5, atol=1e-6)


def test_weights_are_keywords(logits: torch.Tensor, labels: torch.Tensor) -> None:
    paper = cascade_loss(logits, labels)
    other = cascade_loss(logits, labels, focal_weight=20.0, dice_weight=3.0)
    torch.testing.assert_close(other["focal"], paper["focal"] / 5)
    torch.testing.assert_close(other["dice"], paper["dice"] * 3)


def test_ignored_pixels_are_negatives_of_every_word(logits: torch.Tensor) -> None:
    labels = torch.zeros(2, 4, 5, dtype=torch.long)
    labels[:, 2:] = 255
    before = float(cascade_loss(logits, labels)["focal"])
    logits[:, :, 2:] -= 5
    assert float(cascade_loss(logits, labels)["focal"]) < before


def test_nothing_but_ignored_pixels(logits: torch.Tensor) -> None:
    logits.requires_grad_()
    found = cascade_loss(logits, torch.full((2, 4, 5), 255))
    assert float(found["dice"].detach()) == 0
    assert float(found["focal"].detach()) > 0
    sum(found.values()).backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


def test_extreme_logits_stay_finite(labels: torch.Tensor) -> None:
    logits = torch.full((2, 3, 4, 5), 1e4)
    logits[:, 1] = -1e4
    logits.requires_grad_()
    found = cascade_loss(logits, labels)
    sum(found.values()).backward()
    assert all(value.isfinite() for value in found.values())
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


def test_logits_are_resized_to_the_labels(labels: torch.Tensor) -> None:
    small = torch.randn(2, 3, 2, 2)
    large = functional.interpolate(small, (4, 5), mode="bilinear", align_corners=False)
    torch.testing.assert_close(cascade_loss(small, labels), cascade_loss(large, labels))


@pytest.mark.parametrize("wrong", [3, -1, 254])
def test_labels_without_a_word_are_refused(
    logits: torch.Tensor, labels: torch.Tensor, wrong: int
) -> None:
    labels[0, 1, 1] = wrong
    with pytest.raises(ValueError, match=r"0\.\.2 or 255"):
        cascade_loss(logits, labels)


def test_more_than_255_words() -> None:
    labels = torch.tensor([[[255, 256], [0, 1]]])
    found = cascade_loss(torch.zeros(1, 258, 2, 2), labels)
    assert float(found["dice"]) == pytest.approx(1 - 2 / 4)


def test_pseudo_labels_name_the_best_unseen_word(logits: torch.Tensor) -> None:
    logits[:, 0] = 9
    labels = torch.full((2, 4, 5), -1)
    labels[0, 0, 0], labels[0, 0, 1] = 0, 255
    found = pseudo_labels(logits, labels, seen=[0])
    assert found[0, 0, 0] == 0
    assert found[0, 0, 1] == 255
    assert set(found[1].flatten().tolist()) <= {1, 2}
    assert torch.equal(found[1], 1 + (logits[1, 2] > logits[1, 1]).long())
    assert logits[0, 0, 0, 0] == 9
