import pytest
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.frugal import Frugal


@pytest.fixture
def weight():
    return torch.tensor([1.0], requires_grad=True)


def scarce(weight, room, seen):
    """Return a loss that runs out of memory for more than `room` items."""

    def loss(items):
        seen.append(len(items))
        if len(items) > room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return (weight * torch.tensor(items)).mean()

    return loss


def test_half_as_many_go_through_until_they_fit_and_the_gradient_is_the_same(weight):
    said, seen = [], []
    frugal = Frugal(8, said.append)
    forget = lambda: setattr(weight, "grad", None)  # noqa: E731
    batch = [float(number) for number in range(8)]
    value = frugal.gradient(batch, scarce(weight, 3, seen), forget)
    assert seen == [8, 4, 2, 2, 2, 2]
    assert frugal.at_once == 2
    assert said == [
        "training 4 views at a time, for memory ran out",
        "training 2 views at a time, for memory ran out",
    ]
    assert value == pytest.approx(3.5)
    assert weight.grad.item() == pytest.approx(3.5)
    seen.clear()
    frugal.gradient(batch, scarce(weight, 3, seen), forget)
    assert seen == [2, 2, 2, 2]


def test_where_not_one_fits_it_is_one_sentence(weight):
    with pytest.raises(TrainingFailed, match="not enough memory to train on a single view"):
        Frugal(4, lambda text: None).gradient([1.0, 2.0], scarce(weight, 0, []), lambda: None)


def test_other_errors_are_not_taken_for_it(weight):
    def broken(items):
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        Frugal(4, lambda text: None).gradient([1.0], broken, lambda: None)
