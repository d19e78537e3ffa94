"""What the person said about each image, pixel by pixel, and nothing more.

A pixel is one of: a word, background ("reviewed" means that all there is has been marked), or
unknown, because nobody spoke about it. Unknown pixels teach nothing; they are not negatives, as
they would be in the released loss of Cascade-CLIP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cascadeclip.core import masks
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.values import Rle, Word

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

BACKGROUND = -1
UNKNOWN = -2

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


@dataclass(frozen=True, slots=True)
class Correction:
    """Hold what was said about one image; the pixels are decoded when asked for.

    `complete` images are reviewed: what is not marked is background.
    """

    image_id: int
    path: Path
    digest: str
    height: int
    width: int
    complete: bool
    marked: tuple[Piece, ...]
    rejected: tuple[Piece, ...]

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
        rejected = tuple((piece.word, masks.decode(piece.rle)) for piece in self.rejected)
        return Truth(labels, tuple(covered), rejected)


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
    """Read reviewed images, or, when none is marked so, images that have annotations.

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
    reviewed = project.images.count(status="reviewed")
    rows = project.images.page(
        offset=0, limit=max(1, project.images.count()), status="reviewed" if reviewed else None
    )
    images = tuple(_correction(project, row.id, index) for row in rows)
    if not reviewed:
        images = tuple(image for image in images if image.marked)
    if not any(piece.word >= 0 for image in images for piece in image.marked):
        raise TrainingFailed(
            "There is no mask to learn from; accept or draw some, then mark the images as reviewed."
        )
    source = "reviewed images" if reviewed else "images with annotations (none is marked reviewed)"
    return Corrections(words=words, images=images, source=source)


def _correction(project: Project, image_id: int, index: dict[int, int]) -> Correction:
    row = project.images.get(image_id)
    marked = sorted(project.annotations.of_image(image_id), key=lambda one: one.id)
    refused = project.suggestions.of_image(image_id, status="rejected")
    return Correction(
        image_id=image_id,
        path=project.images.absolute(image_id),
        digest=row.digest,
        height=row.height,
        width=row.width,
        complete=row.status == "reviewed",
        marked=tuple(Piece(index.get(one.class_id, BACKGROUND), one.rle) for one in marked),
        rejected=tuple(
            Piece(index[one.class_id], one.rle) for one in refused if one.class_id in index
        ),
    )


def _hidden(labels: Labels, mask: Mask) -> list[tuple[int, Mask]]:
    """Return the parts of other words that `mask` is about to cover."""
    words = np.unique(labels[mask])
    return [(int(word), mask & (labels == word)) for word in words if word >= 0]
