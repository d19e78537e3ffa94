"""From a folder to an open, checked and current database file."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cascadeclip.core.errors import ProjectError, ProjectTooNew
from cascadeclip.core.project import lock, parts, schema
from cascadeclip.core.project.connection import Store, read_only_folder, translated
from cascadeclip.core.project.damage import DATABASE, damaged
from cascadeclip.core.project.placing import draft_of, put, remove, sweep

_ASKED = "The project was opened to be read only; open it for writing to change it."
_BUSY_MS = 5000
_LOOK_SECONDS = 0.02
# Enough for the indexes that the lists read, of 100,000 images.
_CACHE_KIB = 32 << 10
# Reading a whole file this size takes a fraction of a second; larger ones are found damaged
# when the damaged part is read.
_CHECKED_BYTES = 32 << 20


def create_store(folder: Path) -> Store:
    """Make `folder` (absolute) and its database; the file appears only when it is complete.

    Raises ProjectError when there is a project already or nothing can be written.
    """
    path = folder / DATABASE
    if path.exists():
        raise ProjectError(f"{folder} already holds a project; open it instead.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            _create(path)
            return open_store(folder)
    except FileExistsError as error:
        raise ProjectError(f"{folder} is a file; choose a folder for the project.") from error
    except OSError as error:
        raise ProjectError(read_only_folder(folder)) from error


def open_store(folder: Path, *, read_only: bool | None = None) -> Store:
    """Open the database of `folder` (absolute), bringing an older one up to date on the way.

    `read_only`: True never writes, False raises when another program has the project, None then
    only reads. Raises ProjectTooNew (the file is left as it is) and ProjectError.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise ProjectError(
            f"There is no project in {folder}; make one with: cascadeclip init {folder}"
        )
    if read_only:
        return _open_to_read(path, _ASKED)
    if not (os.access(folder, os.W_OK) and os.access(path, os.W_OK)):
        raise ProjectError(read_only_folder(folder))
    try:
        holder = lock.take(_lock_file(path))
    except OSError as error:
        raise ProjectError(read_only_folder(folder)) from error
    if holder is None:
        return _open_to_write(path)
    if read_only is False:
        raise ProjectError(holder.sentence(folder))
    return _open_to_read(path, holder.sentence(folder))


def _open_to_write(path: Path) -> Store:
    """Open the database whose lock this process has; closing the store gives the lock back."""

    def closed() -> None:
        lock.release(_lock_file(path))

    try:
        with translated(path), _closed_on_failure(_connect(path)) as connection:
            store = Store(connection, path, closed=closed)
            version = _checked_version(store)
            if version < schema.LATEST:  # before anything else: even how the file is kept changes
                _copy_before(connection, path)
            _settle(connection)
            sweep(path.parent)
            if version < schema.LATEST:
                _migrate(store)
                _check_tables(store)
            # Older releases of SQLite take the search index for unsafe in a trigger; these are
            # the program's own, as was just looked at.
            connection.execute("PRAGMA trusted_schema = ON")
            # Proves that writing is allowed before anybody's work depends on it.
            with store.transaction():
                pass
            return store
    except BaseException:
        closed()
        raise


def _open_to_read(path: Path, refusal: str) -> Store:
    """Open the database so that nothing here can change it."""
    with translated(path), _closed_on_failure(_connect(path, read_mode(path))) as connection:
        connection.execute("PRAGMA query_only = ON")
        store = Store(connection, path, refusal=refusal)
        if _checked_version(store) < schema.LATEST:
            raise ProjectError(
                f"{path.parent} was made by an older version of cascadeclip; "
                "open it once for writing, then it can be read."
            )
        return store


def read_mode(path: Path) -> str:
    """Return how to open for reading: SQLite wants to write beside the file even then."""
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return "mode=rw"
    log = path.with_name(f"{path.name}-wal")
    unfinished = log.exists() and log.stat().st_size > 0
    return "mode=ro" if unfinished else "mode=ro&immutable=1"


def _create(path: Path) -> None:
    draft = draft_of(path)
    try:
        if path.exists():  # another program was quicker
            raise ProjectError(f"{path.parent} already holds a project; open it instead.")
        draft.write_bytes(b"")
        with translated(path), closing(_connect(draft)) as connection:
            _settle(connection)
            _migrate(Store(connection, path))
        put(draft, path)
    finally:
        remove(draft)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    holder = lock.take(_lock_file(path))
    if holder is not None:
        raise ProjectError(holder.sentence(path.parent))
    try:
        yield
    finally:
        lock.release(_lock_file(path))


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _connect(path: Path, mode: str = "mode=rw") -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.as_uri()}?{mode}",  # never makes a file where there is none
        uri=True,
        timeout=_BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )


def _settle(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    _keep_a_log(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",  # until it is known that nothing in it is a stranger's
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; here SQLite does not wait for others by itself."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _checked_version(store: Store) -> int:
    """Return the schema's number after reading only; refuse what is damaged, foreign or newer."""
    try:
        return _version(store)
    except sqlite3.OperationalError as error:  # asked right, so the file's own tables are wrong
        raise ProjectError(damaged(store.path, str(error))) from error


def _version(store: Store) -> int:
    path = store.path
    if path.stat().st_size <= _CHECKED_BYTES:
        verdict = store.value("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise ProjectError(damaged(path, verdict))
    table = schema.MIGRATIONS.migrations_table
    if not store.row("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)):
        raise ProjectError(f"{path} is not a project database; choose another folder.")
    applied = {
        record["name"]
        for record in store.rows(
            f"SELECT name FROM {table} WHERE migration_set = ?", (schema.MIGRATIONS.name,)
        )
    }
    version = int(store.value("PRAGMA user_version"))
    if version > schema.LATEST or not applied <= set(schema.NAMES):
        raise ProjectTooNew(
            f"{path.parent} was written by a newer version of cascadeclip; update the program."
        )
    if not applied:
        raise ProjectError(f"{path} is not a project database; choose another folder.")
    if len(applied) == schema.LATEST:
        _check_tables(store)
    return len(applied)


def _check_tables(store: Store) -> None:
    """Raise ProjectError unless every part is there, triggers and views word for word."""
    there = parts.named(store.pairs(parts.SQL))
    ours = parts.current()
    lacking = ours - there
    if lacking:
        name, detail = min(lacking)
        raise ProjectError(damaged(store.path, f"{name} lacks {detail.partition(':')[0]}"))
    strange = [one for one in there - ours if one[1].startswith(("trigger:", "view:"))]
    if strange:
        raise ProjectError(damaged(store.path, f"{min(strange)[0]} is not of this program"))


def _migrate(store: Store) -> None:
    """Apply what is missing; a second program opening the same file waits, then finds it done."""
    with store.transaction():
        schema.MIGRATIONS.apply(store.db)


def _copy_before(connection: sqlite3.Connection, path: Path) -> None:
    """Keep the file as it was: `project.db.before-vN`, N being the schema it is about to get."""
    copy = path.with_name(f"{DATABASE}.before-v{schema.LATEST}")
    draft = draft_of(copy)
    try:
        with closing(sqlite3.connect(draft)) as target:
            connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            version = target.execute("PRAGMA user_version").fetchone()[0]
        if version < schema.LATEST:  # else a second program was quicker, and made the copy
            put(draft, copy)
    except OSError as error:
        raise ProjectError(
            f"{path} could not be copied before bringing it up to date; make room and retry."
        ) from error
    finally:
        remove(draft)
