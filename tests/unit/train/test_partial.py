import numpy as np
import pytest
import torch

from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth
from cascadeclip.train.losses import cascade_loss
from cascadeclip.train.partial import agreement_loss, partial_loss, targets
from cascadeclip.train.planes import IGNORED, NEGATIVE, POSITIVE

NOBODY = frozenset()


def truth(rows, covered=(), rejected=()):
    return Truth(
        np.array(rows, dtype=np.int16),
        tuple((word, np.array(mask, dtype=bool)) for word, mask in covered),
        tuple((word, np.array(mask, dtype=bool)) for word, mask in rejected),
    )


def test_a_word_is_positive_where_it_was_marked_and_negative_under_another_word():
    made = targets([truth([[0, 1], [UNKNOWN, BACKGROUND]])], [0, 1, 2], NOBODY)
    assert made[0, 0].tolist() == [[POSITIVE, NEGATIVE], [IGNORED, NEGATIVE]]
    assert made[0, 1].tolist() == [[NEGATIVE, POSITIVE], [IGNORED, NEGATIVE]]
    assert made[0, 2].tolist() == [[NEGATIVE, NEGATIVE], [IGNORED, NEGATIVE]]


def test_a_rejected_suggestion_is_negative_for_that_word_there_and_for_no_other():
    refused = [(1, [[1, 1], [0, 0]])]
    made = targets([truth([[UNKNOWN, 1], [UNKNOWN, UNKNOWN]], rejected=refused)], [0, 1], NOBODY)
    assert made[0, 1].tolist() == [[NEGATIVE, POSITIVE], [IGNORED, IGNORED]]
    assert made[0, 0].tolist() == [[IGNORED, NEGATIVE], [IGNORED, IGNORED]]


def test_a_word_under_another_stays_positive():
    made = targets([truth([[1]], covered=[(0, [[1]])])], [0, 1], NOBODY)
    assert made.flatten().tolist() == [POSITIVE, POSITIVE]


def test_negative_words_learn_nothing_from_the_background():
    made = targets([truth([[BACKGROUND, 1]])], [0, 1], frozenset({0}))
    assert made[0, 0].tolist() == [[IGNORED, NEGATIVE]]


def test_unknown_pixels_give_no_gradient_at_all():
    torch.manual_seed(0)
    logits = torch.randn(2, 3, 4, 4, requires_grad=True)
    target = torch.randint(0, 2, (2, 3, 4, 4)).to(torch.uint8)
    unknown = torch.rand(2, 3, 4, 4) < 0.4
    target[unknown] = IGNORED
    sum(partial_loss(logits, target).values()).backward()
    assert bool(unknown.any())
    assert logits.grad[unknown].abs().max() == 0
    assert logits.grad[~unknown].abs().min() > 0


def test_the_value_does_not_depend_on_unknown_pixels():
    target = torch.full((1, 1, 2, 4), IGNORED, dtype=torch.uint8)
    target[..., :2] = torch.tensor([[1, 0], [0, 1]])
    logits = torch.randn(1, 1, 2, 4)
    other = logits.clone()
    other[..., 2:] = 9.0
    for name, value in partial_loss(logits, target).items():
        assert value == partial_loss(other, target)[name]
        assert value == pytest.approx(partial_loss(logits[..., :2], target[..., :2])[name])


def test_with_every_pixel_known_it_is_the_loss_of_the_paper():
    torch.manual_seed(1)
    logits = torch.randn(2, 4, 5, 5)
    labels = torch.randint(0, 3, (2, 5, 5))
    target = (labels.unsqueeze(1) == torch.arange(4).view(1, 4, 1, 1)).to(torch.uint8)
    ours, paper = partial_loss(logits, target), cascade_loss(logits, labels)
    for name in ("focal", "dice"):
        assert float(ours[name]) == pytest.approx(float(paper[name]), rel=1e-5)


def test_nothing_known_costs_nothing():
    target = torch.full((1, 2, 2, 2), IGNORED, dtype=torch.uint8)
    losses = partial_loss(torch.randn(1, 2, 2, 2), target)
    assert [float(value) for value in losses.values()] == [0, 0]


def test_agreement_is_zero_on_equal_answers_and_grows_with_drift():
    parent = torch.randn(1, 2, 3, 3)
    near, far = (float(agreement_loss(parent + shift, parent)) for shift in (0.5, 2.0))
    assert float(agreement_loss(parent, parent)) == pytest.approx(0, abs=1e-6)
    assert 0 < near < far
    assert float(agreement_loss(parent[:, :0], parent[:, :0])) == 0
