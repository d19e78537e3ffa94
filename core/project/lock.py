"""One program writes a project: a lock that the system takes back when the program ends, however.

A lock file beside the database is locked through the operating system (`flock`, on Windows
`msvcrt.locking`), so that nothing is left locked by a crash, `kill -9` or a power cut; a file that
was left behind means nothing. Within a process the lock is shared. Where a file system has no
locks (some network drives) everybody may write, and SQLite alone keeps the steps apart.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cascadeclip.core.project.connection import now

_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows lets nobody read bytes that are locked: one far behind the text is.
_FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Name a program that has a project open: its process, its machine, UTC time as ISO text."""

    pid: int = 0
    host: str = ""
    since: str = ""

    def sentence(self, folder: Path) -> str:
        """Say that the project in `folder` can only be read for now."""
        facts = []
        if self.pid:
            place = f" on {self.host}" if self.host != socket.gethostname() else ""
            facts.append(f"process {self.pid}{place}")
        if self.since:
            facts.append(f"since {self.since[:19].replace('T', ' ')} UTC")
        who = f" ({', '.join(facts)})" if facts else ""
        return (
            f"{folder} is open in another program{who}: here it can be read but not changed; "
            "close the other program, then open it again."
        )


@dataclass(slots=True)
class _Held:
    file: int
    count: int = 1


_guard = threading.Lock()
_held: dict[Path, _Held] = {}


def take(path: Path) -> Holder | None:
    """Take the lock of the file `path` for this process; return who has it instead, if anybody.

    Every call that returned None needs one `release`. Raises OSError when the file cannot be made.
    """
    with _guard:
        held = _held.get(path)
        if held is not None:
            held.count += 1
            return None
        while True:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                if not _locked(file):
                    return _holder(path)
                if _is_file(file, path):  # else its last holder has just removed it
                    _write_holder(file, path)
                    _held[path] = _Held(file)
                    file = -1
                    return None
            finally:
                if file >= 0:
                    os.close(file)


def release(path: Path) -> None:
    """Give back what `take` took; the last one removes the file."""
    with _guard:
        held = _held.get(path)
        if held is None:  # taken before a fork: it is the parent's
            return
        held.count -= 1
        if held.count:
            return
        del _held[path]
        if sys.platform != "win32":  # where an open file cannot be removed; an empty one stays
            path.unlink(missing_ok=True)
        os.close(held.file)


def _locked(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _FAR, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _is_file(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _write_holder(file: int, path: Path) -> None:
    """Say who has the lock. Raises OSError on a full disk, where no empty file is left."""
    text = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now()})
    try:
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, text.encode("utf-8"))
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def _holder(path: Path) -> Holder:
    """Read who has the lock; a file that is just being written or removed names nobody."""
    try:
        facts = json.loads(path.read_text("utf-8"))
        return Holder(int(facts["pid"]), str(facts["host"]), str(facts["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def _forget() -> None:
    """Leave the lock to the parent after a fork: a worker must not keep it when the parent died."""
    global _guard  # noqa: PLW0603 - another thread of the parent may have been holding it
    _guard = threading.Lock()
    for held in _held.values():
        os.close(held.file)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
