"""Suggest regions for all images of a project, one after the other, to be stopped at any time.

Reading the next file overlaps with inference. Each image's suggestions are written at once, then
a mark of what they were made with; a later run skips images whose mark says the same.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cascadeclip.core import masks
from cascadeclip.core.errors import CascadeClipError, ImageUnreadable, VocabularyError
from cascadeclip.core.images import open_image
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.regions import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.engine.engine import Engine
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import ImageRow, SuggestionRow

SAME_REGION: Final = 0.5
"""A suggestion that overlaps an annotation of its class this much (IoU) says nothing new."""


@dataclass(frozen=True, slots=True)
class PrelabelResult:
    """Hold what a run did.

    `images` were suggested for, with `suggestions` in all; `accepted` became annotations;
    `failed` lists (path, reason); `skipped` were done before or reviewed; `cancelled` says that
    the run was stopped before the last image.
    """

    images: int
    suggestions: int
    accepted: int
    failed: tuple[tuple[str, str], ...]
    skipped: int = 0
    cancelled: bool = False


@dataclass(slots=True)
class _Tally:
    images: int = 0
    suggestions: int = 0
    accepted: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def result(self, *, cancelled: bool) -> PrelabelResult:
        return PrelabelResult(
            images=self.images,
            suggestions=self.suggestions,
            accepted=self.accepted,
            failed=tuple(self.failed),
            skipped=self.skipped,
            cancelled=cancelled,
        )


def prelabel(
    project: Project,
    engine: Engine,
    *,
    threshold: float,
    accept_above: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    include_reviewed: bool = False,
    refine_edges: bool = True,
) -> PrelabelResult:
    """Write suggestions for every image that lacks those of this model, vocabulary and threshold.

    Reviewed images are left out unless `include_reviewed`. With `accept_above`, pending
    suggestions of at least that score become annotations, unless one of the same class already
    lies there; annotations are never changed. `progress(done, total)` is called after every
    image, `stopped()` asked before each. A file that cannot be read is listed in the result and
    does not end the run. Raise VocabularyError for a project without words to look for.
    """
    batch = _Batch(
        project,
        engine,
        threshold=threshold,
        accept_above=accept_above,
        include_reviewed=include_reviewed,
        refine_edges=refine_edges,
    )
    tally, total = _Tally(), project.images.count()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-image") as reader:
        for done, job in enumerate(_read_ahead(batch, reader), 1):
            if stopped is not None and stopped():
                reader.shutdown(cancel_futures=True)
                return tally.result(cancelled=True)
            try:
                batch.take(job, tally)
            except (CascadeClipError, OSError) as problem:
                tally.failed.append((job.row.path, str(problem)))
            if progress is not None:
                progress(done, total)
    return tally.result(cancelled=False)


@dataclass(frozen=True, slots=True)
class _Job:
    """Hold an image and its pixels on their way; None where there is nothing to suggest."""

    row: ImageRow
    pixels: Future[NDArray[np.uint8]] | None


class _Batch:
    """Hold what stays the same over a run: the words, and the mark of how regions are made."""

    def __init__(
        self,
        project: Project,
        engine: Engine,
        *,
        threshold: float,
        accept_above: float | None,
        include_reviewed: bool,
        refine_edges: bool,
    ) -> None:
        self.project = project
        self.engine = engine
        self.threshold = threshold
        self.accept_above = accept_above
        self.include_reviewed = include_reviewed
        self.refine_edges = refine_edges
        classes = project.classes.all()
        self.words = tuple(one.word for one in classes)
        self.class_ids = [one.id for one in classes]
        if all(word.negative for word in self.words):
            msg = "The project has no words to look for; add some to its vocabulary first."
            raise VocabularyError(msg)
        self.mark = self._fingerprint()

    def is_done(self, image_id: int) -> bool:
        """Return whether the image's suggestions were made by just this run's means.

        The window may have replaced them since the mark was set: then they tell.
        """
        if self.project.settings.get(_mark_key(image_id)) != self.mark:
            return False
        return all(
            one.model_version == self.engine.version and one.threshold == self.threshold
            for one in self.project.suggestions.of_image(image_id)
        )

    def wants(self, row: ImageRow) -> bool:
        """Return whether the run may touch the image at all."""
        return self.include_reviewed or row.status != "reviewed"

    def take(self, job: _Job, tally: _Tally) -> None:
        """Suggest for one image where there is need, then accept what was asked."""
        row = self.project.images.get(job.row.id)  # it may have been reviewed meanwhile
        if job.pixels is None or not self.wants(row):
            tally.skipped += 1
        else:
            tally.suggestions += self._suggest(row, job.pixels.result())
            tally.images += 1
        if self.accept_above is not None and self.wants(row):
            tally.accepted += self._accept(row.id, self.accept_above)

    def _suggest(self, row: ImageRow, image: NDArray[np.uint8]) -> int:
        if image.shape[:2] != (row.height, row.width):
            msg = f"{row.path} has changed its size since it was added; add it again."
            raise ImageUnreadable(msg)
        maps = self.engine.scores(self.engine.encode(image, row.digest), self.words)
        guide = image if self.refine_edges else None
        found = suggest(maps, self.class_ids, threshold=self.threshold, image=guide)
        self.project.suggestions.replace(row.id, found, self.engine.version)
        # after the suggestions: a kill in between repeats the image and loses nothing
        self.project.settings.set(_mark_key(row.id), self.mark)
        return len(found)

    def _accept(self, image_id: int, least: float) -> int:
        pending = [one for one in self.project.suggestions.of_image(image_id) if one.score >= least]
        fresh = [one.id for one in pending if self._is_new(one)]
        return len(self.project.suggestions.accept_many(fresh)) if fresh else 0

    def _is_new(self, suggestion: SuggestionRow) -> bool:
        return not any(
            one.class_id == suggestion.class_id
            and masks.iou(one.rle, suggestion.rle) >= SAME_REGION
            for one in self.project.annotations.of_image(suggestion.image_id)
        )

    def _fingerprint(self) -> str:
        means = {
            "model": self.engine.version,
            "settings": repr(self.engine.settings),
            "words": [
                [class_id, *sorted(word.phrases), word.negative]
                for class_id, word in zip(self.class_ids, self.words, strict=True)
            ],
            "threshold": self.threshold,
            "refine": self.refine_edges,
        }
        return hashlib.sha256(json.dumps(means, sort_keys=True).encode()).hexdigest()[:16]


def _mark_key(image_id: int) -> str:
    return f"prelabel/{image_id}"


def _read_ahead(batch: _Batch, reader: ThreadPoolExecutor) -> Iterator[_Job]:
    """Yield a job for every image, the pixels of the next one already being read."""
    waiting: _Job | None = None
    for row in every_image(batch.project):
        pixels = None
        if batch.wants(row) and not batch.is_done(row.id):
            pixels = reader.submit(open_image, batch.project.images.absolute(row.id))
        if waiting is not None:
            yield waiting
        waiting = _Job(row, pixels)
    if waiting is not None:
        yield waiting
