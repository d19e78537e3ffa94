"""Cascade-CLIP: parts, assembly, builder, checkpoints.

The public names are loaded on first use, so that `core.model.config` can be read without torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cascadeclip.core.model.checkpoint import (
        LoadedModel,
        load_checkpoint,
        load_model,
        save_model,
    )
    from cascadeclip.core.model.config import DenseConfig, ModelInfo, NetworkConfig
    from cascadeclip.core.model.dense import DenseCLIP
    from cascadeclip.core.model.network import CascadeCLIP, Features
    from cascadeclip.core.model.text import TextEncoder

__all__ = [
    "CascadeCLIP",
    "DenseCLIP",
    "DenseConfig",
    "Features",
    "LoadedModel",
    "ModelInfo",
    "NetworkConfig",
    "TextEncoder",
    "load_checkpoint",
    "load_model",
    "save_model",
]
_HOMES = {
    "CascadeCLIP": "network",
    "DenseCLIP": "dense",
    "DenseConfig": "config",
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
