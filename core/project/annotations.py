"""The person's masks: each change is on the disk when the call returns, and can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project.classes import Classes
from cascadeclip.core.project.connection import Record, Store, now
from cascadeclip.core.project.hand import Hand
from cascadeclip.core.project.images import Images
from cascadeclip.core.project.journal import Journal, Step
from cascadeclip.core.project.records import (
    annotation_row,
    check_fits,
    check_suggestion,
    new_record,
    shape,
    suggestion_record,
)
from cascadeclip.core.project.rows import AnnotationRow, ImageRow
from cascadeclip.core.values import Provenance, Rle, Suggestion

# The model version of suggestions that came from a file: nobody's model replaces them.
IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Merge:
    """Hold what an import does to one image: rows to take out, (word, mask) to add.

    `suggested` become suggestions that wait for somebody to decide, with `IMPORTED` as their
    model; `withdrawn` are pending ones to take out.
    """

    image_id: int
    removed: tuple[int, ...]
    added: tuple[tuple[int, Rle], ...]
    suggested: tuple[Suggestion, ...] = ()
    withdrawn: tuple[int, ...] = ()


class Annotations:
    """Add, correct, read and delete the annotations of one project."""

    def __init__(
        self, store: Store, journal: Journal, images: Images, classes: Classes, hand: Hand
    ) -> None:
        self._hand = hand
        self._store = store
        self._journal = journal
        self._images = images
        self._classes = classes

    def add(
        self,
        image_id: int,
        class_id: int,
        mask: NDArray[np.bool_],
        *,
        provenance: Provenance | None = None,
    ) -> AnnotationRow:
        """Add a mask, HxW bool in upright pixels of the image.

        Who made it and the seconds since the last change of an image that is looked at are
        recorded where `provenance` does not say. Raises MaskInvalid (other size, no pixel),
        ProjectError, VocabularyError.
        """
        rle = masks.encode(mask)
        image, word = self._images.get(image_id), self._classes.get(class_id)
        check_fits(rle, image)
        signed = self._hand.signed(provenance or Provenance(), image.id)
        record = new_record(image.id, word.id, rle, signed)
        with self._journal.step(image.id, "add mask") as step:
            row_id = step.insert("annotations", record)
        return self.get(row_id)

    def edit(self, annotation_id: int, mask: NDArray[np.bool_]) -> AnnotationRow:
        """Replace the pixels (HxW bool); where they came from stays known.

        Pixels changed by hand are added up in `edited_pixels` unless the mask was drawn from
        nothing. Raises MaskInvalid, ProjectError.
        """
        rle = masks.encode(mask)
        with self._store.transaction():
            row = self.get(annotation_id)
            check_fits(rle, self._images.get(row.image_id))
            if rle == row.rle:
                return row
            with self._journal.step(row.image_id, "edit mask") as step:
                step.update("annotations", row.id, self._edited(row, mask))
            return self.get(row.id)

    def split(self, annotation_id: int, parts: Sequence[NDArray[np.bool_]]) -> list[AnnotationRow]:
        """Make several masks of one, as one step; the first part keeps the id.

        The parts (HxW bool) must share no pixel and make up the whole; each keeps the word and
        the provenance. Raises MaskInvalid, ProjectError.
        """
        rles = [masks.encode(part) for part in parts]
        with self._store.transaction():
            row = self.get(annotation_id)
            for rle in rles:
                check_fits(rle, self._images.get(row.image_id))
            if len(parts) < 2 or not np.array_equal(np.sum(parts, axis=0), masks.decode(row.rle)):
                raise MaskInvalid("The parts of a mask are at least two and make it up exactly.")
            with self._journal.step(row.image_id, "split mask") as step:
                records = self._parts(row, parts)
                step.update("annotations", row.id, records[0])
                made = [step.insert("annotations", record) for record in records[1:]]
            return [self.get(row_id) for row_id in (row.id, *made)]

    def unite(self, ids: Sequence[int]) -> AnnotationRow:
        """Make one mask of several of the same image, as one step; the first keeps id and word.

        Raises ProjectError.
        """
        with self._store.transaction():
            rows = [self.get(row_id) for row_id in dict.fromkeys(map(int, ids))]
            if len(rows) < 2 or len({row.image_id for row in rows}) > 1:
                raise ProjectError("Choose at least two masks of the same image to merge them.")
            whole = np.any([masks.decode(row.rle) for row in rows], axis=0)
            with self._journal.step(rows[0].image_id, "merge masks") as step:
                spent = sum(row.provenance.seconds or 0 for row in rows[1:])
                step.update("annotations", rows[0].id, self._edited(rows[0], whole, spent=spent))
                for row in rows[1:]:
                    step.delete("annotations", row.id)
            return self.get(rows[0].id)

    def relabel(self, annotation_id: int, class_id: int) -> AnnotationRow:
        """Give a mask another word. Raises ProjectError, VocabularyError."""
        with self._store.transaction():
            row, word = self.get(annotation_id), self._classes.get(class_id)
            if row.class_id == word.id:
                return row
            with self._journal.step(row.image_id, "change word") as step:
                changed = {"class_id": word.id, "updated": now(), **self._spent(row)}
                step.update("annotations", row.id, changed)
            return self.get(row.id)

    def delete(self, annotation_id: int) -> None:
        """Delete a mask; undo brings it back under the same id. Raises ProjectError."""
        with self._store.transaction():
            row = self.get(annotation_id)
            with self._journal.step(row.image_id, "delete mask") as step:
                step.delete("annotations", row.id)

    def merge(self, changes: Iterable[Merge], *, name: str, source: str | None = None) -> int:
        """Take out and add masks of many images, all or nothing; a step `name` for each image.

        `source` is the file or folder they came from. Returns the number by which
        `Project.undo_batch` takes all of it back. When `changes` raises, nothing is changed. Raises
        MaskInvalid, ProjectError.
        """
        sums = {"added": 0, "removed": 0, "suggested": 0}
        with self._journal.batch(name) as batch_id:
            for change in changes:
                for key in sums:
                    sums[key] += len(getattr(change, key))
                image = self._images.get(change.image_id)
                with self._journal.step(image.id, name, batch_id=batch_id) as step:
                    _merge(step, image, change)
            self._store.update("batches", batch_id, {"source": source, **sums})
        return batch_id

    def of_image(self, image_id: int) -> list[AnnotationRow]:
        """Return the annotations of an image, the oldest first."""
        records = self._store.rows(
            "SELECT * FROM annotations WHERE image_id = ? ORDER BY id", (int(image_id),)
        )
        return self._store.made(annotation_row, records)

    def get(self, annotation_id: int) -> AnnotationRow:
        """Return the annotation `annotation_id`. Raises ProjectError when there is none."""
        record = self._store.row("SELECT * FROM annotations WHERE id = ?", (int(annotation_id),))
        if record is None:
            raise ProjectError(f"Mask number {annotation_id} is no longer there; load it again.")
        return self._store.made(annotation_row, [record])[0]

    def mask(self, annotation_id: int) -> NDArray[np.bool_]:
        """Return the mask as HxW bool, bit for bit what was put in. Raises ProjectError."""
        return masks.decode(self.get(annotation_id).rle)

    def used_classes(self) -> set[int]:
        """Return the ids of the words that any annotation has."""
        records = self._store.rows(
            "SELECT id FROM classes WHERE EXISTS"
            " (SELECT 1 FROM annotations WHERE class_id = classes.id)"
        )
        return {int(record["id"]) for record in records}

    def count(self) -> int:
        """Count the annotations of the whole project."""
        return int(self._store.value("SELECT count(*) FROM annotations"))

    def _edited(self, row: AnnotationRow, mask: NDArray[np.bool_], *, spent: float = 0) -> Record:
        """Return the columns that a changed mask changes; `spent` are seconds besides."""
        record = {**shape(masks.encode(mask)), "updated": now(), **self._spent(row, spent)}
        if row.provenance.origin != "drawn":
            changed = int(np.count_nonzero(mask != masks.decode(row.rle)))
            record["edited_pixels"] = row.provenance.edited_pixels + changed
        return record

    def _parts(self, row: AnnotationRow, parts: Sequence[NDArray[np.bool_]]) -> list[Record]:
        """Return what changes of the first part, and the whole columns of the others."""
        records = [self._edited(row, part) for part in parts]
        times = [record.get("seconds", row.provenance.seconds) for record in records]
        spent = next((time for time in times if time is not None), None)
        share = {} if spent is None else {"seconds": round(spent / len(parts), 2)}
        others = [
            new_record(row.image_id, row.class_id, masks.encode(part), row.provenance) | record
            for part, record in zip(parts[1:], records[1:], strict=True)
        ]
        return [record | share for record in (records[0], *others)]

    def _spent(self, row: AnnotationRow, besides: float = 0) -> Record:
        """Return the seconds of a mask with those just spent on it, nothing when none were."""
        seconds = self._hand.seconds(row.image_id)
        if seconds is None and not besides:
            return {}
        whole = (row.provenance.seconds or 0) + (seconds or 0) + besides
        return {"seconds": round(whole, 2)}


def _merge(step: Step, image: ImageRow, change: Merge) -> None:
    for row_id in change.removed:
        step.delete("annotations", row_id)
    for row_id in change.withdrawn:
        step.delete("suggestions", row_id)
    for class_id, rle in change.added:
        check_fits(rle, image)
        origin = Provenance(origin="imported")
        step.insert("annotations", new_record(image.id, class_id, rle, origin))
    for suggestion in change.suggested:
        check_suggestion(suggestion, image)
        step.insert("suggestions", suggestion_record(suggestion, image.id, IMPORTED))
