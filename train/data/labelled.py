"""Labelled sets: images whose every pixel has a word or none, split into seen and unseen words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

IGNORE = 255


@dataclass(frozen=True, slots=True)
class Example:
    """Hold one image: `image` HxWx3 uint8 RGB, `labels` HxW uint8, its name.

    A label is a word's place in the set's vocabulary; 255 is a pixel without one.
    """

    image: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    name: str


class LabelledSet(Protocol):
    """Give examples by number, always the same one, and say which words they are labelled with.

    `words` are the names in channel order, `seen` the places of the words whose pixels may be
    trained on, ascending; the others are unseen.
    """

    @property
    def words(self) -> tuple[str, ...]:
        """Name the words, in channel order."""

    @property
    def seen(self) -> tuple[int, ...]:
        """Place the seen words, ascending."""

    def __len__(self) -> int:
        """Count the examples."""

    def load(self, index: int) -> Example:
        """Read example `index`; raise ImageUnreadable or TrainingFailed in one sentence."""
