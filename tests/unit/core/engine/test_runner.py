"""Where a model runs, and what of its network stays."""

import torch

from cascadeclip.core.engine import bundled_model
from cascadeclip.core.engine.runner import Parts, Runner
from cascadeclip.core.model import load_model


class Tower:
    """Stand for a runtime that has weights of its own."""

    name, precision, device = "other", "fp32", torch.device("cpu")

    def encode(self, images):
        raise NotImplementedError


def made(model, backend):
    parts = Parts(backend=backend)
    return Runner(model, parts, device="cpu", batch=1, moved=lambda: None)


def test_beside_another_runtime_only_the_decoders_of_the_network_stay():
    model = load_model(bundled_model())
    kept = {name for name, _ in made(model, Tower()).network.named_children()}
    assert "decoders" in kept
    assert not kept & {"encoder", "aggregation"}
    assert hasattr(model.network, "encoder")  # whoever holds the model has all of it
    assert hasattr(made(model, None).network, "encoder")
