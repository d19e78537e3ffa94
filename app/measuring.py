"""Start the process that measures what runs a model fastest, listen to it, end it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from cascadeclip.app.priority import lower_process
from cascadeclip.core.ending import GRACE_SECONDS, end, gone
from cascadeclip.core.errors import MeasuringFailed

LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hold the candidate that won and why; empty where nothing was to be measured."""

    candidate: str = ""
    reason: str = ""


def command(folder: Path, device: str) -> list[str]:
    """Return the command line that measures the model in `folder`."""
    # -P: a folder of the person's that is named like one of our packages must not shadow it
    module = "cascadeclip.core.engine.measure"
    return [sys.executable, "-P", "-m", module, str(folder), "--device", device]


def measure_in_child(
    folder: Path,
    device: str,
    stopped: Callable[[], bool],
    *,
    say: Callable[[str], None] | None = None,
    program: Callable[[Path, str], Sequence[str]] = command,
) -> Chosen | None:
    """Measure in a process of low priority; return None when `stopped()` turned true before.

    The process is ended at once then. `say` gets its lines. Raises MeasuringFailed when it dies
    or says that it cannot.
    """
    process = _spawn(program(folder, device))
    lines: SimpleQueue[str | None] = SimpleQueue()
    listener = Thread(target=_listen, args=(process, lines), daemon=True)
    listener.start()
    try:
        while not stopped():
            try:
                line = lines.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            if line is None:
                raise MeasuringFailed(_death(process))
            said = _parsed(line)
            if "chosen" in said:
                return Chosen(said["chosen"] or "", str(said.get("reason", "")))
            if "failed" in said:
                raise MeasuringFailed(str(said["failed"]))
            if say is not None and "say" in said:
                say(str(said["say"]))
        return None
    finally:
        end(process)
        listener.join(GRACE_SECONDS)


def _spawn(arguments: Sequence[str]) -> subprocess.Popen[str]:
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUTF8": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise MeasuringFailed(f"the process did not start ({error.strerror or error})") from error
    lower_process(process)
    return process


def _listen(process: subprocess.Popen[str], lines: SimpleQueue[str | None]) -> None:
    """Take lines as they come, since a wait for one cannot be broken off; None is the end."""
    if process.stdout is not None:
        with process.stdout as out:
            for line in out:
                lines.put(line)
    lines.put(None)


def _parsed(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}  # a library that speaks past Python
    return said if isinstance(said, dict) else {}


def _death(process: subprocess.Popen[str]) -> str:
    if not gone(process):
        return "the process fell silent"
    return f"the process ended unexpectedly, exit code {process.returncode}"
