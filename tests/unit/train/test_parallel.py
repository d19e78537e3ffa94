from __future__ import annotations

import pytest
import torch

from cascadeclip.core.errors import DeviceUnavailable, TrainingFailed
from cascadeclip.train.parallel import Peers, joined, pick_device


def test_alone_everything_is_as_it_was() -> None:
    peers, value = Peers(), torch.tensor(3.0)
    module, told = torch.nn.Linear(1, 1), {"a": 1}
    assert peers.leads
    assert peers.own(5) == range(5)
    assert peers.mean(value) is peers.sum(value) is value
    peers.add_up([value])
    assert value == 3
    assert peers.any(True)
    assert not peers.any(False)
    assert peers.agreed(bool) is bool
    assert peers.told(told) is told
    assert peers.alike(told)
    assert peers.wrap(module, torch.device("cpu")) is module
    with joined("cpu") as found:
        assert found == peers


@pytest.mark.parametrize("count", [3, 8, 10])
def test_every_item_belongs_to_one_process(count: int) -> None:
    parts = [Peers(rank, 3).own(count) for rank in range(3)]
    assert [place for part in parts for place in part] == list(range(count))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    with pytest.raises(TrainingFailed, match="2 views cannot be divided among 3 processes"):
        Peers(0, 3).own(2)


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_device("auto") == pick_device("cpu") == torch.device("cpu")
    with pytest.raises(DeviceUnavailable):
        pick_device("cuda")


def test_more_processes_than_graphics_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(DeviceUnavailable, match="2 graphics cards"):
        pick_device("auto")
