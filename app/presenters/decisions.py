"""What a person's decisions write: suggestions accepted or rejected, strokes drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.core.values import Provenance

if TYPE_CHECKING:
    from cascadeclip.core.project import Project


@dataclass(slots=True)
class Drawing:
    """Hold the annotation that strokes go to; the database lane fills in a new one's number.

    `suggestion` is accepted by the first stroke, which then corrects it.
    """

    image_id: int
    class_id: int
    annotation_id: int | None = None
    suggestion: Shape | None = None


def _rows(project: Project, image_id: int, shapes: list[Shape]) -> list[int]:
    wanted = {(shape.class_id, shape.rle) for shape in shapes}
    pending = project.suggestions.of_image(image_id)
    return [row.id for row in pending if (row.class_id, row.rle) in wanted]


def accept(project: Project, image_id: int, shapes: list[Shape]) -> None:
    """Accept the rows of `shapes` that are still pending, as one step."""
    numbers = _rows(project, image_id, shapes)
    if len(numbers) == 1:
        project.suggestions.accept(numbers[0])
    elif numbers:
        project.suggestions.accept_many(numbers)


def accept_as(project: Project, image_id: int, shape: Shape, class_id: int) -> None:
    """Accept the row of `shape` as another word, if it is still pending."""
    for number in _rows(project, image_id, [shape])[:1]:
        project.suggestions.accept(number, class_id=class_id)


def pending(project: Project, image_id: int, shape: Shape) -> int | None:
    """Return the number of the row of `shape`, None when it is not pending."""
    rows = _rows(project, image_id, [shape])
    return rows[0] if rows else None


def accept_one(project: Project, image_id: int, shape: Shape) -> int | None:
    """Accept the row of `shape` and return its mask's number, None when it is not pending."""
    number = pending(project, image_id, shape)
    return None if number is None else project.suggestions.accept(number).id


def reject(project: Project, image_id: int, shape: Shape) -> None:
    """Reject the row of `shape`, if it is still pending."""
    for number in _rows(project, image_id, [shape]):
        project.suggestions.reject(number)


def draw(project: Project, drawing: Drawing, stroke: FinishedStroke) -> None:
    """Write one stroke: a new annotation, a changed one, or none when nothing is left of it."""
    image = project.images.get(drawing.image_id)
    if drawing.suggestion is not None:
        drawing.annotation_id = accept_one(project, image.id, drawing.suggestion)
        drawing.suggestion = None
    if drawing.annotation_id is None:
        mask = np.zeros((image.height, image.width), np.bool_)
    else:
        mask = project.annotations.mask(drawing.annotation_id).copy()
    cutout = stroke.cutout
    height, width = cutout.pixels.shape
    part = mask[cutout.top : cutout.top + height, cutout.left : cutout.left + width]
    before = part.copy()
    part[cutout.pixels] = not stroke.erase
    if drawing.annotation_id is None:
        row = project.annotations.add(
            image.id, drawing.class_id, mask, provenance=Provenance(origin="drawn")
        )
        drawing.annotation_id = row.id
    elif not mask.any():
        project.annotations.delete(drawing.annotation_id)
        drawing.annotation_id = None
    elif not np.array_equal(before, part):
        project.annotations.edit(drawing.annotation_id, mask)
