"""What the engine asks of whatever runs the image tower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features

SMALL_MACS = 5e9
"""A tower of fewer multiplications per window answers at once however it runs."""


class Backend(Protocol):
    """Run the image tower of one model on one device.

    `name` is what a person reads, `device` where the features lie and words are decoded,
    `precision` is "fp32", "fp16" or "int8": features of different precisions are not the same.
    """

    name: str
    device: torch.device
    precision: str

    def encode(self, images: NDArray) -> Features:  # type: ignore[type-arg]
        """Return float32 features of normalised images, float32 Bx3xHxW."""


def is_small(model: LoadedModel) -> bool:
    """Return whether the model answers so fast that nothing is worth preparing or saving."""
    config = model.network.config
    tokens = (model.info.window / config.patch) ** 2
    return config.layers * (4 + 2 * config.mlp_ratio) * config.width**2 * tokens < SMALL_MACS
