"""How many parameters a model has, and which of them learn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from cascadeclip.core.model.checkpoint import Network, describe, kind_of
from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.text import TextEncoder


@dataclass(frozen=True, slots=True)
class Counts:
    """Count the parameters a model uses: image tower, head, text tower; and those that learn."""

    tower: int
    head: int
    text: int
    learning: int


def count_model(network: Network, text: TextEncoder | None) -> Counts:
    """Count the parameters of a model; nothing in it is without effect."""
    own = {name: value.numel() for name, value in network.named_parameters()}
    tower = sum(size for name, size in own.items() if name.startswith("encoder."))
    return Counts(
        tower=tower,
        head=sum(own.values()) - tower,
        text=0 if text is None else sum(value.numel() for value in text.parameters()),
        learning=sum(value.numel() for value in network.parameters() if value.requires_grad),
    )


def count_folder(folder: str | Path) -> Counts:
    """Count the parameters of a model folder from its description alone."""
    description = describe(Path(folder))
    words = description["text"]
    with torch.device("meta"):
        network = kind_of(description).build(description["network"])
        text = None if words is None else TextEncoder(TextConfig.from_json(words))
    return count_model(network, text)
