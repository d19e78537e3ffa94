"""Kill the program at random moments and look whether anything was lost.

    python benchmarks/kill9.py [--count 1000] [--seed 0] [--operation NAME]... [--json]

A child process adds masks, accepts suggestions, migrates an older project, backs up, imports or
exports, and says in a file what is done. It is killed (SIGKILL) at a random moment. Then the
project must open for writing, hold everything that was said to be done, be whole to SQLite's own
check, and no half-written file may be seen beside it. Only children started here are killed, each
by its number. The exit code is 1 when anything was found wrong. Needs fork and SIGKILL: Linux or
macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from sqlite_utils import Database

from cascadeclip.core import masks
from cascadeclip.core.formats import export_coco
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.project import Project, copies, schema
from cascadeclip.core.values import Suggestion

Say = Callable[[str], None]
HEIGHT, WIDTH, ROWS, FEW, TOGETHER = 20, 30, 1000, 200, 8
MASK = np.zeros((HEIGHT, WIDTH), np.bool_)
MASK[2:9, 3:20] = True
IMPORTED = 40
# A folder serves so many kills before it is made anew.
LIVES = 20
OLD = 2


@dataclass(frozen=True)
class Operation:
    """Hold what is made before, what the child does, and what must hold after it was killed."""

    prepare: Callable[[Path], None]
    work: Callable[[Path, Say], None]
    faults: Callable[[Path, list[str]], Iterable[str]]
    lives: int = LIVES


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
    strange = seen - {
        "project.db", "image.png", "backups", "copy.db", "out.json",
        f"project.db.before-v{schema.LATEST}",
    }  # fmt: skip
    if strange:
        yield f"seen in the folder: {sorted(strange)}"


def make_project(folder: Path) -> None:
    """Make a project of one image, one word and many masks."""
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "image.png")
    with Project.create(folder) as project:
        project.images.add(folder / "image.png")
        project.classes.add("cat")


def make_full(folder: Path, rows: int = ROWS) -> None:
    """Make a project of many masks."""
    make_project(folder)
    with Project.open(folder) as project:
        project.annotations.add(1, 1, MASK)
        project._store.run(_many(rows))


def make_some(folder: Path) -> None:
    """Make a project of some masks."""
    make_full(folder, FEW)


def make_old(folder: Path) -> None:
    """Make a project of many masks as version 2 of the schema had it."""
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "image.png")
    rle = masks.encode(MASK)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as connection:
        schema.MIGRATIONS.ensure_migrations_table(Database(connection, execute_plugins=False))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for sql in schema.BASE_SQL + schema.PROVENANCE_SQL:
            connection.execute(sql)
        for name in schema.NAMES[:OLD]:
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                " VALUES ('cascadeclip', ?, '')", (name,),
            )  # fmt: skip
        connection.execute(
            "INSERT INTO images VALUES (1, 'image.png', ?, ?, 1, 'd', 'unreviewed', '')",
            (WIDTH, HEIGHT),
        )
        connection.execute("INSERT INTO classes VALUES (1, 'cat', '[\"cat\"]', '#e69f00', 0, 0, 1)")
        connection.execute(
            "INSERT INTO annotations (id, image_id, class_id, height, width, counts, area, bbox_x,"
            " bbox_y, bbox_width, bbox_height, created, updated)"
            " VALUES (1, 1, 1, ?, ?, ?, 119, 3, 2, 17, 7, '', '')",
            (HEIGHT, WIDTH, rle.counts.decode("ascii")),
        )
        connection.execute(_many(ROWS))
        connection.execute(f"PRAGMA user_version = {OLD}")
        connection.execute("COMMIT")


def _many(rows: int) -> str:
    columns = (
        "image_id, class_id, height, width, counts, area, bbox_x, bbox_y, bbox_width, bbox_height,"
        " created, updated"
    )
    return (
        f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
        f" INSERT INTO annotations ({columns}) SELECT {columns} FROM annotations, n"
    )


def add(folder: Path, say: Say) -> None:
    """Add masks for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            say(str(project.annotations.add(1, 1, MASK).id))


def accept_all(folder: Path, say: Say) -> None:
    """Propose some regions and accept them all as one step, for ever."""
    proposal = Suggestion(1, masks.encode(MASK), 0.5, 0.5)
    with Project.open(folder, read_only=False) as project:
        while True:
            rows = project.suggestions.replace(1, [proposal] * TOGETHER, "v1")
            made = project.suggestions.accept_many([row.id for row in rows])
            say(" ".join(str(row.id) for row in made))


def migrate(folder: Path, say: Say) -> None:
    """Bring an older project up to date."""
    Project.open(folder, read_only=False).close()
    say("done")


def back_up(folder: Path, say: Say) -> None:
    """Copy the database for ever, to a new file and over an old one by turns."""
    while True:
        say(str(copies.back_up(folder, out=folder / "copy.db")))
        say(str(copies.back_up(folder)))


def export(folder: Path, say: Say) -> None:
    """Export to the same file for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            say(str(export_coco(project, folder / "out.json").path))


def make_imports(folder: Path) -> None:
    """Make an empty project beside two COCO files: one with some masks, one with half of them."""
    make_project(folder)
    word = {"id": 1, "name": "cat"}
    image = {"id": 1, "file_name": "image.png", "width": WIDTH, "height": HEIGHT}
    for name, count in (("all", IMPORTED), ("half", IMPORTED // 2)):
        rows = [
            {
                "id": 1 + k, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 2 + k,
                "bbox": [0, 0, WIDTH, HEIGHT],
                "segmentation": {"size": [HEIGHT, WIDTH],
                                 "counts": [0, 2 + k, HEIGHT * WIDTH - 2 - k]},
            }
            for k in range(count)
        ]  # fmt: skip
        text = json.dumps({"images": [image], "categories": [word], "annotations": rows})
        (folder / f".{name}.json").write_text(text, "utf-8")


def bring_in(folder: Path, say: Say) -> None:
    """Import all masks, then half of them in their place, for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            for name in ("all", "half"):
                import_annotations(project, folder / f".{name}.json", "coco", policy="replace")
                say(str(project.annotations.count()))


def faults_of_importing(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for an import that was done by halves, or was promised and is gone."""
    with Project.open(folder, read_only=False) as project:
        count = project.annotations.count()
    if count not in (IMPORTED, IMPORTED // 2, *(() if said else (0,))):
        yield f"{count} masks after saying {said[-2:]}"
    if not set(said) <= {str(IMPORTED), str(IMPORTED // 2)}:
        yield f"imported {sorted(set(said))}"


def faults_of_masks(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for masks that were promised and are not there."""
    with Project.open(folder, read_only=False) as project:
        rows = project.annotations.of_image(1)
        kept = {row.id for row in rows}
        lost = {int(word) for line in said for word in line.split()} - kept
        if lost:
            yield f"lost masks {sorted(lost)[:9]}"
        if any(not np.array_equal(masks.decode(row.rle), MASK) for row in rows[-3:]):
            yield "a mask has other pixels"


def faults_of_accepting(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for masks that are lost, and for steps that were done by halves."""
    yield from faults_of_masks(folder, said)
    with Project.open(folder, read_only=False) as project:
        counts = [project.suggestions.count(status=s) for s in ("accepted", "pending")]
        if counts[0] != project.annotations.count() or any(n % TOGETHER for n in counts):
            yield f"a step by halves: {counts} suggestions, {project.annotations.count()} masks"
        project.undo(1)
        if project.annotations.count() != max(0, counts[0] - TOGETHER):
            yield "undo took back something else than the last step"
        project.redo(1)


def faults_of_migrating(folder: Path, said: list[str]) -> Iterable[str]:
    """Look at the version before and after opening again, and at the copy of the older file."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in ((schema.LATEST,) if said else (OLD, schema.LATEST)):
        yield f"version {version} after saying {said}"
    copy = folder / f"project.db.before-v{schema.LATEST}"
    if version == schema.LATEST and not copy.exists():
        yield "migrated without a copy"
    if copy.exists():
        yield from _faults_of_copy(copy)
    with Project.open(folder, read_only=False) as project:
        if project.annotations.count() != ROWS:
            yield f"{project.annotations.count()} masks of {ROWS}"
        if project._store.value("PRAGMA user_version") != schema.LATEST:
            yield "not migrated by opening again"


def faults_of_copies(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether each copy that can be seen is whole, and each promised one is there."""
    seen = [*(folder / "backups").glob("[!.]*"), *folder.glob("copy.db")]
    for path in {Path(line) for line in said} - set(seen):
        yield f"lost the copy {path.name}"
    # The one that may be cut off, and the one before it.
    for path in sorted(seen, key=lambda path: path.stat().st_mtime_ns)[-3:]:
        yield from _faults_of_copy(path)


def _faults_of_copy(path: Path) -> Iterable[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        count = connection.execute("SELECT count(*) FROM annotations").fetchone()[0]
    if (verdict, count) != ("ok", ROWS):
        yield f"{path.name} is not whole: {verdict}, {count} masks"


def faults_of_export(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether the exported file, if there is one, is whole."""
    path = folder / "out.json"
    if said and not path.exists():
        yield "the exported file is gone"
    if path.exists() and len(json.loads(path.read_text("utf-8"))["annotations"]) != FEW:
        yield "the exported file lacks masks"


OPERATIONS = {
    "add": Operation(make_project, add, faults_of_masks),
    "accept-all": Operation(make_project, accept_all, faults_of_accepting),
    "migration": Operation(make_old, migrate, faults_of_migrating, lives=1),
    "backup": Operation(make_full, back_up, faults_of_copies),
    "import": Operation(make_imports, bring_in, faults_of_importing),
    "export": Operation(make_some, export, faults_of_export),
}


if __name__ == "__main__":
    raise SystemExit(main())
