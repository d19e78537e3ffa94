"""The image tower as onnxruntime runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from cascadeclip.core.model.network import Features

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


class OnnxTower:
    """Run a tower that `onnx_files` wrote; `patch` is the side of a patch in pixels."""

    def __init__(self, file: Path, patch: int, device: torch.device, precision: str) -> None:
        import onnxruntime

        if device.type == "cuda":
            # The CUDA libraries that torch brought along: nobody needs to install them again.
            onnxruntime.preload_dlls()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        # Threads that spin while they wait would take the cores from the window.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The arena keeps the largest activations for ever; a window is long enough to ask anew.
        options.enable_cpu_mem_arena = False
        provider = PROVIDERS[device.type]
        self._session = onnxruntime.InferenceSession(str(file), options, providers=[provider])
        if self._session.get_providers()[0] != provider:
            raise RuntimeError(f"onnxruntime has no {provider} that works here")
        self._patch = patch
        self.device = device
        self.precision = precision
        self.name = f"onnxruntime {device.type} {precision}"

    def encode(self, images: NDArray[np.float32]) -> Features:
        """Return float32 features of normalised images, float32 Bx3xHxW."""
        stages, cls = self._session.run(["stages", "cls"], {"images": images})
        grid = (images.shape[2] // self._patch, images.shape[3] // self._patch)
        return Features(
            stages=torch.from_numpy(stages).to(self.device),
            cls=torch.from_numpy(cls).to(self.device),
            grid=grid,
        )
