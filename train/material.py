"""What a run learns from, chooses on and measures on: read once, before any network is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.errors import CascadeClipError, TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.project.paging import every_image
from cascadeclip.train.data.alike import fingerprint, group_alike
from cascadeclip.train.data.corrections import Correction, Corrections, collect
from cascadeclip.train.data.split import Split, split_images, validation_part
from cascadeclip.train.evaluate import threshold_of
from cascadeclip.train.events import Collected, Emit, Phase

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.values import Word

SPLIT_SETTING = "training.split"
UNTOUCHED = 8
"""So many images nobody spoke about hold the old answers in place, and as many watch them."""


@dataclass(frozen=True, slots=True)
class Material:
    """Hold the corrections of a project and the side each image stands on.

    `rehearsed` are untouched images on which the parent's answers are kept while training,
    `watched` others on which parent and child are compared afterwards; `prints` the fingerprints
    by digest.
    """

    corrections: Corrections
    split: Split
    fit: tuple[Correction, ...]
    choose: tuple[Correction, ...]
    held_out: tuple[Correction, ...]
    threshold: float
    rehearsed: tuple[Correction, ...] = ()
    watched: tuple[Correction, ...] = ()
    prints: Mapping[str, str] | None = None

    @property
    def corrected(self) -> tuple[int, ...]:
        """Return the indices of the words with a mask in the images to fit, ascending."""
        return self.corrections.corrected(self.fit)

    @property
    def corrected_names(self) -> tuple[str, ...]:
        """Name the words with a mask in the images to fit."""
        return tuple(self.corrections.words[index].name for index in self.corrected)

    @property
    def protected(self) -> tuple[Word, ...]:
        """Return the words of the project that nobody corrected in the images to fit."""
        known = set(self.corrected)
        return tuple(w for i, w in enumerate(self.corrections.words) if i not in known)

    def sides(self) -> dict[str, list[int]]:
        """Return the numbers of the images on each side."""
        sides = {"fitted": self.fit, "chosen_on": self.choose, "held_out": self.held_out}
        return {name: [image.image_id for image in some] for name, some in sides.items()}

    @property
    def shy(self) -> frozenset[int]:
        """Return the indices of negative words."""
        return frozenset(i for i, word in enumerate(self.corrections.words) if word.negative)


def gather(project: Project, emit: Emit) -> Material:
    """Read the corrections and divide the images; needs no network.

    Raises TrainingFailed with a sentence where there is too little to learn from.
    """
    emit(Phase("collecting"))
    corrections = collect(project)
    emit(Phase(f"splitting {len(corrections.images)} {corrections.source}"))
    frozen = project.settings.get(SPLIT_SETTING) or {}
    prints = _fingerprints(corrections, frozen.get("prints", {}))
    split = split_images(
        (image.digest for image in corrections.images),
        frozen,
        groups=group_alike(prints),
        whole={image.digest for image in corrections.images if image.complete},
        shown={image.digest: corrections.corrected((image,)) for image in corrections.images},
    )
    fit, choose = validation_part(split.train)
    rehearsed, watched = _untouched(project, corrections)
    material = Material(
        corrections=corrections,
        split=split,
        fit=corrections.of(fit),
        choose=corrections.of(choose),
        held_out=corrections.of(split.held_out),
        threshold=threshold_of(project),
        rehearsed=rehearsed,
        watched=watched,
        prints=prints,
    )
    if not material.corrected:
        raise TrainingFailed(
            "The images to learn from hold no mask; correct and review some more images."
        )
    emit(tell(material))
    return material


def tell(material: Material) -> Collected:
    """Say what will be learnt from."""
    learnt = (*material.fit, *material.choose)
    words = material.corrections.words
    masks = Counter(piece.word for image in learnt for piece in image.marked if piece.word >= 0)
    return Collected(
        complete=sum(image.complete for image in learnt),
        partial=sum(not image.complete for image in learnt),
        held_out=len(material.held_out),
        masks=sum(masks.values()),
        rejected=sum(len(image.rejected) for image in learnt),
        words={words[index].name: float(masks[index]) for index in sorted(masks)},
        protected=[word.name for word in material.protected],
    )


def _fingerprints(corrections: Corrections, known: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for image in corrections.images:
        if image.digest not in found:
            old = known.get(image.digest)
            found[image.digest] = old or fingerprint(open_image(image.path))
    return found


def _untouched(
    project: Project, corrections: Corrections
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Choose images nobody spoke about, evenly over the project: to rehearse and to watch."""
    spoken = {image.digest for image in corrections.images}
    unique = {row.digest: row for row in every_image(project) if row.digest not in spoken}
    rows = list(unique.values())
    order = np.random.default_rng(0).permutation(len(rows))[: 2 * UNTOUCHED]
    some = []
    for row in (rows[int(place)] for place in sorted(order)):
        path = project.images.absolute(row.id)
        if _readable(path):
            some.append(
                Correction(
                    image_id=row.id,
                    path=path,
                    digest=row.digest,
                    height=row.height,
                    width=row.width,
                    complete=False,
                    marked=(),
                    rejected=(),
                )
            )
    return tuple(some[::2]), tuple(some[1::2])


def _readable(path: Path) -> bool:
    try:
        open_image(path)
    except (CascadeClipError, OSError):
        return False
    return True
