import pytest
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.frugal import Frugal


@pytest.fixture
def weight():
    return torch.tensor([1.0], requires_grad=True)


class Numbers(list):
    """A batch whose loss is a weight times its mean; memory runs out for more than `room`."""

    def __init__(self, items, weight, room):
        super().__init__(items)
        self.weight, self.room, self.seen, self.calls = weight, room, [], []

    def look(self, parts):
        self.calls.append("look")

    def settle(self, parts):
        self.calls.append("settle")

    def losses(self, parts):
        for part in parts:
            some = self[part.start : part.stop]
            self.seen.append(len(some))
            if len(some) > self.room:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
            yield (self.weight * torch.tensor(some)).sum() / len(self)


def test_half_as_many_go_through_until_they_fit_and_the_gradient_is_the_same(weight):
    said = []
    frugal = Frugal(8, said.append)
    forget = lambda: setattr(weight, "grad", None)  # noqa: E731
    batch = Numbers(map(float, range(8)), weight, room=3)
    value = frugal.gradient(batch, forget)
    assert batch.calls == ["look", "settle"] * 3
    assert batch.seen == [8, 4, 2, 2, 2, 2]
    assert frugal.at_once == 2
    assert said == [
        "training 4 views at a time, for memory ran out",
        "training 2 views at a time, for memory ran out",
    ]
    assert value == pytest.approx(3.5)
    assert weight.grad.item() == pytest.approx(3.5)
    batch.seen.clear()
    frugal.gradient(batch, forget)
    assert batch.seen == [2, 2, 2, 2]


def test_where_not_one_fits_it_is_one_sentence(weight):
    with pytest.raises(TrainingFailed, match="not enough memory to train on a single view"):
        Frugal(4, print).gradient(Numbers([1.0, 2.0], weight, room=0), lambda: None)


def test_other_errors_are_not_taken_for_it(weight):
    class Broken(Numbers):
        def losses(self, parts):
            raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        Frugal(4, print).gradient(Broken([1.0], weight, room=4), lambda: None)


class Two:
    """Another process beside this one, which runs out of memory for more than one item."""

    count, rank, device = 2, 0, "cpu"

    def __init__(self, frugal=None):
        self.frugal = frugal

    def own(self, count):
        return range(count // 2)

    def any(self, wish):
        return wish or self.frugal.at_once > 1


def test_where_memory_runs_out_in_another_process_this_one_halves_too(weight):
    said, peers = [], Two()
    peers.frugal = frugal = Frugal(8, said.append, peers)
    batch = Numbers(map(float, range(8)), weight, room=8)
    assert frugal.gradient(batch, lambda: None) == pytest.approx((0 + 1 + 2 + 3) / 8)
    assert batch.seen == [1, 1, 1, 1]
    assert [text.split()[1] for text in said] == ["2", "1"]
