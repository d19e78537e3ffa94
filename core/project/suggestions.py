"""What models proposed, apart from what people decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.annotations import IMPORTED, Annotations
from cascadeclip.core.project.classes import Classes
from cascadeclip.core.project.connection import Record, Store, now
from cascadeclip.core.project.hand import Hand
from cascadeclip.core.project.images import Images
from cascadeclip.core.project.journal import Journal, Step
from cascadeclip.core.project.looks import MARK_DIGITS, MARKED, Look, Looks
from cascadeclip.core.project.records import (
    check_fits,
    check_suggestion,
    new_record,
    read_rle,
    suggestion_record,
)
from cascadeclip.core.project.rows import AnnotationRow, ImageRow, SuggestionRow
from cascadeclip.core.values import Provenance, Suggestion

STATUSES = ("pending", "accepted", "rejected")

_COLUMNS = ", ".join(one.name for one in fields(ImageRow))


class Suggestions:
    """Replace, list and decide the suggestions of one project."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        images: Images,
        classes: Classes,
        annotations: Annotations,
        hand: Hand,
        looks: Looks,
    ) -> None:
        self._looks = looks
        self._hand = hand
        self._store = store
        self._journal = journal
        self._images = images
        self._classes = classes
        self._annotations = annotations

    def replace(
        self,
        image_id: int,
        suggestions: Sequence[Suggestion],
        model_version: str,
        *,
        mark: str = "",
        look: Look | None = None,
    ) -> list[SuggestionRow]:
        """Put these suggestions in the place of the image's undecided ones; return their rows.

        Decided ones stay for statistics, imported ones until somebody decides; annotations are
        never touched. `mark` names the means they were made with, for `marked_page`; without one
        the image has no mark any more. `look` is what the model made of the whole image. Raises
        MaskInvalid (size, damaged, empty), ProjectError, VocabularyError; then nothing is changed.
        """
        image = self._images.get(image_id)
        for suggestion in suggestions:
            check_suggestion(suggestion, image)
        with self._store.transaction():
            for class_id in {suggestion.class_id for suggestion in suggestions}:
                self._classes.get(class_id)
            self._store.run(
                "DELETE FROM suggestions WHERE image_id = ? AND status = 'pending'"
                " AND model_version != ?",
                (image.id, IMPORTED),
            )
            for suggestion in suggestions:
                self._store.insert(
                    "suggestions", suggestion_record(suggestion, image.id, model_version)
                )
            self._set_mark(image, mark)
            if look is not None:
                self._looks.put(image.id, look)
            records = self._store.rows(
                "SELECT * FROM suggestions WHERE image_id = ? AND status = 'pending'"
                " AND model_version != ? ORDER BY id",
                (image.id, IMPORTED),
            )
            return self._store.made(_row, records)

    def of_image(self, image_id: int, *, status: str | None = "pending") -> list[SuggestionRow]:
        """Return the suggestions of an image in the order they were given.

        `status` is "pending", "accepted", "rejected" or None for all. Undecided ones of words that
        left the vocabulary are not listed; they come back with the word.
        """
        _check_status(status)
        records = self._store.rows(
            """SELECT suggestions.* FROM suggestions JOIN classes ON classes.id = class_id
            WHERE image_id = ? AND (status = ? OR ? IS NULL)
                AND (active = 1 OR status != 'pending') ORDER BY suggestions.id""",
            (int(image_id), status, status),
        )
        return self._store.made(_row, records)

    def marked_page(self, mark: str, *, after: int, limit: int) -> list[tuple[ImageRow, bool]]:
        """Return the `limit` images that follow the image number `after`, in order of id.

        Each comes with whether its suggestions were made with `mark`, of the file as it is now.
        """
        records = self._store.rows(
            f"""SELECT {_COLUMNS}, {MARKED} AS marked FROM images
            WHERE id > ? ORDER BY id LIMIT ?""",
            (mark, int(after), int(limit)),
        )
        marked = [bool(record.pop("marked")) for record in records]
        return [(ImageRow(**record), one) for record, one in zip(records, marked, strict=True)]

    def marked_among(self, mark: str, ids: Sequence[int]) -> list[tuple[ImageRow, bool]]:
        """Return these images in the order given, as `marked_page`; those that are gone are not."""
        records = self._store.rows(
            f"""SELECT {_COLUMNS}, {MARKED} AS marked FROM images
            WHERE id IN (SELECT value FROM json_each(?))""",
            (mark, json.dumps([int(one) for one in ids])),
        )
        found = {record["id"]: record for record in records}
        there = [found[one] for one in ids if one in found]
        marked = [bool(record.pop("marked")) for record in there]
        return [(ImageRow(**record), one) for record, one in zip(there, marked, strict=True)]

    def unmarked_page(
        self, mark: str, *, after: int, limit: int, include_reviewed: bool
    ) -> list[ImageRow]:
        """Return the next `limit` images after number `after` whose suggestions lack `mark`."""
        records = self._store.rows(
            f"""SELECT {_COLUMNS} FROM images WHERE id > ? AND NOT {MARKED}
            AND (? OR status != 'reviewed') ORDER BY id LIMIT ?""",
            (int(after), mark, int(include_reviewed), int(limit)),
        )
        return [ImageRow(**record) for record in records]

    def count_unmarked(self, mark: str, *, include_reviewed: bool) -> int:
        """Count the images whose suggestions were not made with `mark`."""
        return int(
            self._store.value(
                f"""SELECT count(*) FROM images
                WHERE NOT {MARKED} AND (? OR status != 'reviewed')""",
                (mark, int(include_reviewed)),
            )
        )

    def count(self, *, status: str | None = None) -> int:
        """Count the suggestions of the whole project, all or those with a status."""
        _check_status(status)
        column = "suggested" if status is None else status
        return int(self._store.value(f"SELECT total({column}) FROM suggestion_counts"))

    def get(self, suggestion_id: int) -> SuggestionRow:
        """Return the suggestion `suggestion_id`. Raises ProjectError when there is none."""
        record = self._store.row("SELECT * FROM suggestions WHERE id = ?", (int(suggestion_id),))
        if record is None:
            raise ProjectError(
                f"Suggestion number {suggestion_id} was replaced by newer ones; load them again."
            )
        return self._store.made(_row, [record])[0]

    def accept(self, suggestion_id: int, *, class_id: int | None = None) -> AnnotationRow:
        """Make an annotation of a pending suggestion, with its provenance, as one step.

        With `class_id` the mask gets that word instead of the one it was suggested for. Raises
        ProjectError, VocabularyError.
        """
        with self._store.transaction():
            if class_id is None:
                return self.accept_many([suggestion_id])[0]
            row, word = self._pending(suggestion_id), self._classes.get(class_id)
            with self._journal.step(row.image_id, f"accept suggestion as {word.name}") as step:
                signed = self._hand.signed(Provenance("accepted"), row.image_id)
                made = _accept(step, replace(row, class_id=word.id), signed)
            return self._annotations.get(made)

    def correct(self, suggestion_id: int, mask: NDArray[np.bool_]) -> AnnotationRow:
        """Accept a pending suggestion with other pixels (HxW bool) than its own, as one step.

        How many differ is counted in `edited_pixels`. Raises MaskInvalid, ProjectError.
        """
        rle = masks.encode(mask)
        with self._store.transaction():
            row = self._pending(suggestion_id)
            check_fits(rle, self._images.get(row.image_id))
            changed = int(np.count_nonzero(mask != masks.decode(row.rle)))
            with self._journal.step(row.image_id, "correct suggestion") as step:
                signed = self._hand.signed(
                    Provenance("accepted", edited_pixels=changed), row.image_id
                )
                made = _accept(step, replace(row, rle=rle), signed)
            return self._annotations.get(made)

    def undecided(self, least: float, *, class_id: int | None = None) -> list[SuggestionRow]:
        """Return what models proposed with a score of at least `least` (0..1), ordered by image.

        Of every word of the vocabulary or of one; reviewed images and what was imported are left
        out.
        """
        records = self._store.rows(
            """SELECT suggestions.* FROM suggestions JOIN classes ON classes.id = class_id
            JOIN images ON images.id = image_id
            WHERE suggestions.status = 'pending' AND score >= ? AND active = 1
                AND (class_id = ? OR ? IS NULL) AND model_version != ?
                AND images.status != 'reviewed' ORDER BY image_id, suggestions.id""",
            (float(least), class_id, class_id, IMPORTED),
        )
        return self._store.made(_row, records)

    def accept_across(self, groups: Iterable[Sequence[int]]) -> int:
        """Accept pending suggestions, a group for each image, all or nothing.

        Returns the number by which `Project.undo_batch` takes all of it back. When `groups`
        raises, nothing is changed. Raises ProjectError as `accept_many` does.
        """
        with self._journal.batch("accept suggestions") as batch_id:
            for ids in groups:
                self.accept_many(ids, batch_id=batch_id)
        return batch_id

    def accept_many(
        self, ids: Sequence[int], *, author: str | None = None, batch_id: int | None = None
    ) -> list[AnnotationRow]:
        """Accept pending suggestions, all or none; one undo step per image.

        Without an `author` the person here accepts them, in the time since the last change;
        what accepts by itself gives `hand.PROGRAM`. `batch_id` ties the steps to those of other
        images. Returns the annotations in the order of `ids`.
        Raises ProjectError when one of them is decided already or no longer there.
        """
        made: dict[int, int] = {}
        with self._store.transaction():
            rows = sorted(
                (self._pending(row_id) for row_id in dict.fromkeys(map(int, ids))),
                key=lambda row: row.image_id,
            )
            for image_id, group in groupby(rows, key=lambda row: row.image_id):
                chosen = list(group)
                name = "accept suggestion"
                if len(chosen) > 1:
                    name = f"accept {len(chosen)} suggestions"
                with self._journal.step(image_id, name, batch_id=batch_id) as step:
                    signed = self._hand.signed(
                        Provenance("accepted", author=author), image_id, share=len(chosen)
                    )
                    for row in chosen:
                        made[row.id] = _accept(step, row, signed)
            return [self._annotations.get(made[int(row_id)]) for row_id in ids]

    def reject(self, suggestion_id: int) -> None:
        """Turn a pending suggestion down; can be undone. Raises ProjectError."""
        with self._store.transaction():
            row = self._pending(suggestion_id)
            with self._journal.step(row.image_id, "reject suggestion") as step:
                step.update("suggestions", row.id, {"status": "rejected", "decided": now()})

    def mask(self, suggestion_id: int) -> NDArray[np.bool_]:
        """Return the region as HxW bool. Raises ProjectError."""
        return masks.decode(self.get(suggestion_id).rle)

    def _set_mark(self, image: ImageRow, mark: str) -> None:
        value = f"{mark}/{image.digest[:MARK_DIGITS]}" if mark else None
        self._store.update("images", image.id, {"suggested_with": value})

    def _pending(self, suggestion_id: int) -> SuggestionRow:
        row = self.get(suggestion_id)
        if row.status != "pending":
            raise ProjectError(
                f"Suggestion number {row.id} is {row.status} already; undo that first."
            )
        return row


def _accept(step: Step, row: SuggestionRow, signed: Provenance) -> int:
    provenance = replace(
        signed,
        model_version=row.model_version,
        phrases=row.phrases,
        templates=row.templates,
        score=row.score,
        threshold=row.threshold,
    )
    step.update("suggestions", row.id, {"status": "accepted", "decided": now()})
    return step.insert(
        "annotations",
        new_record(row.image_id, row.class_id, row.rle, provenance, suggestion_id=row.id),
    )


def _check_status(status: str | None) -> None:
    if status is not None and status not in STATUSES:
        raise ProjectError(f'A suggestion is one of {", ".join(STATUSES)}, not "{status}".')


def _row(record: Record) -> SuggestionRow:
    return SuggestionRow(
        id=record["id"],
        image_id=record["image_id"],
        class_id=record["class_id"],
        rle=read_rle(record),
        score=record["score"],
        threshold=record["threshold"],
        phrases=tuple(json.loads(record["phrases"])),
        templates=tuple(json.loads(record["templates"])),
        model_version=record["model_version"],
        status=record["status"],
    )
