"""Who goes first when the cores are few: the window before what works behind it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading

# A person waits for the threads of the window's lanes; for a process of its own nobody does.
THREAD_NICE, PROCESS_NICE = 5, 10


def lower_thread() -> None:
    """Let this thread, and those it starts, give way to the window; on Linux alone.

    Elsewhere a priority belongs to the whole process, the window included.
    """
    if sys.platform == "linux":
        _nice(threading.get_native_id(), THREAD_NICE)


def lower_process(process: subprocess.Popen[str]) -> None:
    """Let a process that was just started give way to the window, and all threads it starts."""
    if sys.platform != "win32":
        _nice(process.pid, PROCESS_NICE)


def _nice(number: int, more: int) -> None:
    # A thread or process may be gone already, or belong to somebody else: then it stays as it is.
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, number, os.getpriority(os.PRIO_PROCESS, number) + more)
