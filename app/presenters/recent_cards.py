"""What the start page shows of the projects opened lately: read behind it, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.project.glance import Glance, glance
from cascadeclip.core.thumbnails import thumbnail

SIDE = 128


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """Hold how far a project is, and a small view HxWx3 of one of its images."""

    folder: Path
    glance: Glance | None
    small: NDArray[np.uint8] | None


class RecentCards:
    """Read the cards of folders, and tell each when it is there."""

    def __init__(self, jobs: Runner, show: Callable[[Card], None]) -> None:
        self._jobs, self._show = jobs, show

    def read(self, folders: tuple[Path, ...]) -> None:
        """Read these, each as a job of its own, so that a slow disk holds up one of them."""
        for folder in folders:
            self._jobs.run(Lane.WORK, partial(card_of, folder), done=self._show)


def card_of(folder: Path) -> Card:
    """Read one card; what cannot be read is left out of it."""
    found = glance(folder)
    if found is None or found.image is None:
        return Card(folder, found, None)
    try:
        return Card(folder, found, thumbnail(found.image, SIDE))
    except (CascadeClipError, OSError):
        return Card(folder, found, None)
