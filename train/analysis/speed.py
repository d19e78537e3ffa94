"""How many images a second a network segments, measured."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP

WARM_UPS = 2


@dataclass(frozen=True, slots=True)
class Speed:
    """Hold the median and the smallest seconds an image, the device and its threads."""

    median: float
    fastest: float
    device: str
    threads: int

    @property
    def images_per_second(self) -> float:
        """Return how many images a second the median stands for."""
        return 1 / self.median


def measure_speed(
    network: CascadeCLIP, *, words: int, side: int, device: torch.device, repeats: int
) -> Speed:
    """Time whole passes, one random square image with its words to full-size logits, one by one.

    Text embeddings are there before. Two passes warm up and are not counted.
    """
    network = network.to(device).eval()
    images = torch.randn(1, 3, side, side, device=device)
    text = torch.nn.functional.normalize(
        torch.randn(words, network.config.embed, device=device), dim=-1
    )
    seconds = []
    with torch.inference_mode():
        for turn in range(WARM_UPS + repeats):
            started = _now(device)
            network(images, text)
            spent = _now(device) - started
            if turn >= WARM_UPS:
                seconds.append(spent)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return Speed(statistics.median(seconds), min(seconds), name, torch.get_num_threads())


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()
