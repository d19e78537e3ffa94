"""Models of any size with random weights: what costs time is the size, not what was learnt."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from cascadeclip.core.engine import bundled_model
from cascadeclip.core.model import LoadedModel, load_model
from cascadeclip.core.model.config import ModelInfo, NetworkConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder

SIZES = {
    "mini": NetworkConfig(
        patch=8, width=128, layers=12, heads=4, embed=128, grid=12, prompts=8,
        decoder_heads=4, decoder_ff=512,
    ),
    "ViT-S-16": NetworkConfig(
        patch=16, width=384, layers=12, heads=6, embed=384, grid=14, prompts=10,
        decoder_heads=6, decoder_ff=1536,
    ),
    "ViT-B-16": NetworkConfig(),
}  # fmt: skip


class RandomText(TextEncoder):
    """Give each phrase a random direction, so that no text tower's time is measured."""

    def __init__(self, embed: int) -> None:
        torch.nn.Module.__init__(self)
        self.embed = embed
        self.rows: dict[str, torch.Tensor] = {}

    def encode(self, phrases: Sequence[str], templates: Sequence[str]) -> torch.Tensor:
        """Return unit vectors CxE; `templates` change nothing."""
        del templates
        rows = [self.rows.setdefault(phrase, torch.randn(self.embed)) for phrase in phrases]
        return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


def model_for(name: str, *, random: bool) -> LoadedModel:
    """Return a model of SIZES with random weights, or the bundled one with random words."""
    if not random:
        loaded = load_model(bundled_model())
        return replace(loaded, text=RandomText(loaded.network.config.embed))
    torch.manual_seed(0)
    config = SIZES[name]
    side = config.grid * config.patch
    info = ModelInfo(name=name, version="random", window=side, stride=max(1, side * 5 // 6))
    return LoadedModel(CascadeCLIP(config).eval(), RandomText(config.embed), info, "random")


def timed(action: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    started = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - started)


def medians(times: dict[str, list[float]]) -> dict[str, float]:
    """Return the median of each list, by the same names."""
    return {name: statistics.median(values) for name, values in times.items()}
