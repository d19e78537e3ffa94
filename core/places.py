"""Where the program keeps a person's own things, and what it can make again."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME = "CASCADECLIP_HOME"


def home_folder() -> Path:
    """Return the folder of this person's models: CASCADECLIP_HOME, else the system's place."""
    chosen = os.environ.get(HOME)
    return Path(chosen or platformdirs.user_data_dir("cascadeclip", appauthor=False))


def cache_folder() -> Path:
    """Return the folder of what can be made again: below CASCADECLIP_HOME, else the system's."""
    chosen = os.environ.get(HOME)
    if chosen:
        return Path(chosen, "cache")
    return Path(platformdirs.user_cache_dir("cascadeclip", appauthor=False))
