"""The person's masks: each change is on the disk when the call returns, and can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project.classes import Classes
from cascadeclip.core.project.connection import Record, Store, now
from cascadeclip.core.project.images import Images
from cascadeclip.core.project.journal import Journal, Step
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

    def __init__(self, store: Store, journal: Journal, images: Images, classes: Classes) -> None:
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

        Raises MaskInvalid (other size, no pixel), ProjectError, VocabularyError.
        """
        rle = masks.encode(mask)
        image, word = self._images.get(image_id), self._classes.get(class_id)
        check_fits(rle, image)
        record = new_record(image.id, word.id, rle, provenance or Provenance())
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
                step.update("annotations", row.id, _edited(row, mask))
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
                step.update("annotations", row.id, _edited(row, parts[0]))
                made = [step.insert("annotations", _part(row, part)) for part in parts[1:]]
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
                step.update("annotations", rows[0].id, _edited(rows[0], whole))
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
                step.update("annotations", row.id, {"class_id": word.id, "updated": now()})
            return self.get(row.id)

    def delete(self, annotation_id: int) -> None:
        """Delete a mask; undo brings it back under the same id. Raises ProjectError."""
        with self._store.transaction():
            row = self.get(annotation_id)
            with self._journal.step(row.image_id, "delete mask") as step:
                step.delete("annotations", row.id)

    def merge(self, changes: Iterable[Merge], *, name: str) -> int:
        """Take out and add masks of many images, all or nothing; a step `name` for each image.

        Returns the number by which `Project.undo_batch` takes all of it back. When `changes`
        raises, nothing is changed. Raises MaskInvalid, ProjectError.
        """
        with self._journal.batch(name) as batch_id:
            for change in changes:
                image = self._images.get(change.image_id)
                with self._journal.step(image.id, name, batch_id=batch_id) as step:
                    _merge(step, image, change)
        return batch_id

    def of_image(self, image_id: int) -> list[AnnotationRow]:
        """Return the annotations of an image, the oldest first."""
        records = self._store.rows(
            "SELECT * FROM annotations WHERE image_id = ? ORDER BY id", (int(image_id),)
        )
        return [_row(record) for record in records]

    def get(self, annotation_id: int) -> AnnotationRow:
        """Return the annotation `annotation_id`. Raises ProjectError when there is none."""
        record = self._store.row("SELECT * FROM annotations WHERE id = ?", (int(annotation_id),))
        if record is None:
            raise ProjectError(f"Mask number {annotation_id} is no longer there; load it again.")
        return _row(record)

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


def check_fits(rle: Rle, image: ImageRow) -> None:
    """Raise MaskInvalid unless the mask has the image's size and at least one pixel."""
    if (rle.height, rle.width) != (image.height, image.width):
        raise MaskInvalid(
            f"A mask of {rle.width} x {rle.height} pixels does not fit {image.path},"
            f" which has {image.width} x {image.height}."
        )
    if masks.area(rle) == 0:
        raise MaskInvalid("The mask is empty; mark at least one pixel, or delete the mask.")


def new_record(
    image_id: int, class_id: int, rle: Rle, provenance: Provenance, *,
    suggestion_id: int | None = None,
) -> Record:  # fmt: skip
    """Return the columns of a new annotation."""
    time = now()
    return {
        "image_id": image_id,
        "class_id": class_id,
        **_shape(rle),
        "origin": provenance.origin,
        "suggestion_id": suggestion_id,
        "model_version": provenance.model_version,
        "phrases": json.dumps(provenance.phrases, ensure_ascii=False),
        "templates": json.dumps(provenance.templates, ensure_ascii=False),
        "score": provenance.score,
        "threshold": provenance.threshold,
        "author": provenance.author,
        "seconds": provenance.seconds,
        "edited_pixels": provenance.edited_pixels,
        "created": time,
        "updated": time,
    }


def read_rle(record: Record) -> Rle:
    """Return the mask of a row that has the columns height, width and counts."""
    return Rle(record["height"], record["width"], record["counts"].encode("ascii"))


def write_rle(rle: Rle) -> Record:
    """Return the columns that `read_rle` reads."""
    return {"height": rle.height, "width": rle.width, "counts": rle.counts.decode("ascii")}


def suggestion_record(suggestion: Suggestion, image_id: int, model_version: str) -> Record:
    """Return the columns of a new suggestion, pending."""
    return {
        "image_id": image_id,
        "class_id": int(suggestion.class_id),
        **write_rle(suggestion.rle),
        "score": float(suggestion.score),
        "threshold": float(suggestion.threshold),
        "phrases": json.dumps(suggestion.phrases, ensure_ascii=False),
        "templates": json.dumps(suggestion.templates, ensure_ascii=False),
        "model_version": model_version,
        "status": "pending",
        "created": now(),
    }


def check_suggestion(suggestion: Suggestion, image: ImageRow) -> None:
    """Raise MaskInvalid or ProjectError unless the suggestion fits the image and has a score."""
    check_fits(suggestion.rle, image)
    if not 0 <= suggestion.score <= 1:
        raise ProjectError(f"A score lies between 0 and 1, not at {suggestion.score}.")


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


def _edited(row: AnnotationRow, mask: NDArray[np.bool_]) -> Record:
    record = {**_shape(masks.encode(mask)), "updated": now()}
    if row.provenance.origin != "drawn":
        changed = int(np.count_nonzero(mask != masks.decode(row.rle)))
        record["edited_pixels"] = row.provenance.edited_pixels + changed
    return record


def _part(row: AnnotationRow, mask: NDArray[np.bool_]) -> Record:
    """Return a new annotation that was a part of another: what was cut away was edited."""
    record = new_record(row.image_id, row.class_id, masks.encode(mask), row.provenance)
    return record | {key: value for key, value in _edited(row, mask).items() if key != "updated"}


def _shape(rle: Rle) -> Record:
    x, y, width, height = masks.bbox(rle)
    return write_rle(rle) | {
        "area": masks.area(rle),
        "bbox_x": x,
        "bbox_y": y,
        "bbox_width": width,
        "bbox_height": height,
    }


def _row(record: Record) -> AnnotationRow:
    return AnnotationRow(
        id=record["id"],
        image_id=record["image_id"],
        class_id=record["class_id"],
        rle=read_rle(record),
        area=record["area"],
        bbox=(
            record["bbox_x"], record["bbox_y"], record["bbox_width"], record["bbox_height"]
        ),
        provenance=Provenance(
            origin=record["origin"],
            model_version=record["model_version"],
            phrases=tuple(json.loads(record["phrases"])),
            templates=tuple(json.loads(record["templates"])),
            score=record["score"],
            threshold=record["threshold"],
            author=record["author"],
            seconds=record["seconds"],
            edited_pixels=record["edited_pixels"],
        ),
        created=record["created"],
        updated=record["updated"],
    )  # fmt: skip
