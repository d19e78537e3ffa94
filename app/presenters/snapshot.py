"""Read what the database holds about one image, as shapes ready to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out
from cascadeclip.core.values import Rle, Suggestion

if TYPE_CHECKING:
    from cascadeclip.core.project import AnnotationRow, ClassRow, Project, SuggestionRow

# Two masks this alike (share of the smaller one covered) are the same thing to a person.
SAME = 0.8
UNKNOWN_COLOUR = "#8a8a8a"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold an image's shapes and whether its last step can be undone or redone."""

    image_id: int
    annotations: tuple[Shape, ...]
    suggestions: tuple[Shape, ...]
    rejected: tuple[Shape, ...]
    can_undo: bool
    can_redo: bool


def read_snapshot(project: Project, image_id: int) -> Snapshot:
    """Read annotations and pending suggestions of an image; call it on the database lane."""
    words = {word.id: word for word in project.classes.all(include_hidden=True)}
    # A word taken out of the vocabulary keeps its rows, but nobody is asked about them any more.
    asked = {word.id for word in project.classes.all()}
    pending = project.suggestions.of_image(image_id)
    rejected = project.suggestions.of_image(image_id, status="rejected")
    return Snapshot(
        image_id,
        tuple(_settled(row, words) for row in project.annotations.of_image(image_id)),
        tuple(_pending(row, words) for row in pending if row.class_id in asked),
        tuple(_pending(row, words) for row in rejected),
        project.can_undo(image_id),
        project.can_redo(image_id),
    )


def shapes_of(suggestions: Sequence[Suggestion], words: Sequence[ClassRow]) -> tuple[Shape, ...]:
    """Turn what the model proposes into shapes without a row yet."""
    known = {word.id: word for word in words}
    return tuple(
        _shape(Kind.SUGGESTION, item.class_id, item.rle, known, score=item.score)
        for item in suggestions
    )


def worth_showing(
    shapes: Sequence[Shape],
    annotations: Sequence[Shape],
    rejected: Sequence[Shape],
) -> tuple[Shape, ...]:
    """Leave out what the person has already accepted, drawn or turned down."""
    return tuple(
        shape
        for shape in shapes
        if not any(_alike(shape, other) for other in rejected)
        and not any(_covered(shape, other) for other in annotations)
    )


def _covered(shape: Shape, other: Shape) -> bool:
    return other.class_id == shape.class_id and overlap(shape, other) >= SAME * shape.cutout.area


def _alike(shape: Shape, other: Shape) -> bool:
    larger = max(shape.cutout.area, other.cutout.area)
    return other.class_id == shape.class_id and overlap(shape, other) >= SAME * larger


def overlap(first: Shape, second: Shape) -> int:
    """Count the pixels two shapes of one image share."""
    return first.cutout.overlap(second.cutout)


def _settled(row: AnnotationRow, words: dict[int, ClassRow]) -> Shape:
    score = row.provenance.score
    return _shape(Kind.ANNOTATION, row.class_id, row.rle, words, score=score, row_id=row.id)


def _pending(row: SuggestionRow, words: dict[int, ClassRow]) -> Shape:
    return _shape(Kind.SUGGESTION, row.class_id, row.rle, words, score=row.score, row_id=row.id)


def _shape(
    kind: Kind,
    class_id: int,
    rle: Rle,
    words: dict[int, ClassRow],
    *,
    score: float | None = None,
    row_id: int | None = None,
) -> Shape:
    word = words.get(class_id)
    name, colour = (word.name, word.colour) if word else ("?", UNKNOWN_COLOUR)
    return Shape(kind, class_id, name, colour, rle, cut_out(rle), score, row_id)
