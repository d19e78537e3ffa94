"""Encode an image once, decode words as often as they change.

The names below load on first use, so that importing this package does not load torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cascadeclip.core.engine.engine import Encoded, Engine, EngineSettings
    from cascadeclip.core.engine.models import bundled_model, open_engine
    from cascadeclip.core.regions import ScoreMaps

__all__ = ["Encoded", "Engine", "EngineSettings", "ScoreMaps", "bundled_model", "open_engine"]

_HOMES = {
    "Encoded": "cascadeclip.core.engine.engine",
    "Engine": "cascadeclip.core.engine.engine",
    "EngineSettings": "cascadeclip.core.engine.engine",
    "ScoreMaps": "cascadeclip.core.regions",
    "bundled_model": "cascadeclip.core.engine.models",
    "open_engine": "cascadeclip.core.engine.models",
}


def __getattr__(name: str) -> object:
    """Import the module that holds `name` when somebody first asks for it."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(_HOMES[name]), name)
    return found
