"""The projects opened lately, remembered in one small file."""

from __future__ import annotations

import json
from pathlib import Path

from cascadeclip.core.replacing import replacing

KEPT = 8


class Recent:
    """Remember project folders, the latest first; a damaged file counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def folders(self) -> tuple[Path, ...]:
        """Give the remembered folders that are still there."""
        try:
            names = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return ()
        if not isinstance(names, list):
            return ()
        return tuple(path for path in map(Path, map(str, names)) if path.is_dir())

    def add(self, folder: Path) -> None:
        """Put a folder first; that this fails on a full disk is no reason to stop anybody."""
        folders = [folder, *(one for one in self.folders() if one != folder)][:KEPT]
        try:
            with replacing(self._path) as draft:
                draft.write_text(json.dumps([str(one) for one in folders], indent=1), "utf-8")
        except OSError:
            return
