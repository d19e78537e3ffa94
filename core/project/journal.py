"""What was done to each image, so that it can be undone and done again, also after a restart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.connection import Record, Store, now, sense
from cascadeclip.core.project.rows import BatchRow, BatchUndone

# Steps kept per image unless the project's setting says another number; the oldest go first.
KEPT = 500
KEPT_SETTING = "journal.kept"
_TABLES = ("images", "annotations", "suggestions")
# The steps of a batch that were not taken back, neither by undoing them nor by a later step.
_STANDING = """SELECT id, image_id, name FROM journal WHERE batch_id = {batch} AND undone = 0
    AND id NOT IN (SELECT reverts FROM journal WHERE reverts IS NOT NULL AND undone = 0)
    ORDER BY id"""


class Step:
    """Change rows and remember, per row, the columns before and after."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changes: list[Record] = []

    def insert(self, table: str, record: Record) -> int:
        """Insert a row and return its id, which no other row will ever get, unless it names one."""
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

    def revert(self, change: Record) -> bool:
        """Take back a change of an earlier step; False, and nothing done, where more followed.

        A row that it made and that is gone stays gone.
        """
        table, row_id, before, after = _checked(change)
        row = self._store.row(f"SELECT * FROM {table} WHERE id = ?", (row_id,))
        if after is None:
            if row is None and before is not None:
                self.insert(table, {**before, "id": row_id})
            return True
        if row is None:
            return True
        if any(row[column] != value for column, value in after.items()):
            return False
        if before is None:
            self.delete(table, row_id)
        else:
            self.update(table, row_id, before)
        return True

    def _note(self, table: str, row_id: int, before: Record | None, after: Record | None) -> None:
        self.changes.append({"table": table, "id": row_id, "before": before, "after": after})


class Journal:
    """Keep the steps of every image apart: undoing on one never reaches another."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def step(
        self, image_id: int, name: str, *, batch_id: int | None = None, reverts: int | None = None
    ) -> Iterator[Step]:
        """Do the block's changes in one transaction, as one step that `undo` calls `name`.

        What had been undone on this image can no longer be done again. `batch_id` ties the step
        to those of other images, `reverts` is the earlier step that it takes back.
        """
        with self._store.transaction():
            step = Step(self._store)
            yield step
            if step.changes:
                self._keep(image_id, name, step.changes, {"batch_id": batch_id, "reverts": reverts})

    @contextmanager
    def batch(self, name: str) -> Iterator[int]:
        """Do the steps of the block in one transaction; give the number that ties them together."""
        with self._store.transaction():
            batch_id = self._store.insert("batches", {"name": name, "images": 0, "created": now()})
            yield batch_id
            steps = self._store.value(
                "SELECT count(*) FROM journal WHERE batch_id = ?", (batch_id,)
            )
            if steps:
                self._store.update("batches", batch_id, {"images": steps})
            else:
                self._store.run("DELETE FROM batches WHERE id = ?", (batch_id,))

    def undo(self, image_id: int) -> str | None:
        """Take back the last step on the image; return its name, None when there is none."""
        with self._store.transaction():
            entry = self._last_done(image_id)
            return None if entry is None else self._take_back(entry)

    def redo(self, image_id: int) -> str | None:
        """Do again what was undone last; return its name, None when there is nothing."""
        with self._store.transaction():
            entry = self._first_undone(image_id)
            return None if entry is None else self._do_again(entry)

    def batches(self) -> list[BatchRow]:
        """Return the changes of many images that are still known, the newest first."""
        return [
            BatchRow(**{**record, "stands": bool(record["stands"])})
            for record in self._store.rows(
                f"SELECT *, EXISTS ({_STANDING.format(batch='batches.id')}) AS stands"
                " FROM batches ORDER BY id DESC"
            )
        ]

    def undo_batch(
        self, batch_id: int, *, progress: Callable[[int, int], None] | None = None
    ) -> BatchUndone:
        """Take back every step of a batch that stands, in one transaction; say what was kept.

        Where an image was changed since, that is a step of its own, and masks and suggestions that
        were changed stay as they are. `progress(done, total)` is called before each step; when it
        raises, nothing is changed. Raises ProjectError when there is no such batch.
        """
        with self._store.transaction():
            unknown = self._images_of(batch_id) - len(self._entries(batch_id))
            images, kept = set(), 0
            entries = self._store.rows(_STANDING.format(batch="?"), (batch_id,))
            for number, entry in enumerate(reversed(entries)):
                if progress is not None:
                    progress(number, len(entries))
                last = self._last_done(entry["image_id"])
                if last is not None and last["id"] == entry["id"]:
                    self._take_back(last)
                    images.add(entry["image_id"])
                    continue
                changed, held = self._revert(self._with_changes(entry))
                kept += held
                images |= {entry["image_id"]} if changed else set()
            return BatchUndone(len(images), kept, max(0, unknown))

    def redo_batch(self, batch_id: int) -> int:
        """Do again every step of a batch that is undone, all or none; return how many.

        Raises ProjectError when images were changed since.
        """
        with self._store.transaction():
            entries = [entry for entry in self._whole(batch_id) if entry["undone"]]
            later = self._count_others(entries, self._first_undone)
            if later:
                raise ProjectError(_changed_since(later))
            for entry in entries:
                self._do_again(self._with_changes(entry))
            return len(entries)

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

    def _take_back(self, entry: Record) -> str:
        with sense(self._store.path):
            for change in reversed(json.loads(entry["changes"])):
                self._restore(change, change["before"])
        self._store.update("journal", entry["id"], {"undone": 1})
        return str(entry["name"])

    def _do_again(self, entry: Record) -> str:
        with sense(self._store.path):
            for change in json.loads(entry["changes"]):
                self._restore(change, change["after"])
        self._store.update("journal", entry["id"], {"undone": 0})
        return str(entry["name"])

    @staticmethod
    def _count_others(entries: list[Record], next_of: Callable[[int], Record | None]) -> int:
        """Count the steps that are not the one whose turn it is on their image."""
        turns = ((entry["id"], next_of(entry["image_id"])) for entry in entries)
        return sum(turn is None or turn["id"] != own for own, turn in turns)

    def _entries(self, batch_id: int) -> list[Record]:
        """Return the steps of a batch without their changes: those of all would fill the memory."""
        return self._store.rows(
            "SELECT id, image_id, name, undone FROM journal WHERE batch_id = ? ORDER BY id",
            (int(batch_id),),
        )

    def _with_changes(self, entry: Record) -> Record:
        changes = self._store.value("SELECT changes FROM journal WHERE id = ?", (entry["id"],))
        return {**entry, "changes": changes}

    def _images_of(self, batch_id: int) -> int:
        """Return how many images the steps of a batch were done to. Raises ProjectError."""
        images = self._store.value("SELECT images FROM batches WHERE id = ?", (int(batch_id),))
        if images is None:
            raise ProjectError(f"There is no change number {batch_id} of many images.")
        return int(images)

    def _whole(self, batch_id: int) -> list[Record]:
        """Return the steps of a batch; raise ProjectError when some are known no longer."""
        images, entries = self._images_of(batch_id), self._entries(batch_id)
        if len(entries) < images:
            raise ProjectError(_changed_since(images - len(entries)))
        return entries

    def _revert(self, entry: Record) -> tuple[bool, int]:
        """Take back an earlier step by a new one; tell whether it did, and what was kept."""
        kept = 0
        with (
            self.step(entry["image_id"], f"undo {entry['name']}", reverts=entry["id"]) as step,
            sense(self._store.path),
        ):
            for change in reversed(json.loads(entry["changes"])):
                kept += not step.revert(change)
        return bool(step.changes), kept

    def _keep(self, image_id: int, name: str, changes: list[Record], ties: Record) -> None:
        self._forget_undone(image_id)
        self._store.insert(
            "journal",
            {
                "image_id": image_id,
                "name": name,
                "changes": json.dumps(changes, ensure_ascii=False),
                "created": now(),
                **ties,
            },
        )
        self._store.run(
            """DELETE FROM journal WHERE image_id = ? AND undone = 0 AND id <= (
                SELECT id FROM journal WHERE image_id = ? AND undone = 0
                ORDER BY id DESC LIMIT 1 OFFSET ?)""",
            (image_id, image_id, self._kept()),
        )

    def _forget_undone(self, image_id: int) -> None:
        """Drop what cannot be done again any more; of a batch this image is then no part."""
        self._store.run(
            """UPDATE batches SET images = images - 1 WHERE id IN (
                SELECT batch_id FROM journal WHERE image_id = ? AND undone = 1)""",
            (image_id,),
        )
        self._store.run("DELETE FROM journal WHERE image_id = ? AND undone = 1", (image_id,))

    def _kept(self) -> int:
        """Return how many steps an image keeps; what is no positive number does not count."""
        text = self._store.value("SELECT value FROM settings WHERE key = ?", (KEPT_SETTING,))
        try:
            return max(1, int(json.loads(text))) if text is not None else KEPT
        except (ValueError, TypeError):
            return KEPT

    def _restore(self, change: Record, columns: Record | None) -> None:
        """Bring one row to the state `columns`; None means that it was not there.

        Raises ValueError, LookupError for nonsense.
        """
        table, row_id, _, _ = _checked(change)
        if columns is None:
            self._store.run(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        elif change["before"] is None or change["after"] is None:
            self._store.insert(table, {**columns, "id": row_id})
        else:
            self._store.update(table, row_id, columns)


def _checked(change: Record) -> tuple[str, int, Record | None, Record | None]:
    """Return table, id, columns before and after of a change.

    Names come from the file and may be a stranger's: raises ValueError unless they are names.
    """
    table, before, after = change["table"], change["before"], change["after"]
    if table not in _TABLES or not all(
        name.isidentifier() for columns in (before, after) for name in columns or ()
    ):
        raise ValueError(f"no step changes {table}")
    return table, change["id"], before, after


def _snapshot(store: Store, table: str, row_id: int) -> Record:
    record = store.row(f"SELECT * FROM {table} WHERE id = ?", (row_id,))
    if record is None:
        raise LookupError(f"no row {row_id} in {table}")
    return record


def _changed_since(count: int) -> str:
    images = "1 image was" if count == 1 else f"{count} images were"
    return f"{images} changed since; do again the steps there one by one."
