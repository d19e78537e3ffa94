from itertools import accumulate, chain

import pytest
import torch

from cascadeclip.train.analysis import speed
from cascadeclip.train.analysis.speed import WARM_UPS, measure_speed


def test_only_warm_passes_are_timed(model):
    calls = []
    model.network.register_forward_hook(lambda *_: calls.append(1))
    found = measure_speed(model.network, words=3, side=32, device=torch.device("cpu"), repeats=3)
    assert len(calls) == WARM_UPS + 3
    assert 0 < found.fastest <= found.median
    assert found.images_per_second == 1 / found.median
    assert found.device == "cpu"


def test_the_median_is_that_of_the_passes_after_warming_up(model, monkeypatch):
    lengths = [100] * WARM_UPS + [4, 1, 2]
    ticks = accumulate(chain.from_iterable((0, one) for one in lengths))
    monkeypatch.setattr(speed, "_now", lambda device: next(ticks))
    found = measure_speed(model.network, words=2, side=32, device=torch.device("cpu"), repeats=3)
    assert (found.median, found.fastest) == pytest.approx((2, 1))
