"""Remember corrected regions: the recipe that trains nothing (core.model.prototypes).

How much the regions count is chosen on the corrected images themselves, each looked at without
its own regions and without those of images that look like it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.model.prototypes import Prototypes, vectors_of
from cascadeclip.train.data.alike import group_alike
from cascadeclip.train.data.corrections import Correction
from cascadeclip.train.measuring import Fitted, check
from cascadeclip.train.shown import Shown, allowed

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.core.values import Word
    from cascadeclip.train.events import Stopped
    from cascadeclip.train.material import Material
    from cascadeclip.train.measuring import Examiner

ALPHAS = (8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
BETAS = (5.0, 2.0, 10.0)
"""Every alpha is tried with the first beta, the others with the alpha that was best."""
PER_WORD = 64
"""So many regions that are a word are kept, and as many that are not."""
JUDGED = 24
"""On so many images alpha and beta are chosen at most."""
COVERED = 0.5
"""The least share of a patch that a region covers, for the patch to count."""
SMALLEST = 0.1
"""A region that covers less of every patch than this says nothing about patches."""

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Hold the mean patch D of a region that is (`positive`) or is not the word with this index.

    Images of one `group` look alike.
    """

    word: int
    positive: bool
    vector: Floats
    group: int


def regions_of(
    image: Correction, patches: Floats, words: Collection[int], group: int
) -> Iterator[Region]:
    """Yield a region for each connected part of what was said about one image.

    Masks of `words` are theirs; what was rejected as one of them, or taken away from it, and is
    not it all the same, is not. `patches` is SxExrxc over the whole image. What was refused counts
    only where it fills patches: a thin rim that was taken away looks like what it was cut from.
    """
    truth, vectors = image.truth(), vectors_of(patches)
    for word in sorted(set(np.unique(truth.labels).tolist()) & set(words)):
        for part in _parts(truth.labels == word):
            vector = _mean(vectors, part, least=SMALLEST)
            if vector is not None:
                yield Region(word=word, positive=True, vector=vector, group=group)
    for word, mask in truth.rejected:
        for part in _parts(mask & (truth.labels != word)) if word in words else ():
            vector = _mean(vectors, part, least=COVERED)
            if vector is not None:
                yield Region(word=word, positive=False, vector=vector, group=group)


def _parts(mask: Mask) -> Iterator[Mask]:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    for number in range(1, count):
        yield labels == number


def _mean(vectors: Floats, mask: Mask, *, least: float) -> Floats | None:
    """Return the unit mean of the patches rxcxD that a mask covers by half, else by the most.

    None where no patch is covered by `least` of it.
    """
    high, wide = vectors.shape[:2]
    shares = cv2.resize(mask.astype(np.float32), (wide, high), interpolation=cv2.INTER_AREA)
    most = float(shares.max())
    if most < least:
        return None
    weights = np.where(shares >= min(COVERED, most), shares, 0)
    mean = np.tensordot(weights, vectors, axes=2)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length, dtype=np.float32) if length else None


def few(vectors: Floats, count: int) -> list[int]:
    """Return the places of `count` rows of MxD, or of all, that leave no other far away.

    The first is nearest to the mean of all, each other farthest from those before it (Gonzalez,
    1985).
    """
    if len(vectors) <= count:
        return list(range(len(vectors)))
    chosen = [int(np.argmax(vectors @ vectors.mean(axis=0)))]
    nearest = vectors @ vectors[chosen[0]]
    while len(chosen) < count:
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return sorted(chosen)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Hold the regions of all corrected images, and the words they are of, by index."""

    words: Sequence[Word]
    regions: Sequence[Region]

    def prototypes(
        self, alpha: float, beta: float, without: int | None = None
    ) -> Prototypes | None:
        """Return the regions as prototypes, without those of a group; None where none are left.

        A word of which no region is left is no word of them.
        """
        some = [one for one in self.regions if one.group != without]
        shown = sorted({one.word for one in some if one.positive})
        kept = [
            one
            for word in shown
            for sign in (True, False)
            for one in _few([one for one in some if (one.word, one.positive) == (word, sign)])
        ]
        if not kept:
            return None
        return Prototypes(
            words=tuple(tuple(self.words[word].phrases) for word in shown),
            # rounded as they will be stored, so that what is measured is what is kept
            keys=torch.from_numpy(np.stack([one.vector for one in kept])).half().float(),
            owner=torch.tensor([shown.index(one.word) for one in kept]),
            positive=torch.tensor([one.positive for one in kept]),
            alpha=alpha,
            beta=beta,
        )


def _few(regions: Sequence[Region]) -> Iterator[Region]:
    if not regions:
        return
    for place in few(np.stack([one.vector for one in regions]), PER_WORD):
        yield regions[place]


def remember(
    model: LoadedModel,
    parent: LoadedModel,
    material: Material,
    examiner: Examiner,
    judged: Sequence[Correction],
) -> Shown:
    """Show a model the corrected regions, and choose on `judged` images how much they count.

    Prototypes or a pixel classifier that it has are replaced. Of what is better than none the best
    is taken that leaves protected words alone (`Tried.allowed`), else the best.
    """
    bare = replace(model, prototypes=None, pixels=None)
    groups = groups_of(material)
    # What scores of the corrected words meant, they meant without these prototypes.
    known = {name.casefold() for name in material.corrected_names}
    others = tuple(one for one in model.info.adjusted if one[0].casefold() not in known)
    judged = judged[:: max(1, ceil(len(judged) / JUDGED))]
    with examiner.looking(bare) as engine:
        pool = _pool(engine, material, groups, examiner.stopped)
        none = examiner.fitted(engine, judged, model.info.adjusted)
        found = _tried(
            lambda alpha, beta: examiner.fitted(
                engine, judged, others, _without_own(pool, groups, alpha, beta), sparing=True
            )
        )
    validation = {0.0: none.miou}
    for (alpha, _), told in found.items():
        validation[alpha] = max(told.miou, validation.get(alpha, 0.0))
    better = {option: told for option, told in found.items() if told.miou > none.miou}
    made = _made(bare, pool, better)
    return allowed(made, parent, examiner, validation) or Shown(bare, validation)


def _tried(fitted: Callable[[float, float], Fitted]) -> dict[tuple[float, float], Fitted]:
    """Return what was found by alpha and beta."""
    found = {(alpha, BETAS[0]): fitted(alpha, BETAS[0]) for alpha in ALPHAS}
    best, _ = max(found, key=lambda option: found[option].miou)
    return found | {(best, beta): fitted(best, beta) for beta in BETAS[1:]}


def recalibrate(model: LoadedModel, material: Material, examiner: Examiner) -> Fitted:
    """Find what the probabilities of a model mean on all images it may learn from.

    Where it has prototypes, each image is looked at without its own.
    """
    images, shown = (*material.fit, *material.choose), model.prototypes
    if shown is None:
        return examiner.calibrated(model, images)
    groups = groups_of(material)
    with examiner.looking(model) as engine:
        pool = _pool(engine, material, groups, examiner.stopped)
        return examiner.fitted(
            engine, images, model.info.adjusted, _without_own(pool, groups, shown.alpha, shown.beta)
        )


def _without_own(
    pool: Pool, groups: Mapping[str, int], alpha: float, beta: float
) -> Callable[[Correction], Prototypes | None]:
    """Return what gives prototypes to look at an image with: none of it or of its like."""
    made = {group: pool.prototypes(alpha, beta, group) for group in set(groups.values())}
    return lambda image: made[groups[image.digest]]


def _made(
    bare: LoadedModel, pool: Pool, better: Mapping[tuple[float, float], Fitted]
) -> Iterator[tuple[LoadedModel, float]]:
    """Yield models with prototypes and their mIoU, the best first."""
    for alpha, beta in sorted(better, key=lambda option: -better[option].miou):
        told = better[alpha, beta]
        info = replace(bare.info, adjusted=tuple(told.adjusted))
        yield replace(bare, prototypes=pool.prototypes(alpha, beta), info=info), told.miou


def groups_of(material: Material) -> dict[str, int]:
    """Number the groups of corrected images that look alike, by digest.

    Where all look alike, as the frames of a film do, every image is a group.
    """
    digests = [image.digest for image in (*material.fit, *material.choose)]
    alone = {digest: number for number, digest in enumerate(digests)}
    if material.prints is None:
        return alone
    alike = group_alike({digest: material.prints[digest] for digest in digests})
    return alike if len(set(alike.values())) > 1 else alone


def _pool(engine: Engine, material: Material, groups: Mapping[str, int], stopped: Stopped) -> Pool:
    regions: list[Region] = []
    for image in (*material.fit, *material.choose):
        check(stopped)
        patches = engine.patches(engine.encode(open_image(image.path), image.digest))
        regions += regions_of(image, patches, material.corrected, groups[image.digest])
    if not any(one.positive for one in regions):
        raise TrainingFailed(
            "The marked regions are too small for the model to see; mark larger ones."
        )
    return Pool(material.corrections.words, regions)
