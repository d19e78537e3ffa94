"""Cascade-CLIP: parts, assembly, builder, checkpoints.

The public names are loaded on first use, so that `core.model.config` can be read without torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cascadeclip.core.model.checkpoint import (
        LoadedModel as LoadedModel,
    )
    from cascadeclip.core.model.checkpoint import (
        load_checkpoint as load_checkpoint,
    )
    from cascadeclip.core.model.checkpoint import (
        load_model as load_model,
    )
    from cascadeclip.core.model.checkpoint import (
        save_model as save_model,
    )
    from cascadeclip.core.model.config import ModelInfo as ModelInfo
    from cascadeclip.core.model.config import NetworkConfig as NetworkConfig
    from cascadeclip.core.model.network import CascadeCLIP as CascadeCLIP
    from cascadeclip.core.model.network import Features as Features
    from cascadeclip.core.model.text import TextEncoder as TextEncoder

_HOMES = {
    "CascadeCLIP": "network",
    "Features": "network",
    "LoadedModel": "checkpoint",
    "ModelInfo": "config",
    "NetworkConfig": "config",
    "TextEncoder": "text",
    "load_checkpoint": "checkpoint",
    "load_model": "checkpoint",
    "save_model": "checkpoint",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
