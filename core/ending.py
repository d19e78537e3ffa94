"""Child processes are asked to end, and ended where they do not."""

from __future__ import annotations

from multiprocessing.process import BaseProcess
from subprocess import Popen, TimeoutExpired
from typing import Any

GRACE_SECONDS = 5.0
"""How long a child has to go of itself."""

Child = Popen[Any] | BaseProcess


def end(child: Child) -> None:
    """End a child process, first gently; at most twice `GRACE_SECONDS` are waited for it."""
    for way in (child.terminate, child.kill):
        if gone(child, 0):
            return
        way()
        gone(child)


def gone(child: Child, seconds: float | None = None) -> bool:
    """Wait `seconds`, or `GRACE_SECONDS`, for a child to end; tell whether it has."""
    seconds = GRACE_SECONDS if seconds is None else seconds
    if isinstance(child, BaseProcess):
        child.join(seconds)
        return not child.is_alive()
    try:
        child.wait(seconds)
    except TimeoutExpired:
        return False
    return True
