"""Feed damaged files to the readers of images, weights and databases.

    python benchmarks/fuzz_files.py [--count 100000] [--target NAME]... [--seconds S] [--seed N]
        [--json]

Each target begins with whole files and damages them: with atheris (`pip install atheris`), guided
by which lines of the reader run, or else by chance alone. A reader may refuse a file with a
sentence, that is a CascadeClipError, or read it; anything else is a fault: another exception, a
crash, more than 100 seconds, more than 4 GiB, a program started, a file opened for writing outside
its own folder. The exit code is 1 when there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fuzz_formats import FORMATS
from fuzz_targets import TARGETS as FILES
from fuzz_targets import Target

from cascadeclip.core.errors import CascadeClipError

TARGETS = {**FILES, **FORMATS}
MAX_BYTES = 1 << 16
SLOW_SECONDS, MEMORY_MB = 100, 4096
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect")
# Each tells its paths first, then the open folders they are relative to.
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.link")


class Escaped(BaseException):
    """Say that a reader did what no reader may; nothing but the harness catches it."""


def feed(target: Target, data: bytes, folder: Path) -> bool:
    """Give one damaged file to the reader; tell whether it was read. Whatever else it does, raises.

    The folder is the reader's own: afterwards there may be nothing in it but the file.
    """
    file = folder / target.name
    file.write_bytes(data)
    try:
        with _watched(folder):
            target.read(file)
    except CascadeClipError as error:
        if not str(error).strip() or "\n" in str(error):
            raise AssertionError(f"not one sentence: {error!r}") from error
        return False
    finally:
        for left in folder.rglob("*"):
            if left.is_file() and left != file:
                left.unlink()
    return True


def warm(target: Target, folder: Path) -> None:
    """Read the whole files once, unwatched: what a reader imports then is its own affair."""
    for seed in target.seeds():
        (folder / target.name).write_bytes(seed)
        with contextlib.suppress(CascadeClipError):
            target.read(folder / target.name)


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """Return the file with some bytes changed, moved, repeated, lost or added."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) or 1)
        long = chance.choice((1, 1, 2, 4, 8, 64))
        part = bytes(data[at : at + long])
        change = chance.randrange(5)
        if change == 0:
            data[at : at + long] = chance.randbytes(len(part))
        elif change == 1:
            data[at : at + long] = chance.choice((b"\0", b"\xff", b"\x7f")) * len(part)
        elif change == 2:
            del data[at : at + (long if chance.random() < 0.9 else len(data))]
        elif change == 3:
            data[at:at] = part * chance.choice((1, 2, 100))
        else:
            to = chance.randrange(len(data) or 1)
            data[to : to + len(part)] = part
    return bytes(data[:MAX_BYTES])


_own: Path | None = None
_hooked = False


class _watched:  # noqa: N801 - reads as a word of a sentence
    """Raise Escaped for what no reader may do, while it reads in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        global _own, _hooked  # noqa: PLW0603 - a hook of Python's cannot be taken out again
        _own = self._folder
        if not _hooked:
            sys.addaudithook(_audit)
            _hooked = True

    def __exit__(self, *about: object) -> None:
        global _own  # noqa: PLW0603
        _own = None


def _audit(event: str, details: tuple[object, ...]) -> None:
    if _own is None:
        return
    if event in _STARTS:
        raise Escaped(f"{event} {details}")
    if event == "open":
        path, mode, flags = details
        writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writing and isinstance(path, str | bytes) and not _inside(path):
            raise Escaped(f"open {path!r} {mode}")
    elif event in _CHANGES:
        paths, folders = details[: (len(details) + 1) // 2], details[(len(details) + 1) // 2 :]
        for path, number in zip(paths, folders, strict=False):
            if not _inside(path, number):
                raise Escaped(f"{event} {details}")


def _inside(path: object, folder: object = -1) -> bool:
    """Tell whether a path, relative to an open folder or not, is below the reader's own."""
    name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
    if isinstance(folder, int) and folder >= 0:
        name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)  # noqa: PTH115, PTH118
    return name == "/dev/null" or (_own is not None and Path(name).resolve().is_relative_to(_own))


def by_chance(
    target: Target, count: int, until: float, folder: Path, *, seed: int = 1
) -> tuple[int, int]:
    """Feed so many files damaged by chance; return how many, and how many were read."""
    chance, seeds, read = random.Random(seed), target.seeds(), 0
    warm(target, folder)
    for number in range(count):
        if time.monotonic() > until:
            return number, read
        read += feed(target, damaged(chance.choice(seeds), chance), folder)
    return count, read


def guided(name: str, count: int, folder: Path, *, seed: int = 1) -> None:
    """Feed files that atheris makes, until `count` were fed; does not return."""
    import atheris

    target = TARGETS[name]
    with atheris.instrument_imports(include=list(target.modules)):
        for module in target.modules:
            __import__(module)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, whole in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(whole)
    place = folder / "place"
    place.mkdir()
    warm(target, place)
    options = [
        f"-runs={count}", f"-max_len={MAX_BYTES}", f"-timeout={SLOW_SECONDS}",
        f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={folder}/", "-print_final_stats=1",
        f"-seed={seed}", str(corpus),
    ]  # fmt: skip
    atheris.Setup(["fuzz", *options], lambda data: feed(target, data, place) and None)
    atheris.Fuzz()


def run(name: str, count: int, seconds: float, *, seed: int = 1) -> dict[str, object]:
    """Run one target in a process of its own; return the counts and the fault, if there was one."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--inner", folder, "--target", name, "--count", str(count),
             "--seconds", str(seconds), "--seed", str(seed)],
            capture_output=True, text=True, errors="replace", check=False,
            env={**os.environ, "TMPDIR": folder, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        kept = [
            path
            for path in Path(folder).iterdir()
            if path.name.startswith(("crash", "timeout", "oom"))
        ]
        inputs = [path.read_bytes().hex()[:400] for path in kept]
    text = done.stdout + done.stderr
    counts = re.findall(r"(?:number_of_executed_units:|fed) *(\d+)", text)
    fault = "" if done.returncode == 0 else text[max(0, text.find("Uncaught")) :][:4000]
    return {
        "inputs": int(counts[-1]) if counts else 0,
        "guided": "number_of_executed_units" in text,
        "seconds": round(time.monotonic() - began, 1),
        "fault": fault,
        "input": inputs[:1],
    }


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def main(arguments: list[str] | None = None) -> int:
    """Run the targets and print what was found; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="files for each target")
    parser.add_argument("--seconds", type=float, default=3600.0, help="at most so long for each")
    parser.add_argument("--target", action="append", choices=TARGETS, default=None)
    parser.add_argument("--seed", type=int, default=1, help="another one makes other files")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--inner", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = options.target or list(TARGETS)
    if options.inner is not None:
        return _inner(names[0], options)
    found = {name: run(name, options.count, options.seconds, seed=options.seed) for name in names}
    if options.json:
        print(json.dumps(found))
    else:
        for name, one in found.items():
            how = "guided" if one["guided"] else "by chance"
            print(f"{name:<10}{one['inputs']:>9} files {how}, {one['seconds']} s")
            if one["fault"]:
                print(f"{one['fault']}\n{one['input']}")
    return int(any(one["fault"] for one in found.values()))


def _inner(name: str, options: argparse.Namespace) -> int:
    count, folder, seed = options.count, options.inner, options.seed
    try:
        import atheris  # noqa: F401
    except ImportError:
        place = folder / "place"
        place.mkdir()
        until = time.monotonic() + options.seconds
        fed, read = by_chance(TARGETS[name], count, until, place, seed=seed)
        print(f"fed {fed}, read {read}")
        return 0
    guided(name, count, folder, seed=seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
