"""Files that appear whole: written under a hidden name beside, then given their own."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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


def put(draft: Path, path: Path) -> None:
    """Give the finished file its name, so that no half-written one is ever seen under it."""
    with _descriptor(draft) as file:
        os.fsync(file)
    draft.replace(path)
    if os.name == "posix":  # elsewhere a folder cannot be opened; its entries are written through
        with _descriptor(path.parent) as folder:
            os.fsync(folder)


@contextmanager
def _descriptor(path: Path) -> Iterator[int]:
    # Windows can only flush a file that is open for writing.
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        yield number
    finally:
        os.close(number)
