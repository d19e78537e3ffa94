"""The trained models of a project: never changed, one of them active, every switch kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.connection import Record, Store, now, sense
from cascadeclip.core.project.images import relative_to_project
from cascadeclip.core.project.rows import VersionRow
from cascadeclip.core.project.runs import Runs

# Of run.json these have columns of their own, here or with the run.
_KNOWN = ("name", "parent", "recipe", "metrics", "activate", "reason", "device", "seed")


class Versions:
    """Register, activate and roll back model versions.

    No active version means the model that comes with the program.
    """

    def __init__(self, store: Store, folder: Path, runs: Runs) -> None:
        self._store = store
        self._runs = runs
        self._folder = folder

    def add(
        self,
        name: str,
        *,
        folder: Path | str,
        parent: str | None = None,
        recipe: str,
        metrics: Mapping[str, Any],
        run: Mapping[str, Any] | None = None,
    ) -> VersionRow:
        """Register a version; `folder` is absolute or relative to the project.

        What was measured is kept with the run that made it; `run` is what run.json says of that
        one: its device, its seed, whatever is needed to repeat it. It is not activated.
        Raises ProjectError when the name is taken.
        """
        place = (self._folder / folder).resolve()
        with self._store.transaction():
            if self._store.row("SELECT 1 FROM model_versions WHERE name = ?", (name,)):
                raise ProjectError(
                    f'There is already a model version "{name}"; choose another name.'
                )
            row_id = self._store.insert(
                "model_versions",
                {
                    "name": name,
                    "folder": relative_to_project(place, self._folder),
                    "parent": parent,
                    "recipe": recipe,
                    "created": now(),
                },
            )
            if metrics or run:
                self._runs.add(row_id, recipe=recipe, metrics=metrics, **_told(run or {}))
            return self._by_id(row_id)

    def all(self) -> list[VersionRow]:
        """Return every version, the oldest first."""
        current = self._current_version()
        records = self._store.rows("SELECT * FROM model_versions ORDER BY id")
        return [self._row(record, current) for record in records]

    def active(self) -> VersionRow | None:
        """Return the version in use, None for the model that comes with the program."""
        current = self._current_version()
        return None if current is None else self._by_id(current)

    def get(self, name: str) -> VersionRow:
        """Return the version called `name`. Raises ProjectError when there is none."""
        record = self._store.row("SELECT * FROM model_versions WHERE name = ?", (name,))
        if record is None:
            raise ProjectError(f'There is no model version "{name}" in this project.')
        return self._row(record, self._current_version())

    def activate(self, version_id: int) -> VersionRow:
        """Use this version from now on. Raises ProjectError when there is none."""
        with self._store.transaction():
            row = self._by_id(version_id)
            if not row.active:
                latest = self._latest()
                self._switch(row.id, None if latest is None else latest["id"], "activate")
            return self._by_id(row.id)

    def rollback(self) -> VersionRow | None:
        """Go back to the version that was active before; each call goes one further.

        Returns None when that was the model that comes with the program. Raises ProjectError when
        no version is active.
        """
        with self._store.transaction():
            latest = self._latest()
            if latest is None or latest["version_id"] is None:
                raise ProjectError("No trained model is active, so there is none to go back from.")
            before = self._store.row(
                "SELECT * FROM model_activations WHERE id = ?", (latest["before_id"],)
            ) or {"version_id": None, "before_id": None}
            self._switch(before["version_id"], before["before_id"], "rollback")
            return self.active()

    def _switch(self, version_id: int | None, before_id: int | None, reason: str) -> None:
        self._store.insert(
            "model_activations",
            {
                "version_id": version_id,
                "before_id": before_id,
                "reason": reason,
                "created": now(),
            },
        )

    def _latest(self) -> Record | None:
        return self._store.row("SELECT * FROM model_activations ORDER BY id DESC LIMIT 1")

    def _current_version(self) -> int | None:
        latest = self._latest()
        return None if latest is None else latest["version_id"]

    def _by_id(self, version_id: int) -> VersionRow:
        record = self._store.row("SELECT * FROM model_versions WHERE id = ?", (int(version_id),))
        if record is None:
            raise ProjectError(f"There is no model version number {version_id} in this project.")
        return self._row(record, self._current_version())

    def _row(self, record: Record, current: int | None) -> VersionRow:
        with sense(self._store.path):
            return self._made(record, current)

    def _made(self, record: Record, current: int | None) -> VersionRow:
        run = self._runs.of_version(record["id"])
        return VersionRow(
            id=record["id"],
            name=record["name"],
            folder=Path(os.path.normpath(self._folder / record["folder"])),
            parent=record["parent"],
            recipe=record["recipe"],
            metrics={} if run is None else run.metrics,
            created=record["created"],
            active=record["id"] == current,
        )


def _told(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return what run.json says, as `Runs.add` takes it."""
    device, seed = run.get("device"), run.get("seed")
    return {
        "device": device if isinstance(device, str) else None,
        "seed": seed if isinstance(seed, int) else None,
        "details": {name: value for name, value in run.items() if name not in _KNOWN},
    }
