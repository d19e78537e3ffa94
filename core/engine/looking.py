"""What a model makes of an image as a whole: its vector, how unsure it is, whom it agrees with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.project.looks import Look
from cascadeclip.core.worth import mean_uncertainty

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.engine.encoding import Encoded
    from cascadeclip.core.regions import ScoreMaps
    from cascadeclip.core.values import Rle

    Marked = tuple[int, Rle]


def embedding_of(encoded: Encoded) -> NDArray[np.float32]:
    """Return the unit vector E of a whole image: the mean of the global vectors of its windows."""
    rows = [features.cls[0].float().cpu().numpy() for features in encoded.features]
    mean = np.mean(rows, axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean, dtype=np.float32)


def look_at(vector: NDArray[np.float32], maps: ScoreMaps, version: str) -> Look:
    """Return the look of the model `version` at an image; whom it agrees with is not in it.

    `vector` is `embedding_of` the image: who looks later need not hold its features until then.
    """
    return Look(version, vector, mean_uncertainty(maps))


def agreement(suggested: Iterable[Marked], annotated: Iterable[Marked]) -> float | None:
    """Return how far what a model suggests covers what people have marked, 0..1.

    Both are pairs of class number and mask of one image. It is the mean over the words that
    people have marked of the IoU of the two unions; None where nobody has marked anything.
    """
    theirs, ours = _by_word(annotated), _by_word(suggested)
    if not theirs:
        return None
    shares = [_iou(ours.get(word, ()), marked) for word, marked in theirs.items()]
    return float(np.mean(shares))


def _by_word(marked: Iterable[Marked]) -> dict[int, list[Rle]]:
    words: dict[int, list[Rle]] = {}
    for class_id, rle in marked:
        words.setdefault(class_id, []).append(rle)
    return words


def _iou(first: Sequence[Rle], second: Sequence[Rle]) -> float:
    return masks.iou(masks.union(first), masks.union(second)) if first else 0.0
