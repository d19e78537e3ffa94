"""Accept what models are sure of on all images at once, as one change that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from cascadeclip.core import masks

if TYPE_CHECKING:
    from cascadeclip.core.project import Project, SuggestionRow
    from cascadeclip.core.values import Rle

# Two masks of one word this alike (intersection over union) are the same thing.
SAME_REGION: Final = 0.5
Report = Callable[[int, int], None]
Check = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what would be accepted: a group of suggestion numbers for each image."""

    groups: tuple[tuple[int, ...], ...]

    @property
    def suggestions(self) -> int:
        """Count the suggestions."""
        return sum(map(len, self.groups))


class Stopped(Exception):  # noqa: N818 - no error: somebody wanted it
    """Say that accepting was stopped; nothing was changed."""


def find(project: Project, least: float, *, class_id: int | None = None) -> Found:
    """Find what models propose with a score of at least `least` (0..1), of all words or one.

    What a person has on the image already, or has turned down there, is left out, and so are
    reviewed images.
    """
    rows = project.suggestions.undecided(least, class_id=class_id)
    groups = (
        tuple(one.id for one in _new(project, image_id, tuple(some)))
        for image_id, some in groupby(rows, key=lambda row: row.image_id)
    )
    return Found(tuple(group for group in groups if group))


def accept(project: Project, found: Found, *, progress: Report, stopped: Check) -> int:
    """Accept what was found; return the number by which `Project.undo_batch` takes it back.

    Raises Stopped, and then nothing is changed; ProjectError when something was decided meanwhile.
    """

    def groups() -> Iterator[Sequence[int]]:
        for at, group in enumerate(found.groups):
            if stopped():
                raise Stopped
            progress(at, len(found.groups))
            yield group

    return project.suggestions.accept_across(groups())


def _new(project: Project, image_id: int, some: Sequence[SuggestionRow]) -> list[SuggestionRow]:
    known: list[tuple[int, Rle]] = [
        (row.class_id, row.rle) for row in project.annotations.of_image(image_id)
    ]
    turned_down = project.suggestions.of_image(image_id, status="rejected")
    known += [(row.class_id, row.rle) for row in turned_down]
    return [
        one
        for one in some
        if not any(
            class_id == one.class_id and masks.iou(rle, one.rle) >= SAME_REGION
            for class_id, rle in known
        )
    ]
