"""Kill the program at random moments and look whether anything was lost.

    python benchmarks/kill9.py [--count 1000] [--seed 0] [--operation NAME]... [--json]

A child process adds masks, accepts suggestions, migrates an older project, backs up, imports,
takes imports back, exports or keeps features on disk, and says in a file what is done. It is killed
(SIGKILL) at a random moment. Then the project must open for writing, hold everything that was said
to be done, be whole to SQLite's own check, and no half-written file may be seen beside it. Only
children started here are killed, each by its number. The exit code is 1 when anything was found
wrong. Needs fork and SIGKILL: Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kill9_operations import OPERATIONS, SEEN, Operation

from cascadeclip.core.project import Project


@dataclass
class Tally:
    """Count the kills of one operation: all, those in the middle of it, what was promised."""

    kills: int = 0
    inside: int = 0
    promised: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    """Run the kills and print what was found; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="kills in all")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="leave out kills after so long"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--operation", action="append", choices=OPERATIONS, default=None)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("This needs fork and SIGKILL: run it on Linux or macOS.", file=sys.stderr)
        return 2
    began, chance = time.monotonic(), random.Random(options.seed)
    names = options.operation or list(OPERATIONS)
    tallies = {}
    with tempfile.TemporaryDirectory() as place:
        for index, name in enumerate(names):
            count = (options.count + index) // len(names)
            since = time.monotonic()
            until = since + options.seconds / len(names)
            tallies[name] = endure(OPERATIONS[name], Path(place) / name, count, chance, until)
            tallies[name].seconds = round(time.monotonic() - since, 1)
    report(tallies, time.monotonic() - began, as_json=options.json)
    return 1 if any(tally.faults for tally in tallies.values()) else 0


def report(tallies: dict[str, Tally], seconds: float, *, as_json: bool) -> None:
    """Print the counts and every fault."""
    kills = sum(tally.kills for tally in tallies.values())
    faults = sum(len(tally.faults) for tally in tallies.values())
    if as_json:
        whole = {"kills": kills, "faults": faults, "seconds": round(seconds, 1)}
        print(json.dumps(whole | {"operations": {k: asdict(v) for k, v in tallies.items()}}))
        return
    print(f"{'operation':<12}{'kills':>7}{'inside':>8}{'promised':>10}{'faults':>8}{'s':>8}")
    for name, tally in tallies.items():
        counts = (tally.kills, tally.inside, tally.promised, len(tally.faults), tally.seconds)
        print(
            f"{name:<12}"
            + "".join(f"{n:>{w}}" for n, w in zip(counts, (7, 8, 10, 8, 8), strict=True))
        )
        for fault in tally.faults[:20]:
            print(f"    {fault}")
    print(f"{kills} kills in {seconds:.0f} s, {faults} faults")


def endure(
    operation: Operation, place: Path, count: int, chance: random.Random, until: float
) -> Tally:
    """Kill one operation `count` times, each time looking at what is left.

    After the time `until` of the monotonic clock no more than two kills are made up for.
    """
    tally, template, folder = Tally(), place / "template", place / "project"
    template.mkdir(parents=True)
    operation.prepare(template)
    span = 0.0
    for number in range(count):
        if number >= 2 and time.monotonic() > until:
            break
        if number % operation.lives == 0:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)
            (place / "said").write_bytes(b"")
        if not span:
            span = 2 * _once(operation, folder, place / "said")
            shutil.rmtree(folder)
            shutil.copytree(template, folder)
            (place / "said").write_bytes(b"")
        tally.inside += kill(operation, folder, place / "said", chance.uniform(0, span))
        said = (place / "said").read_text("utf-8").splitlines()
        tally.kills += 1
        tally.promised += len(said)
        for fault in _looked(operation, folder, said):
            tally.faults.append(f"kill {number}: {fault}")
    return tally


def kill(operation: Operation, folder: Path, said: Path, seconds: float) -> bool:
    """Start the operation, kill it after so many seconds; tell whether it was still at work."""
    child = _start(operation, folder, said)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)  # it was not waited for, so the number is still its own
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _start(operation: Operation, folder: Path, said: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        file = os.open(said, os.O_WRONLY | os.O_APPEND)
        operation.work(folder, lambda text: os.write(file, f"{text}\n".encode()) and None)
        code = 0
    finally:
        os._exit(code)  # whatever happened: the child must not go on as a second parent


def _once(operation: Operation, folder: Path, said: Path) -> float:
    """Return the seconds until the operation has said something twice, or is at its end."""
    began, child = time.monotonic(), _start(operation, folder, said)
    while time.monotonic() - began < 30:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            if status:
                raise RuntimeError("The operation failed without being killed.")
            return time.monotonic() - began
        if said.read_bytes().count(b"\n") >= 2:
            break
        time.sleep(0.001)
    seconds = time.monotonic() - began
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return seconds


def _looked(operation: Operation, folder: Path, said: list[str]) -> Iterable[str]:
    try:
        yield from operation.faults(folder, said)
        with Project.open(folder, read_only=False) as project:
            verdict = project.integrity()
            if verdict:
                yield f"not whole: {verdict}"
    except Exception as error:  # noqa: BLE001 - whatever stops it is what was looked for
        yield f"{type(error).__name__}: {error}"
    seen = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    strange = seen - SEEN
    if strange:
        yield f"seen in the folder: {sorted(strange)}"


if __name__ == "__main__":
    raise SystemExit(main())
