"""Files beside a model's weights: tensors, and what is to be known about them, in one safe file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import DenseConfig, NetworkConfig


class Wide(Protocol):
    """Hold how many numbers a patch has."""

    @property
    def width(self) -> int:
        """Return the D of `patch_vectors`."""


Found = TypeVar("Found", bound=Wide)
About = Mapping[str, Any]
Tensors = Mapping[str, Tensor]


def write_beside(about: About, tensors: Tensors) -> bytes:
    """Return the content of a file; equal parts are equal bytes."""
    stored = {name: one.detach().cpu().contiguous() for name, one in tensors.items()}
    return save(stored, metadata={"about": json.dumps(about, ensure_ascii=False)})


def read_beside(
    path: Path,
    digest: str,
    config: NetworkConfig | DenseConfig,
    make: Callable[[About, Tensors], Found],
) -> Found:
    """Return what `make` makes of a file that has this SHA-256; it may raise ValueError.

    Raise CheckpointError where the file is missing, damaged or of another network.
    """
    damaged = CheckpointError(
        f"{path.name} in {path.parent.name} is missing, damaged or belongs to another model: "
        "copy the model again or roll back to an earlier version."
    )
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise damaged
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["about"])
            names = file.keys()  # it is no mapping
            found = make(about, {name: file.get_tensor(name) for name in names})
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        raise damaged from error
    stages = len(config.stages) if isinstance(config, NetworkConfig) else 1
    if found.width != stages * config.embed:
        raise damaged
    return found
