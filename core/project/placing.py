"""Databases that appear whole: their drafts, and what SQLite puts beside those."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from pathlib import Path

from cascadeclip.core.replacing import put

__all__ = ["draft_of", "put", "remove", "sweep"]

_MARK = ".new-"
_STALE_SECONDS = 3600


def draft_of(path: Path) -> Path:
    """Return a hidden, unused name beside `path`."""
    return path.with_name(f".{path.name}{_MARK}{secrets.token_hex(4)}")


def remove(draft: Path) -> None:
    """Remove a draft and what SQLite put beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            draft.with_name(draft.name + tail).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove drafts of databases that were cut off long ago; younger ones may be at work."""
    for draft in folder.glob(f".*.db*{_MARK}*"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _STALE_SECONDS:
                draft.unlink()
