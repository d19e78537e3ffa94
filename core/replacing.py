"""Files and folders that appear whole or not at all: written beside, flushed, then put in place.

A draft has a hidden name beside its target, so that the last step is one renaming on one disk. What
a killed program left behind is removed by the next one that writes to the same target.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_DRAFT, _OLD = ".part-", ".old-"
_STALE_SECONDS = 3600
# Up to so many files are flushed one by one; beyond, asking the system once for all is quicker.
_FEW = 200


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a hidden name beside `path` to write to; leave the block without an error to keep it.

    The folder is made. The draft is flushed to the disk before it replaces `path`, and an error in
    the block leaves what was there and removes the draft. Raise OSError.
    """
    draft = draft_of(path)
    try:
        yield draft
        put(draft, path)
    finally:
        remove(draft)


def draft_of(path: Path) -> Path:
    """Return a hidden, unused name beside `path`, whose folder is made. Raise OSError.

    Drafts of the same target that were cut off an hour ago or longer are removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for draft in path.parent.glob(f".{_escaped(path.name)}{_DRAFT}*"):
        with suppress(OSError):
            if time.time() - draft.lstat().st_mtime > _STALE_SECONDS:
                remove(draft)
    return _beside(path, _DRAFT)


def put(draft: Path, path: Path) -> None:
    """Flush a finished file and give it the name `path`. Raise OSError."""
    _flush(draft)
    draft.replace(path)
    _flush_folder(path.parent)


def put_folder(draft: Path, path: Path) -> None:
    """Flush a finished folder and put it in the place of the folder `path`. Raise OSError.

    No system renames over a folder that holds something: the old one steps aside for a moment.
    Killed in that moment, `recover` brings it back.
    """
    _flush_tree(draft)
    old = _beside(path, _OLD)
    replaced = path.exists()
    if replaced:
        path.rename(old)
    try:
        draft.rename(path)
    except OSError:
        if replaced:
            old.rename(path)
        raise
    _flush_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover(path: Path) -> None:
    """Bring back a folder whose replacement was killed half-way; remove what it had replaced.

    Raise OSError.
    """
    for old in sorted(path.parent.glob(f".{_escaped(path.name)}{_OLD}*")):
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(path)


def remove(draft: Path) -> None:
    """Remove a draft, file or folder, where there is one."""
    if draft.is_dir() and not draft.is_symlink():
        shutil.rmtree(draft, ignore_errors=True)
        return
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def _beside(path: Path, mark: str) -> Path:
    return path.with_name(f".{path.name}{mark}{secrets.token_hex(4)}")


def _escaped(name: str) -> str:
    return "".join(f"[{one}]" if one in "[*?" else one for one in name)


def _flush_tree(folder: Path) -> None:
    places = [Path(place) for place, _, _ in os.walk(folder)]
    files = [
        entry for place in places for entry in place.iterdir()
        if not entry.is_symlink() and entry.is_file()
    ]  # fmt: skip
    if len(files) > _FEW and hasattr(os, "sync"):
        os.sync()
        return
    for file in files:
        _flush(file)
    for place in places:
        _flush_folder(place)


def _flush(file: Path) -> None:
    # Windows can only flush a file that is open for writing.
    _sync(file, os.O_RDWR)


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened; its entries are written through
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    number = os.open(path, flags)
    try:
        os.fsync(number)
    finally:
        os.close(number)
