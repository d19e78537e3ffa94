"""What every block of the image tower says, taken by hooks, so that the tower stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP
    from cascadeclip.core.model.encoder import Encoding


@contextmanager
def _listening(network: CascadeCLIP) -> Iterator[list[Tensor]]:
    said: list[Tensor] = []

    def hear(module: nn.Module, given: object, answer: Tensor) -> None:
        said.append(answer.detach())

    handles = [block.register_forward_hook(hear) for block in network.encoder.blocks]
    try:
        yield said
    finally:
        for handle in handles:
            handle.remove()


@torch.inference_mode()
def block_outputs(network: CascadeCLIP, images: Tensor) -> tuple[list[Tensor], Encoding]:
    """Return what each block puts out, Bx(1+N)xD, and the encoding itself.

    `images` are normalised, Bx3xHxW with sides that are multiples of the patch. The first token
    is the global one; prompt tokens have no outputs in this program (their places are filled
    anew before every block).
    """
    with _listening(network) as said:
        encoding = network.encoder(images.to(network.encoder.proj.device))
    return said, encoding
