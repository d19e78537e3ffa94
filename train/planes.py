"""What was said about every pixel, word by word; without torch, which takes seconds to load."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth

NEGATIVE, POSITIVE, IGNORED = 0, 1, 255


def planes(
    truths: Sequence[Truth], words: Sequence[int], shy: frozenset[int]
) -> npt.NDArray[np.uint8]:
    """Return BxKxLxL uint8 for B truths of side L and the K word indices `words`.

    POSITIVE where the word was marked, NEGATIVE where another word was, where the image was
    declared complete, or where the word was rejected; IGNORED (255) elsewhere. The words in
    `shy` (negative words of the vocabulary, which nobody is asked to mark) learn nothing from
    the background of a complete image.
    """
    return np.stack([[_plane(truth, word, shy) for word in words] for truth in truths])


def _plane(truth: Truth, word: int, shy: frozenset[int]) -> np.ndarray:
    labels = truth.labels
    plane = np.full(labels.shape, NEGATIVE, dtype=np.uint8)
    plane[labels == UNKNOWN] = IGNORED
    if word in shy:
        plane[labels == BACKGROUND] = IGNORED
    for other, mask in truth.rejected:
        if other == word:
            plane[mask] = NEGATIVE
    plane[labels == word] = POSITIVE
    for other, mask in truth.covered:
        if other == word:
            plane[mask] = POSITIVE
    return plane
