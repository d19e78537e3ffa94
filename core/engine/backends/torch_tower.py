"""The image tower as torch runs it, on the processor or on a graphics card."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import torch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.model.checkpoint import Network
    from cascadeclip.core.model.network import Features

# Which of the towers' products a graphics card may do in half precision is autocast's to say.
PRECISIONS = {"cpu": "fp32", "cuda": "fp16"}


class TorchTower:
    """Run the tower of a network that lies on `device`; on a graphics card in mixed precision."""

    def __init__(
        self, network: Network, device: torch.device, *, compiled: bool = False, exact: bool = False
    ) -> None:
        self.device = device
        self.precision = "fp32" if exact else PRECISIONS[device.type]
        self.name = f"torch {device.type}" + (" compiled" if compiled else "")
        self._encode = network.encode
        if compiled:
            # Imported images differ in number alone: one program serves them all.
            self._encode = cast("Callable[..., Features]", torch.compile(network.encode))

    @torch.inference_mode()
    def encode(self, images: NDArray[np.float32]) -> Features:
        """Return float32 features of normalised images, float32 Bx3xHxW."""
        batch = torch.from_numpy(images).to(self.device)
        mixed = self.device.type == "cuda" and self.precision == "fp16"
        with torch.autocast("cuda", torch.float16) if mixed else nullcontext():
            features = self._encode(batch)
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return replace(features, stages=features.stages.float(), cls=features.cls.float())
