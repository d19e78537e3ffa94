"""Prototypes at work: what corrected regions add to the logits of phrases, window by window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.engine.encoding import Encoded
    from cascadeclip.core.model.prototypes import Prototypes


@torch.inference_mode()
def recall(
    logits: NDArray[np.float32],
    encoded: Encoded,
    phrases: Sequence[str],
    prototypes: Prototypes | None,
) -> None:
    """Add what prototypes say to the logits `WxPxhxw` of phrases, in place.

    Phrases of words without prototypes are not touched, to the last bit.
    """
    if prototypes is None:
        return
    found = {place: prototypes.word(phrase) for place, phrase in enumerate(phrases)}
    known = {place: word for place, word in found.items() if word is not None}
    if not known:
        return
    for grids, features in zip(logits, encoded.features, strict=True):
        added = prototypes.scores(features.stages, list(known.values()))[0]
        grids[list(known)] += added.cpu().numpy().reshape(-1, *grids.shape[1:])
