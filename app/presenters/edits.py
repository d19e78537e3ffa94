"""What tools write: every function is one step to undo, and runs on the database lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.presenters import decisions
from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.shaping import operations
from cascadeclip.core.shaping import part as parts
from cascadeclip.core.shaping.part import Part
from cascadeclip.core.values import Provenance, Rle

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

Change = Callable[[Part, int, int], Part]


@dataclass(frozen=True, slots=True)
class Copied:
    """Hold a mask that was copied, with its word."""

    class_id: int
    rle: Rle


def add(project: Project, image_id: int, class_id: int, part: Part, *, spare: bool) -> int:
    """Add a mask and return its number; with `spare` without pixels that other masks have.

    Raises MaskInvalid when nothing is left of it.
    """
    image = project.images.get(image_id)
    if spare:
        part = operations.subtract(part, others(project, image_id))
        if not part.area:
            raise MaskInvalid("Other masks have all of this already; let masks overlap, or erase.")
    rle = parts.packed(part, image.height, image.width)
    drawn = Provenance(origin="drawn")
    return project.annotations.add(image.id, class_id, masks.decode(rle), provenance=drawn).id


def correct(
    project: Project, image_id: int, shape: Shape, part: Part, *, spare: bool
) -> int | None:
    """Accept a suggestion with these pixels, or add them where it is not pending any more."""
    number = decisions.pending(project, image_id, shape)
    if number is None:
        return add(project, image_id, shape.class_id, part, spare=spare) if part.area else None
    if spare:
        part = operations.subtract(part, others(project, image_id))
    if not part.area:
        project.suggestions.reject(number)
        return None
    rle = parts.packed(part, shape.rle.height, shape.rle.width)
    return project.suggestions.correct(number, masks.decode(rle)).id


def edit(
    project: Project, annotation_id: int, change: Change, *, spare: bool = False
) -> int | None:
    """Change the pixels of a mask and return its number; what nothing is left of is deleted.

    With `spare` it gains no pixel that other masks have.
    """
    row = project.annotations.get(annotation_id)
    before = parts.of(row.rle)
    after = change(before, row.rle.height, row.rle.width)
    if spare:
        gained = operations.subtract(after, [before, *others(project, row.image_id, row.id)])
        kept = operations.subtract(after, [operations.subtract(after, [before])])
        after = operations.unite([kept, gained])
    if not after.area:
        project.annotations.delete(row.id)
        return None
    rle = parts.packed(after, row.rle.height, row.rle.width)
    project.annotations.edit(row.id, masks.decode(rle))
    return row.id


def split(project: Project, annotation_id: int, pieces: Callable[[Part], Sequence[Part]]) -> int:
    """Make several masks of one and return how many."""
    row = project.annotations.get(annotation_id)
    found = pieces(parts.of(row.rle))
    if len(found) > 1:
        whole = (0, 0, row.rle.height, row.rle.width)
        project.annotations.split(row.id, [one.on(whole) for one in found])
    return len(found)


def subtract(project: Project, annotation_id: int, taken: Sequence[int]) -> int | None:
    """Take the pixels of some masks away from another one."""
    away = [parts.of(project.annotations.get(number).rle) for number in taken]
    return edit(project, annotation_id, lambda part, *_: operations.subtract(part, away))


def paste(project: Project, image_id: int, copied: Copied, shift: int, *, spare: bool) -> int:
    """Add a copied mask, moved right and down by `shift` pixels, cut where the image ends."""
    image = project.images.get(image_id)
    part = parts.of(copied.rle)
    moved = Part(part.top + shift, part.left + shift, part.pixels)
    top, left, bottom, right = moved.box
    inside = (top, left, min(bottom, image.height), min(right, image.width))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        raise MaskInvalid("The copied mask lies outside this image.")
    cut = Part(inside[0], inside[1], moved.on(inside))
    return add(project, image_id, copied.class_id, cut, spare=spare)


def others(project: Project, image_id: int, but: int | None = None) -> list[Part]:
    """Return the masks of an image, one of them left out."""
    rows = project.annotations.of_image(image_id)
    return [parts.of(row.rle) for row in rows if row.id != but]
