"""The project's side of a run: which images need it, and what was found written for good."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cascadeclip.core import masks
from cascadeclip.core.engine.looking import agreement
from cascadeclip.core.engine.prelabel.order import by_worth
from cascadeclip.core.engine.prelabel.values import Item, PrelabelResult, Recipe, here
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.project.hand import PROGRAM
from cascadeclip.core.sweep import SAME_REGION
from cascadeclip.core.templates import project_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cascadeclip.core.engine.prelabel.values import Outcome, Owner, Speaker
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.looks import Look
    from cascadeclip.core.project.rows import ImageRow, SuggestionRow

PAGE: Final = 200


@dataclass(slots=True)
class Tally:
    """Count what a run does; `total` images were to be done at its start."""

    total: int = 0
    images: int = 0
    suggestions: int = 0
    accepted: int = 0
    skipped: int = 0
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)
    reviewed: int = 0

    @property
    def done(self) -> int:
        """Return how many of `total` are through with, whatever came of them."""
        return self.images + len(self.failed) + self.reviewed

    def result(self, *, cancelled: bool) -> PrelabelResult:
        """Return the counts as they are now."""
        return PrelabelResult(
            images=self.images,
            suggestions=self.suggestions,
            accepted=self.accepted,
            failed=tuple(self.failed[number] for number in sorted(self.failed)),
            skipped=self.skipped + self.reviewed,
            cancelled=cancelled,
        )


def recipe_for(
    project: Project, speaker: Speaker, *, threshold: float, refine_edges: bool
) -> Recipe:
    """Return how `speaker` makes suggestions of the project's words now.

    Raises VocabularyError for a project without words to look for.
    """
    classes = project.classes.all()
    if all(one.negative for one in classes):
        msg = "The project has no words to look for; add some to its vocabulary first."
        raise VocabularyError(msg)
    return Recipe(
        version=speaker.version,
        settings=speaker.settings,
        words=tuple(one.word for one in classes),
        class_ids=tuple(one.id for one in classes),
        threshold=threshold,
        templates=project_templates(project),
        refine_edges=refine_edges,
    )


class Desk:
    """Hand out the images that need doing and take back what was found.

    Every image is one transaction: its suggestions and the mark of what they were made with, so
    that a run that was killed repeats nothing it has written. Images most worth a person's time
    come first (`by_worth`), then the rest in the order they were added. `owner` says where the
    database is touched.
    """

    def __init__(
        self,
        project: Project,
        recipe: Recipe,
        *,
        accept_above: float | None = None,
        include_reviewed: bool = False,
        owner: Owner = here,
    ) -> None:
        self._project, self._recipe, self._mark = project, recipe, recipe.mark
        self._accept_above, self._include_reviewed = accept_above, include_reviewed
        self._own = owner
        self.tally = Tally()

    @property
    def recipe(self) -> Recipe:
        """Return how the suggestions are made."""
        return self._recipe

    def count(self) -> int:
        """Count what is to be done, as the tally's `total`."""
        self.tally.total, every = self._own(
            lambda: (
                self._project.suggestions.count_unmarked(
                    self._mark, include_reviewed=self._include_reviewed
                ),
                self._project.images.count(),
            )
        )
        self.tally.skipped = every - self.tally.total - self.tally.done
        return self.tally.total

    def items(self) -> Iterator[Item]:
        """Yield what is to be done, a page of it in memory.

        With `accept_above`, suggestions of images that are done already are accepted on the way.
        """
        for row, is_marked in self._in_order():
            if not is_marked:
                yield self._item(row)
            elif self._wants(row):
                self._own(partial(self._accept, row.id))

    def _in_order(self) -> Iterator[tuple[ImageRow, bool]]:
        """Yield images that may matter, each with whether it is done."""
        first = by_worth(self._project, self._mark, self._own)
        for at in range(0, len(first), PAGE):
            some = first[at : at + PAGE]
            marked = partial(self._project.suggestions.marked_among, self._mark, some)
            yield from (pair for pair in self._own(marked) if self._wants(pair[0]))
        after, taken = 0, set(first)
        while page := self._own(partial(self._page, after)):
            yield from (pair for pair in page if pair[0].id not in taken)
            after = page[-1][0].id

    def take(self, outcome: Outcome) -> None:
        """Write what was found on one image, or remember why nothing was."""
        if outcome.failure:
            self.tally.failed[outcome.image_id] = (outcome.name, outcome.failure)
        else:
            self._own(partial(self._write, outcome))

    def has(self, image_id: int) -> bool:
        """Return whether the image's suggestions are of this recipe already."""
        page = self._own(
            lambda: self._project.suggestions.marked_page(self._mark, after=image_id - 1, limit=1)
        )
        return any(marked for row, marked in page if row.id == image_id)

    def _page(self, after: int) -> list[tuple[ImageRow, bool]]:
        """Return the next images with whether they are done; those only where they matter."""
        suggestions = self._project.suggestions
        if self._accept_above is not None:
            page = suggestions.marked_page(self._mark, after=after, limit=PAGE)
            return [(row, is_marked or not self._wants(row)) for row, is_marked in page]
        rows = suggestions.unmarked_page(
            self._mark, after=after, limit=PAGE, include_reviewed=self._include_reviewed
        )
        return [(row, False) for row in rows]

    def _wants(self, row: ImageRow) -> bool:
        return self._include_reviewed or row.status != "reviewed"

    def _item(self, row: ImageRow) -> Item:
        file = Path(os.path.normpath(self._project.folder / row.path))
        return Item(row.id, row.path, file, row.height, row.width)

    def _write(self, outcome: Outcome) -> None:
        if not self._wants(self._project.images.get(outcome.image_id)):
            self.tally.reviewed += 1  # meanwhile
            return
        self._project.suggestions.replace(
            outcome.image_id,
            outcome.suggestions,
            self._recipe.version,
            mark=self._mark,
            look=self._look(outcome),
        )
        self.tally.images += 1
        self.tally.suggestions += len(outcome.suggestions)
        # of its own: a kill in between leaves them pending, and the next run accepts them
        self._accept(outcome.image_id)

    def _look(self, outcome: Outcome) -> Look | None:
        """Say with the look how far what was found covers what people have marked."""
        if outcome.look is None:
            return None
        annotated = self._project.annotations.of_image(outcome.image_id)
        agrees = agreement(
            ((one.class_id, one.rle) for one in outcome.suggestions),
            ((one.class_id, one.rle) for one in annotated),
        )
        return replace(outcome.look, agreement=agrees)

    def _accept(self, image_id: int) -> None:
        least = self._accept_above
        if least is None:
            return
        pending = [
            one
            for one in self._project.suggestions.of_image(image_id)
            if one.score >= least and one.model_version == self._recipe.version
        ]
        fresh = [one.id for one in pending if self._is_new(one)]
        if fresh:
            self.tally.accepted += len(self._project.suggestions.accept_many(fresh, author=PROGRAM))

    def _is_new(self, suggestion: SuggestionRow) -> bool:
        return not any(
            one.class_id == suggestion.class_id
            and masks.iou(one.rle, suggestion.rle) >= SAME_REGION
            for one in self._project.annotations.of_image(suggestion.image_id)
        )
