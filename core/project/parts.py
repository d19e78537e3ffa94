"""The tables, columns, indexes, triggers and views that a database file holds, by their names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache

from cascadeclip.core.project import schema
from cascadeclip.core.project.sqlite import Database

SQL = """SELECT main.name AS part, info.name AS detail FROM sqlite_master AS main
    JOIN pragma_table_info(main.name) AS info WHERE main.type IN ('table', 'view')
    UNION ALL SELECT name, iif(type = 'index', type, type || ': ' || sql) FROM sqlite_master
    WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE INDEX%'"""


@cache
def current() -> frozenset[tuple[str, str]]:
    """Return what a current file holds: see `named`."""
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.MIGRATIONS.apply(Database(connection, execute_plugins=False))
        return named(connection.execute(SQL).fetchall())


def named(rows: Iterable[tuple[object, object]]) -> frozenset[tuple[str, str]]:
    """Return rows of SQL as (table, column), (index, "index"), (trigger or view, its text).

    Spaces do not count, nor do tables of SQLite itself.
    """
    return frozenset(
        (str(name), " ".join(str(detail).split()))
        for name, detail in rows
        if not str(name).startswith(("sqlite", "_sqlite"))
    )
