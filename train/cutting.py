"""Which views of a run's images are cut: to learn from, to keep old answers, to draw a curve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.images import open_image
from cascadeclip.train.data.corrections import Correction
from cascadeclip.train.data.views import Cut, View, cut_views, own_cuts, plan_cuts
from cascadeclip.train.material import Material

if TYPE_CHECKING:
    from cascadeclip.train.job import Job
    from cascadeclip.train.loop import Trainer


def cut_fitted(trainer: Trainer, material: Material, job: Job) -> Iterator[View]:
    """Cut views of the images to learn from, as many as the recipe's cache holds."""
    return _spoken(trainer, material.fit, job, job.recipe.cache_bytes // trainer.view_bytes)


def cut_watched(trainer: Trainer, material: Material, job: Job) -> Iterator[View]:
    """Cut as many views as two steps take of images that choose: the curve must cost little.

    One process draws it, the others cut none.
    """
    if not job.peers.leads:
        return iter(())
    most = 2 * job.recipe.batch
    return islice(_spoken(trainer, material.choose, job, most), most)


def cut_rehearsed(trainer: Trainer, material: Material, job: Job) -> Iterator[View]:
    """Cut views of untouched images: nothing is learnt there, the old answers are kept."""
    rng = np.random.default_rng(job.seed)
    for image in material.rehearsed:
        cuts = _cuts(trainer, image, job.recipe.rehearsed, rng)
        rgb = open_image(image.path)
        yield from cut_views(rgb, image.truth(), trainer.size, cuts, silent=True)


def _spoken(
    trainer: Trainer, images: tuple[Correction, ...], job: Job, most: int
) -> Iterator[View]:
    limit = max(1, most // max(1, len(images)))
    rng = np.random.default_rng(job.seed)
    for image in images:
        cuts = _cuts(trainer, image, job.recipe.views, rng)[:limit]
        yield from cut_views(open_image(image.path), image.truth(), trainer.size, cuts)


def _cuts(
    trainer: Trainer, image: Correction, more: int, rng: np.random.Generator
) -> tuple[Cut, ...]:
    """Return the engine's own windows of an image and `more` other crops."""
    own = len(own_cuts(image.height, image.width, trainer.size))
    return plan_cuts(image.height, image.width, trainer.size, count=own + more, rng=rng)
