"""What every stage of the recipe shares: the course of the learning rate, and checkpoints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import torch

from cascadeclip.core.replacing import replacing


def cosine(step: int, steps: int, warm_up: int) -> float:
    """Return the share of the full rate at `step`: linear warm-up, then a cosine down to 2 %."""
    warm = min(1.0, (step + 1) / warm_up)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def write_state(path: Path, state: Mapping[str, object]) -> None:
    """Write a state of tensors, whole-replaced."""
    # by name, torch would put the name of the draft into the archive
    with replacing(path) as draft, draft.open("wb") as file:
        torch.save(dict(state), file)
