import torch

from cascadeclip.train.analysis.speed import WARM_UPS, measure_speed


def test_only_warm_passes_are_timed(model):
    calls = []
    model.network.register_forward_hook(lambda *_: calls.append(1))
    found = measure_speed(model.network, words=3, side=32, device=torch.device("cpu"), repeats=3)
    assert len(calls) == WARM_UPS + 3
    assert 0 < found.fastest <= found.median
    assert found.images_per_second == 1 / found.median
    assert found.device == "cpu"
