"""Where a person's own settings, demo and list of projects lie."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings


def data_folder() -> Path:
    """Give the folder where this person's demo and list of projects live."""
    return Path(platformdirs.user_data_dir("cascadeclip", appauthor=False))


def window_settings(folder: Path) -> QSettings:
    """Give what the window remembers from one time to the next."""
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def recent_file(folder: Path) -> Path:
    """Give the file that lists the projects opened lately."""
    return folder / "recent.json"
