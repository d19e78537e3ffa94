"""The images that went worst, as a person compares them: what they marked, before, after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from cascadeclip.core.images import open_image
from cascadeclip.core.values import Word

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.train.material import Material
    from cascadeclip.train.measuring import Examiner

HIGH = 200
"""Pixels a panel is high."""
FILL = 0.55
GAP = 4

Rgb = npt.NDArray[np.uint8]
Pictures = Mapping[int, Rgb]


def draw_worst(
    material: Material,
    examiner: Examiner,
    models: tuple[LoadedModel, LoadedModel],
    worst: Collection[int],
) -> dict[int, Rgb]:
    """Draw held-out images by their number: the person's masks, the parent's, the child's."""
    images = [image for image in material.held_out if image.image_id in worst]
    answers = [examiner.answers(model, images) for model in models]
    words = material.corrections.words
    return {
        image.image_id: side_by_side(
            open_image(image.path), (image.truth().labels, before, after), words
        )
        for image, before, after in zip(images, *answers, strict=True)
    }


def side_by_side(image: Rgb, maps: Sequence[npt.NDArray[np.integer]], words: Sequence[Word]) -> Rgb:
    """Return the image HxWx3 once for each label map, side by side, with the words' colours on it.

    Maps are HxW indices of `words`; anything else stays uncoloured.
    """
    wide = max(1, round(image.shape[1] * HIGH / image.shape[0]))
    small = cv2.resize(image, (wide, HIGH), interpolation=cv2.INTER_AREA)
    table = np.array([_rgb(word.colour) for word in words], dtype=np.float32)
    gap = np.full((HIGH, GAP, 3), 255, dtype=np.uint8)
    parts: list[Rgb] = []
    for labels in maps:
        nearest = cv2.resize(
            labels.astype(np.int32), (wide, HIGH), interpolation=cv2.INTER_NEAREST_EXACT
        )
        panel = small.astype(np.float32)
        known = (nearest >= 0) & (nearest < len(words))
        panel[known] = (1 - FILL) * panel[known] + FILL * table[nearest[known]]
        parts += [gap, panel.round().astype(np.uint8)]
    return np.concatenate(parts[1:], axis=1)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
