"""What can still be read of a damaged database, saved into a new one beside it."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project import schema
from cascadeclip.core.project.connection import Record, Store, read_only_folder, translated
from cascadeclip.core.project.copies import dated
from cascadeclip.core.project.damage import DATABASE
from cascadeclip.core.project.placing import draft_of, put, remove

# Tables with ids, those first that others refer to.
_TABLES = (
    "images", "classes", "annotations", "suggestions", "batches", "journal", "model_versions",
    "model_activations", "runs", "metrics",
)  # fmt: skip
# A range that cannot be read is halved until the row is alone; this many failures are enough.
_FAILURES = 100_000
# Names and messages of a damaged file need not be text.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError)
# Where the highest id cannot be read.
_GUESS = 1 << 21
_STUBS = (
    """INSERT INTO images (id, path, width, height, orientation, digest, added)
    SELECT image_id, 'lost/image ' || image_id, max(width), max(height), 1, '', max(created)
    FROM annotations WHERE image_id NOT IN (SELECT id FROM images) GROUP BY image_id""",
    """INSERT INTO classes (id, name, phrases, colour, position)
    SELECT DISTINCT class_id, 'lost word ' || class_id, '["lost word ' || class_id || '"]',
        '#808080', class_id
    FROM annotations WHERE class_id NOT IN (SELECT id FROM classes)""",
)
_ORPHANS = {
    "suggestions": "image_id NOT IN (SELECT id FROM images)"
    " OR class_id NOT IN (SELECT id FROM classes)",
    "journal": "image_id NOT IN (SELECT id FROM images)",
    "model_activations": "version_id NOT IN (SELECT id FROM model_versions)",
    "metrics": "run_id NOT IN (SELECT id FROM runs)"
    " OR run_id IN (SELECT id FROM runs WHERE version_id NOT IN (SELECT id FROM model_versions))",
    "runs": "version_id NOT IN (SELECT id FROM model_versions)",
}
_UNTIE = (
    "UPDATE model_activations SET before_id = NULL"
    " WHERE before_id NOT IN (SELECT id FROM model_activations)",
    "UPDATE journal SET batch_id = NULL WHERE batch_id NOT IN (SELECT id FROM batches)",
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Hold the new file, the rows saved by table, and what could not be: `lost` by table.

    `lost` counts what is known to have been there. `stubs` are images and words that were lost
    while masks of theirs were not; they stand in the new file as "lost ...".
    """

    path: Path
    saved: dict[str, int]
    lost: dict[str, int]
    stubs: int


def recover(folder: Path) -> Recovered:
    """Save what can be read of the project's database in a new file; the old one is not touched.

    The new one is `backups/recovered-DATE-TIME.db` and of the current schema. Raises ProjectError
    when there is no database, or nothing in it can be read.
    """
    source = (folder / DATABASE).resolve()
    if not source.is_file():
        raise ProjectError(f"There is no {DATABASE} in {folder}; name the folder of a project.")
    target = dated(source.parent, "recovered")
    draft = draft_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with translated(target), closing(sqlite3.connect(draft, isolation_level=None)) as new:
            store = Store(new, target)
            new.execute("PRAGMA trusted_schema = ON")  # made here: see `opening`
            with store.transaction():
                schema.MIGRATIONS.apply(store.db)
            result = _save(source, store, target)
        put(draft, target)
    except OSError as error:
        raise ProjectError(read_only_folder(target.parent)) from error
    finally:
        remove(draft)
    return result


def _save(source: Path, store: Store, target: Path) -> Recovered:
    saved, lost = {}, {}
    with _duplicate(source, target.parent) as duplicate, closing(sqlite3.connect(duplicate)) as old:
        old.row_factory = sqlite3.Row
        old.execute("PRAGMA writable_schema = ON")  # else a file cut short is refused as a whole
        if not _tables(old):
            raise ProjectError(f"Nothing in {source} can be read; take a copy of it instead.")
        with store.transaction():
            saved["settings"] = _settings(old, store)
            for table in _TABLES:
                saved[table], lost[table] = _table(old, store, table)
            stubs = sum(_changed(store, sql) for sql in _STUBS)
            for table, orphan in _ORPHANS.items():
                gone = _changed(store, f"DELETE FROM {table} WHERE {orphan}")
                saved[table] -= gone
                lost[table] += gone
            for sql in _UNTIE:
                store.run(sql)
    verdict = store.integrity()
    if verdict:
        raise ProjectError(f"What was read of {source} makes no project; take a copy instead.")
    return Recovered(target, saved, {name: n for name, n in lost.items() if n}, stubs)


@contextmanager
def _duplicate(source: Path, folder: Path) -> Iterator[Path]:
    """Give a copy of the file and its log: merely reading the original could change it."""
    with tempfile.TemporaryDirectory(prefix=".recover-", dir=folder) as place:
        for tail in ("", "-wal"):
            part = source.with_name(source.name + tail)
            if part.exists():
                shutil.copyfile(part, Path(place) / part.name)
        yield Path(place) / source.name


def _tables(old: sqlite3.Connection) -> int:
    """Count what the file names; nothing at all is found without its first page."""
    try:
        return int(old.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except _UNREADABLE:
        return 0


def _settings(old: sqlite3.Connection, store: Store) -> int:
    count = 0
    try:
        for row in old.execute("SELECT key, value FROM settings WHERE key NOT LIKE 'prelabel/%'"):
            store.insert("settings", dict(row))
            count += 1
    except _UNREADABLE:  # those behind the damage are lost
        pass
    return count


def _table(old: sqlite3.Connection, store: Store, table: str) -> tuple[int, int]:
    """Copy the rows that can be read; return how many, and how many are known to be lost."""
    known = {row["name"] for row in store.rows(f"PRAGMA table_info({table})")}
    saved = broken = 0
    for record in _readable(old, table, _last_id(old, table)):
        columns = {name: value for name, value in record.items() if name in known}
        if not _sound(table, columns) or not _inserted(store, table, columns):
            broken += 1
        else:
            saved += 1
            if table == "model_versions" and record.get("metrics", "{}") != "{}":
                _adopt_metrics(store, record)
    return saved, max(broken, _count(old, table) - saved)


def _adopt_metrics(store: Store, record: Record) -> None:
    """Give what a version before version 4 measured its rows; nonsense is left out."""
    with suppress(ValueError, TypeError, AttributeError, LookupError, RecursionError):
        schema.keep_metrics(
            store.db, record["id"], record["recipe"], record["created"], record["metrics"]
        )


def _readable(old: sqlite3.Connection, table: str, last: int) -> Iterator[Record]:
    """Yield every row that can be read, halving what cannot until the bad ones are alone."""
    ranges, failures = [(1, last)] if last else [], 0
    while ranges and failures < _FAILURES:
        low, high = ranges.pop()
        try:
            rows = old.execute(
                f"SELECT * FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id", (low, high)
            ).fetchmany(1000)
        except _UNREADABLE:
            failures += 1
            if low < high:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
            continue
        yield from (dict(row) for row in rows)
        if len(rows) == 1000 and isinstance(rows[-1]["id"], int) and low <= rows[-1]["id"]:
            ranges.append((rows[-1]["id"] + 1, high))


def _last_id(old: sqlite3.Connection, table: str) -> int:
    for sql in (
        f"SELECT max(id) FROM {table}",
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
    ):
        try:
            row = old.execute(sql).fetchone()
        except sqlite3.OperationalError:  # no such table: an older file
            return 0
        except _UNREADABLE:
            continue
        if row is None or isinstance(row[0], int | None):
            return (row and row[0]) or 0
    return _GUESS


def _count(old: sqlite3.Connection, table: str) -> int:
    try:
        return int(old.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except _UNREADABLE:
        return 0


def _sound(table: str, record: Record) -> bool:
    """Tell whether the mask of a row can be decoded; other rows are taken as they are."""
    if "counts" not in record:
        return True
    from cascadeclip.core.project.records import read_rle

    try:
        masks.area(read_rle(record))
    except (MaskInvalid, ValueError, TypeError, AttributeError, LookupError):
        return False
    return True


def _inserted(store: Store, table: str, record: Record) -> bool:
    try:
        if not record:
            return False
        store.insert(table, record)
    except (sqlite3.IntegrityError, OverflowError, UnicodeError):
        return False
    return True


def _changed(store: Store, sql: str) -> int:
    store.run(sql)
    return int(store.value("SELECT changes()"))
