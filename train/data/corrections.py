"""What the person said about each image, pixel by pixel, and nothing more.

A pixel is one of: a word, background (of an image that is complete: all there is has been
marked), refused for one word, or unknown, because nobody spoke about it. Unknown pixels teach
nothing; they are not negatives, as they would be in the released loss of Cascade-CLIP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cascadeclip.core import masks
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.values import Rle, Word

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import ImageRow

BACKGROUND = -1
UNKNOWN = -2
REVIEWED_SETTING = "training.reviewed"
COMPLETE, PARTIAL = "complete", "partial"

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a region that is, or is not, the word with index `word` (-1: a word now hidden)."""

    word: int
    rle: Rle


@dataclass(frozen=True, slots=True)
class Truth:
    """Hold the pixels of one image.

    `labels` is HxW: the index of a word, BACKGROUND or UNKNOWN. `covered` are masks of words that
    lie under others, `rejected` masks where the person refused the word.
    """

    labels: Labels
    covered: tuple[tuple[int, Mask], ...]
    rejected: tuple[tuple[int, Mask], ...]

    def at(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> Truth:
        """Read the truth at these rows and columns of pixels; masks left empty are dropped."""
        cells = np.ix_(rows, columns)
        covered = ((word, mask[cells]) for word, mask in self.covered)
        rejected = ((word, mask[cells]) for word, mask in self.rejected)
        return Truth(
            self.labels[cells],
            tuple(pair for pair in covered if pair[1].any()),
            tuple(pair for pair in rejected if pair[1].any()),
        )

    def sampled(self, height: int, width: int) -> Truth:
        """Read the truth at the centres of height x width cells that fill the image."""
        high, wide = self.labels.shape
        rows = ((np.arange(height) + 0.5) * (high / height)).astype(np.intp)
        columns = ((np.arange(width) + 0.5) * (wide / width)).astype(np.intp)
        return self.at(rows, columns)


@dataclass(frozen=True, slots=True)
class Correction:
    """Hold what was said about one image; the pixels are decoded when asked for.

    In a `complete` image what is not marked is background. `marked` are the person's masks,
    `rejected` suggestions that were turned down, `offered` suggestions that were accepted: what
    the person has since taken away from one is not its word either.
    """

    image_id: int
    path: Path
    digest: str
    height: int
    width: int
    complete: bool
    marked: tuple[Piece, ...]
    rejected: tuple[Piece, ...]
    offered: tuple[Piece, ...] = ()

    def truth(self) -> Truth:
        """Decode the masks; later ones lie above earlier ones, as on the screen."""
        blank = BACKGROUND if self.complete else UNKNOWN
        labels = np.full((self.height, self.width), blank, dtype=np.int16)
        covered: list[tuple[int, Mask]] = []
        below = np.zeros(labels.shape, dtype=bool)
        for piece in self.marked:
            mask = masks.decode(piece.rle)
            if bool((below & mask).any()):
                covered += _hidden(labels, mask)
            labels[mask] = piece.word
            below |= mask
        rejected = [(piece.word, masks.decode(piece.rle)) for piece in self.rejected]
        return Truth(labels, tuple(covered), (*rejected, *self._taken_away()))

    def _taken_away(self) -> Iterator[tuple[int, Mask]]:
        """Yield what was accepted once and is in no mask of that word any more."""
        for piece in self.offered:
            mask = masks.decode(piece.rle)
            for other in self.marked:
                if other.word == piece.word:
                    mask &= ~masks.decode(other.rle)
            if mask.any():
                yield piece.word, mask


@dataclass(frozen=True, slots=True)
class Corrections:
    """Hold everything a project teaches: its words and its images; `source` says which images."""

    words: tuple[Word, ...]
    images: tuple[Correction, ...]
    source: str

    def of(self, digests: Sequence[str]) -> tuple[Correction, ...]:
        """Return the images with these digests, in the order of the project."""
        wanted = set(digests)
        return tuple(image for image in self.images if image.digest in wanted)

    def corrected(self, images: Sequence[Correction]) -> tuple[int, ...]:
        """Return the indices of the words that have a mask in `images`, ascending."""
        found = {piece.word for image in images for piece in image.marked if piece.word >= 0}
        return tuple(sorted(found))


def collect(project: Project) -> Corrections:
    """Read every image somebody spoke about: reviewed, with masks, or with rejected suggestions.

    A reviewed image is complete unless the project's setting `training.reviewed` is "partial";
    the setting `complete/ID` (true or false) says so for one image. All others are partly marked.
    Only reads the project. Raises TrainingFailed when there are no words or no masks.
    """
    classes = project.classes.all()
    if not classes:
        raise TrainingFailed("The project has no words yet; type some and correct a few images.")
    index = {row.id: place for place, row in enumerate(classes)}
    words = tuple(
        Word(row.name, tuple(row.phrases) or (row.name,), row.colour, negative=row.negative)
        for row in classes
    )
    images = tuple(_correction(project, row, index) for row in every_image(project))
    images = tuple(one for one in images if one.complete or one.marked or one.rejected)
    if not any(piece.word >= 0 for image in images for piece in image.marked):
        raise TrainingFailed(
            "There is no mask to learn from; accept or draw some, then mark the images as reviewed."
        )
    return Corrections(words=words, images=images, source=_source(images))


def _source(images: Sequence[Correction]) -> str:
    """Say which images these are, in words that follow their number."""
    complete = sum(image.complete for image in images)
    if complete == len(images):
        return "complete images"
    return f"images ({complete} complete, {len(images) - complete} partly marked)"


def _correction(project: Project, row: ImageRow, index: dict[int, int]) -> Correction:
    decided = project.suggestions.of_image(row.id, status=None)

    def pieces(status: str) -> tuple[Piece, ...]:
        some = (one for one in decided if one.status == status and one.class_id in index)
        return tuple(Piece(index[one.class_id], one.rle) for one in some)

    marked = sorted(project.annotations.of_image(row.id), key=lambda one: one.id)
    return Correction(
        image_id=row.id,
        path=project.images.absolute(row.id),
        digest=row.digest,
        height=row.height,
        width=row.width,
        complete=_complete(project, row),
        marked=tuple(Piece(index.get(one.class_id, BACKGROUND), one.rle) for one in marked),
        rejected=pieces("rejected"),
        offered=pieces("accepted"),
    )


def _complete(project: Project, row: ImageRow) -> bool:
    said = project.settings.get(f"complete/{row.id}")
    if isinstance(said, bool):
        return said
    whole = project.settings.get(REVIEWED_SETTING, COMPLETE) != PARTIAL
    return row.status == "reviewed" and whole


def _hidden(labels: Labels, mask: Mask) -> list[tuple[int, Mask]]:
    """Return the parts of other words that `mask` is about to cover."""
    words = np.unique(labels[mask])
    return [(int(word), mask & (labels == word)) for word in words if word >= 0]
