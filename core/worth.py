"""Which image is worth a person's time next: one the model is unsure of, unlike those before.

The most uncertain images alone would be near-duplicates of each other, so each image counts as
much as it is uncertain times how far it lies from all that were chosen or reviewed before it
(greedy farthest points, as k-center active learning does, weighted by uncertainty).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cascadeclip.core.regions import ScoreMaps

PICKED: Final = 500
"""So many images are put in order; nobody labels more before the next training."""


def worth_order(
    embeddings: NDArray[np.float32],
    uncertainty: NDArray[np.float32],
    reviewed: NDArray[np.float32] | None = None,
    *,
    picked: int = PICKED,
) -> NDArray[np.int64]:
    """Return the places of N images, the one most worth labelling first.

    `embeddings` are unit vectors NxE, `uncertainty` N values from 0, `reviewed` the vectors MxE of
    images that are done. The first `picked` are chosen one by one, uncertainty times the cosine
    distance (0..1) to the nearest one before; the rest follows by that product as it then is.
    """
    count = len(uncertainty)
    distance = np.ones(count, np.float32)
    if reviewed is not None and reviewed.size and embeddings.size:
        nearest = (embeddings @ reviewed.T).max(axis=1, initial=0.0)
        distance = np.clip(1 - nearest, 0, 1).astype(np.float32)
    left = np.ones(count, bool)
    order: list[int] = []
    for _ in range(min(picked, count)):
        worth = np.where(left, uncertainty * distance, -1)
        best = int(worth.argmax())
        order.append(best)
        left[best] = False
        distance = np.minimum(distance, np.clip(1 - embeddings @ embeddings[best], 0, 1))
    rest = np.flatnonzero(left)
    worth = (uncertainty * distance)[rest]
    return np.concatenate((np.array(order, np.int64), rest[np.argsort(-worth, kind="stable")]))


def mean_uncertainty(maps: ScoreMaps) -> float:
    """Return how unsure the model is of an image, 0..1: the mean over the cells of its maps."""
    if not len(maps.probabilities):
        return 0.0
    return float(uncertainty(maps).mean(dtype=np.float64))


def uncertainty(maps: ScoreMaps) -> NDArray[np.float32]:
    """Return how unsure the model is of each cell of its maps of one or more words, hxw of 0..1.

    A cell counts 1 where the two best words, nobody among them, are equally probable, or where the
    best one has even odds (0.5) with nothing; it counts 0 where one is certain.
    """
    values = np.clip(maps.probabilities, 0, 1)
    others = np.zeros_like(values[:1]) if maps.nobody is None else maps.nobody[None]
    first_two = np.partition(np.concatenate((values, others)), -2, axis=0)[-2:]
    rival, best = first_two[0], first_two[1]
    if maps.nobody is None:
        rival = np.maximum(rival, 1 - best)
    margin = np.abs(best - rival) / np.maximum(best + rival, 1e-6)
    return np.asarray(np.clip(1 - margin, 0, 1), dtype=np.float32)
