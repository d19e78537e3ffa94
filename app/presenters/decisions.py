"""What a person's decisions write: suggestions accepted or rejected, strokes drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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


def reject(project: Project, image_id: int, shape: Shape) -> None:
    """Reject the row of `shape`, if it is still pending."""
    for number in _rows(project, image_id, [shape]):
        project.suggestions.reject(number)


def draw(project: Project, drawing: Drawing, stroke: FinishedStroke) -> None:
    """Write one stroke as one step: a new annotation, a changed one, or none when nothing is left.

    The first stroke on a suggestion accepts it as the stroke leaves it, or rejects it.
    """
    image = project.images.get(drawing.image_id)
    shape, drawing.suggestion = drawing.suggestion, None
    waiting = None if shape is None else pending(project, image.id, shape)
    if waiting is not None:
        before = project.suggestions.mask(waiting)
    elif drawing.annotation_id is not None:
        before = project.annotations.mask(drawing.annotation_id)
    else:
        before = np.zeros((image.height, image.width), np.bool_)
    after = _painted(before, stroke)
    if waiting is not None:
        drawing.annotation_id = _correct(project, waiting, after)
    elif drawing.annotation_id is None:
        row = project.annotations.add(
            image.id, drawing.class_id, after, provenance=Provenance(origin="drawn")
        )
        drawing.annotation_id = row.id
    elif not after.any():
        project.annotations.delete(drawing.annotation_id)
        drawing.annotation_id = None
    elif not np.array_equal(before, after):
        project.annotations.edit(drawing.annotation_id, after)


def _painted(mask: NDArray[np.bool_], stroke: FinishedStroke) -> NDArray[np.bool_]:
    cutout, after = stroke.cutout, mask.copy()
    rows = slice(cutout.top, cutout.top + cutout.height)
    part = after[rows, cutout.left : cutout.left + cutout.width]
    part[cutout.pixels] = not stroke.erase
    return after


def _correct(project: Project, suggestion_id: int, mask: NDArray[np.bool_]) -> int | None:
    if mask.any():
        return project.suggestions.correct(suggestion_id, mask).id
    project.suggestions.reject(suggestion_id)
    return None
