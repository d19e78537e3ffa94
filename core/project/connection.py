"""One connection, one lock, and every database fault as a sentence."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.damage import damaged
from cascadeclip.core.project.sqlite import Database

Record = dict[str, Any]
Made = TypeVar("Made")
Value = Any  # a number, text or None; the caller knows its column


class Store:
    """Run SQL on one open database file, from any thread, one at a time.

    `path` names the file in messages. Every write happens inside `transaction`; when it is left
    without an error the change is on the disk. A `refusal` is the sentence that every write gets
    instead. `closed` is called once, after the connection was closed.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        refusal: str = "",
        closed: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self.refusal = refusal
        self._closed = closed
        # Plugins a person installed for the sqlite-utils command have no business in a project.
        self.db = Database(connection, execute_plugins=False)
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the connection; closing twice does nothing."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()
                if self._closed is not None:
                    self._closed()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing of it; nested blocks belong to the outermost.

        The write lock is taken at once: a block that first read and then wrote could otherwise be
        refused half-way when a second program wrote in between. Raises ProjectError.
        """
        with self._lock, translated(self.path):
            connection = self._open()
            if self.refusal:
                raise ProjectError(self.refusal)
            nested = connection.in_transaction
            if nested:
                yield
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Record]:
        """Return all rows of a query as dictionaries by column name. Raises ProjectError."""
        with self._lock, translated(self.path), sense(self.path):
            cursor = self._open().execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, values: Sequence[object] = ()) -> Record | None:
        """Return the first row of a query, None when there is none. Raises ProjectError."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[object] = ()) -> Value:
        """Return the only value of a query, None when there is none. Raises ProjectError."""
        found = self.row(sql, values)
        return next(iter(found.values())) if found else None

    def made(self, make: Callable[[Record], Made], records: Sequence[Record]) -> list[Made]:
        """Return what `make` makes of each record. Raises ProjectError when one is nonsense."""
        with sense(self.path):
            return [make(record) for record in records]

    def values(self, sql: str, values: Sequence[object] = ()) -> list[Value]:
        """Return the first column of a query, without a dictionary per row. Raises ProjectError."""
        with self._lock, translated(self.path), sense(self.path):
            return [row[0] for row in self._open().execute(sql, values)]

    def pairs(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Value, Value]]:
        """Return two columns of a query, without a dictionary per row. Raises ProjectError."""
        with self._lock, translated(self.path), sense(self.path):
            return [(row[0], row[1]) for row in self._open().execute(sql, values)]

    def integrity(self) -> str:
        """Return what SQLite finds wrong with the file, empty when nothing is."""
        try:
            verdict = str(self.value("PRAGMA integrity_check(1)"))
        except ProjectError as error:
            return str(error.__cause__ or error)
        if verdict != "ok":
            return verdict
        lost = self.row("PRAGMA foreign_key_check")
        return "" if lost is None else f"{lost['table']} has a row whose {lost['parent']} is gone"

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement inside a transaction; return the id of a new row. Raises ProjectError."""
        with self.transaction():
            return int(self._open().execute(sql, values).lastrowid or 0)

    def insert(self, table: str, record: Record) -> int:
        """Insert a row and return its id. Raises ProjectError."""
        columns, marks = ", ".join(record), ", ".join("?" for _ in record)
        return self.run(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(record.values()))

    def update(self, table: str, row_id: int, record: Record) -> None:
        """Change columns of the row `row_id`. Raises ProjectError."""
        columns = ", ".join(f"{column} = ?" for column in record)
        self.run(f"UPDATE {table} SET {columns} WHERE id = ?", (*record.values(), row_id))

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ProjectError("The project is closed; open it again.")
        return self._connection


def now() -> str:
    """Return the time in UTC as ISO text with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the disk or another program does to the database into a ProjectError.

    Faults of this program (wrong SQL, broken constraints) are left as they are: bugs.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        sentence = _sentence(error, path)
        if sentence is None:
            raise
        raise ProjectError(sentence) from error
    except MemoryError as error:  # also what a damaged page makes SQLite ask for
        raise ProjectError(
            f"There is not enough memory for {path}: close other programs and try again; if that "
            f"does not help, look at it with: cascadeclip check {path.parent}"
        ) from error


@contextmanager
def sense(path: Path) -> Iterator[None]:
    """Turn what nonsense in a row raises into a ProjectError: SQLite checks pages, not content."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ProjectError(damaged(path, "a row holds nonsense")) from error


def _sentence(error: sqlite3.DatabaseError, path: Path) -> str | None:
    # The low byte is the kind of fault, the rest its details.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    broken = "Could not decode to UTF-8" in str(error)  # Python's own words: there is no code
    if broken or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"Another program is writing to {path}; wait for it or close it, then try again."
    if code == sqlite3.SQLITE_FULL:
        return f"The disk is full: nothing of this step was saved to {path}; make room and retry."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return read_only_folder(path.parent)
    if code == sqlite3.SQLITE_IOERR:
        return f"The disk under {path} could not be read or written; check it, then open again."
    if "no such module" in str(error):
        return "The SQLite of this Python lacks FTS5, which projects need; install another Python."
    return None


def read_only_folder(folder: Path) -> str:
    """Say that nothing can be written in the folder."""
    return f"Nothing can be written in {folder}; make it writable or copy the project elsewhere."
