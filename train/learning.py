"""Which weights of a network learn, and the time in which they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.encoder import learning

Weights = dict[str, Tensor]


def trainable(network: CascadeCLIP, *, prompts: bool) -> Weights:
    """Name the parameters a recipe trains: decoders, aggregation, the logits' scale, prompts.

    Of the image tower only the prompts ever learn (section 3.1 of the paper), and, where the
    configuration says so, the projections of its middle blocks.
    """
    learns = learning(network.config) if prompts else ()
    return {
        name: parameter
        for name, parameter in network.named_parameters()
        if not name.startswith("encoder.") or name.removeprefix("encoder.").startswith(learns)
    }


@contextmanager
def training(network: CascadeCLIP, trained: Weights, *, encoder: bool) -> Iterator[None]:
    """Let only `trained` learn, with dropout where something learns; put it back afterwards."""
    network.requires_grad_(False)
    for parameter in trained.values():
        parameter.requires_grad_(True)
    network.train()
    network.encoder.train(encoder)
    try:
        yield
    finally:
        network.requires_grad_(False)
        network.eval()
