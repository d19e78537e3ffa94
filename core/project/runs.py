"""The training runs of a project, and what each of them measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import measures
from cascadeclip.core.project.connection import Record, Store, now
from cascadeclip.core.project.rows import RunRow

_SELECT = """SELECT runs.*, model_versions.name AS version
    FROM runs JOIN model_versions ON model_versions.id = version_id"""


class Runs:
    """Record and list what made the model versions of one project."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        version_id: int,
        *,
        recipe: str,
        metrics: Mapping[str, Any],
        device: str | None = None,
        seed: int | None = None,
        details: Mapping[str, Any] | None = None,
        created: str | None = None,
    ) -> RunRow:
        """Record the run that made the version `version_id`, with every number it measured.

        `metrics` may be nested; `details` is whatever else is needed to repeat the run, as JSON
        can hold it. Raises ProjectError when the version has a run already.
        """
        found = measures.apart(metrics)
        with self._store.transaction():
            if self._store.row("SELECT 1 FROM runs WHERE version_id = ?", (version_id,)):
                raise ProjectError(f"Model version number {version_id} has its run already.")
            run_id = self._store.insert(
                "runs",
                {
                    "version_id": version_id,
                    "recipe": recipe,
                    "device": device,
                    "seed": seed,
                    "seconds": found.seconds,
                    "advised": None if found.advised is None else int(found.advised),
                    "reason": found.reason,
                    "details": json.dumps(dict(details or {}), ensure_ascii=False),
                    "others": json.dumps(found.rest, ensure_ascii=False),
                    "created": created or now(),
                },
            )
            for row in found.rows:
                names = ("run_id", "part", "name", "word", "value")
                self._store.insert("metrics", dict(zip(names, (run_id, *row), strict=True)))
            return self._made([self._record("runs.id", run_id) or {}])[0]

    def all(self) -> list[RunRow]:
        """Return every run, the oldest first."""
        return self._made(self._store.rows(f"{_SELECT} ORDER BY runs.id"))

    def of_version(self, version_id: int) -> RunRow | None:
        """Return the run that made a version; None for one that came from elsewhere."""
        record = self._record("version_id", version_id)
        return None if record is None else self._made([record])[0]

    def _record(self, column: str, value: int) -> Record | None:
        return self._store.row(f"{_SELECT} WHERE {column} = ?", (int(value),))

    def _made(self, records: list[Record]) -> list[RunRow]:
        return self._store.made(self._row, records)

    def _row(self, record: Record) -> RunRow:
        rows = self._store.rows(
            "SELECT part, name, word, value FROM metrics WHERE run_id = ? ORDER BY id",
            (record["id"],),
        )
        advised = record["advised"]
        found = measures.Measured(
            seconds=record["seconds"],
            advised=None if advised is None else bool(advised),
            reason=record["reason"],
            rows=tuple((row["part"], row["name"], row["word"], row["value"]) for row in rows),
            rest=json.loads(record["others"]),
        )
        return RunRow(
            id=record["id"],
            version_id=record["version_id"],
            version=record["version"],
            recipe=record["recipe"],
            device=record["device"],
            seed=record["seed"],
            seconds=found.seconds,
            advised=found.advised,
            reason=found.reason,
            metrics=measures.together(found),
            details=json.loads(record["details"]),
            created=record["created"],
        )
