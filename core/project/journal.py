"""What was done to each image, so that it can be undone and done again, also after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from cascadeclip.core.project.connection import Record, Store, now

# Steps kept per image unless the project's setting says another number; the oldest go first.
KEPT = 500
KEPT_SETTING = "journal.kept"


class Step:
    """Change rows and remember, per row, the columns before and after."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changes: list[Record] = []

    def insert(self, table: str, record: Record) -> int:
        """Insert a row and return its id, which no other row will ever get."""
        row_id = self._store.insert(table, record)
        self._note(table, row_id, None, record)
        return row_id

    def update(self, table: str, row_id: int, record: Record) -> None:
        """Change columns of one row."""
        before = _snapshot(self._store, table, row_id)
        self._store.update(table, row_id, record)
        self._note(table, row_id, {column: before[column] for column in record}, record)

    def delete(self, table: str, row_id: int) -> None:
        """Delete one row."""
        before = _snapshot(self._store, table, row_id)
        self._store.run(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        self._note(table, row_id, before, None)

    def _note(self, table: str, row_id: int, before: Record | None, after: Record | None) -> None:
        self.changes.append({"table": table, "id": row_id, "before": before, "after": after})


class Journal:
    """Keep the steps of every image apart: undoing on one never reaches another."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def step(self, image_id: int, name: str) -> Iterator[Step]:
        """Do the block's changes in one transaction, as one step that `undo` calls `name`.

        What had been undone on this image can no longer be done again.
        """
        with self._store.transaction():
            step = Step(self._store)
            yield step
            if step.changes:
                self._keep(image_id, name, step.changes)

    def undo(self, image_id: int) -> str | None:
        """Take back the last step on the image; return its name, None when there is none."""
        with self._store.transaction():
            entry = self._last_done(image_id)
            if entry is None:
                return None
            for change in reversed(json.loads(entry["changes"])):
                self._restore(change, change["before"])
            self._store.update("journal", entry["id"], {"undone": 1})
            return str(entry["name"])

    def redo(self, image_id: int) -> str | None:
        """Do again what was undone last; return its name, None when there is nothing."""
        with self._store.transaction():
            entry = self._first_undone(image_id)
            if entry is None:
                return None
            for change in json.loads(entry["changes"]):
                self._restore(change, change["after"])
            self._store.update("journal", entry["id"], {"undone": 0})
            return str(entry["name"])

    def can_undo(self, image_id: int) -> bool:
        """Tell whether a step on the image can be taken back."""
        return self._last_done(image_id) is not None

    def can_redo(self, image_id: int) -> bool:
        """Tell whether a step on the image can be done again."""
        return self._first_undone(image_id) is not None

    def _last_done(self, image_id: int) -> Record | None:
        return self._store.row(
            "SELECT * FROM journal WHERE image_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1",
            (int(image_id),),
        )

    def _first_undone(self, image_id: int) -> Record | None:
        return self._store.row(
            "SELECT * FROM journal WHERE image_id = ? AND undone = 1 ORDER BY id LIMIT 1",
            (int(image_id),),
        )

    def _keep(self, image_id: int, name: str, changes: list[Record]) -> None:
        self._store.run("DELETE FROM journal WHERE image_id = ? AND undone = 1", (image_id,))
        text = json.dumps(changes, ensure_ascii=False)
        self._store.insert(
            "journal", {"image_id": image_id, "name": name, "changes": text, "created": now()}
        )
        self._store.run(
            """DELETE FROM journal WHERE image_id = ? AND undone = 0 AND id <= (
                SELECT id FROM journal WHERE image_id = ? AND undone = 0
                ORDER BY id DESC LIMIT 1 OFFSET ?)""",
            (image_id, image_id, self._kept()),
        )

    def _kept(self) -> int:
        """Return how many steps an image keeps; what is no positive number does not count."""
        text = self._store.value("SELECT value FROM settings WHERE key = ?", (KEPT_SETTING,))
        try:
            return max(1, int(json.loads(text))) if text is not None else KEPT
        except (ValueError, TypeError):
            return KEPT

    def _restore(self, change: Record, columns: Record | None) -> None:
        """Bring one row to the state `columns`; None means that it was not there."""
        table, row_id = change["table"], change["id"]
        if columns is None:
            self._store.run(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        elif change["before"] is None or change["after"] is None:
            self._store.insert(table, {**columns, "id": row_id})
        else:
            self._store.update(table, row_id, columns)


def _snapshot(store: Store, table: str, row_id: int) -> Record:
    record = store.row(f"SELECT * FROM {table} WHERE id = ?", (row_id,))
    if record is None:
        raise LookupError(f"no row {row_id} in {table}")
    return record
