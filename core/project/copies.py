"""Copies of a project's database: made while it is in use, verified, dated."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.connection import Store, read_only_folder, translated
from cascadeclip.core.project.damage import DATABASE, FOLDER, damaged
from cascadeclip.core.project.opening import read_mode
from cascadeclip.core.project.placing import draft_of, put, remove, sweep

# Pages per step, so that a stop is heard; within one read of the file, so all are of one moment.
_PAGES = 2000


def back_up(
    folder: Path,
    *,
    out: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Path:
    """Copy the database of the project in `folder` to a new file and return its path.

    Without `out` it is `backups/project-DATE-TIME.db` (UTC) in the project; an older file `out`
    is replaced whole. The copy is that of one moment, whoever writes meanwhile, and gets its name
    only after SQLite found it whole. Raises ProjectError.
    """
    source = (folder / DATABASE).resolve()
    if not source.is_file():
        raise ProjectError(
            f"There is no project in {folder}; make one with: cascadeclip init {folder}"
        )
    target = dated(source.parent, "project") if out is None else out.absolute()
    if target.exists() and target.samefile(source):
        raise ProjectError(f"{target} is the project itself; name another file for the copy.")
    if target.is_dir():
        raise ProjectError(f"{target} is a folder; name a file for the copy.")
    draft = draft_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        with translated(source):
            _copy(source, draft, progress, stopped)
        put(draft, target)
    except OSError as error:
        raise ProjectError(read_only_folder(target.parent)) from error
    finally:
        remove(draft)
    return target


def dated(folder: Path, kind: str) -> Path:
    """Return a dated name that is free."""
    while True:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        target = folder / FOLDER / f"{kind}-{stamp}.db"
        if not target.exists():
            return target
        time.sleep(0.05)


def _copy(
    source: Path,
    draft: Path,
    progress: Callable[[int, int], None] | None,
    stopped: Callable[[], bool] | None,
) -> None:
    def step(status: int, remaining: int, total: int) -> None:
        if stopped is not None and stopped():
            raise ProjectError("The backup was stopped; nothing was written.")
        if progress is not None:
            progress(total - remaining, total)

    with (
        closing(sqlite3.connect(f"{source.as_uri()}?{read_mode(source)}", uri=True)) as connection,
        closing(sqlite3.connect(draft)) as copy,
    ):
        connection.execute("PRAGMA query_only = ON")
        # One reading transaction around all steps: else each write of another starts it over.
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.backup(copy, pages=_PAGES, progress=step)
        connection.rollback()
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        verdict = Store(copy, source).integrity()
    if verdict:
        raise ProjectError(damaged(source, verdict))
