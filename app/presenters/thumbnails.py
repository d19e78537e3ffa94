"""Small views of the images in sight: the newest asked for come first, and few are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.thumbnails import thumbnail

if TYPE_CHECKING:
    from pathlib import Path

    from cascadeclip.core.project import ImageRow

Small = NDArray[np.uint8]
LIMIT = 24 << 20
WAITING = 64
TOGETHER = 4
_NOTHING = np.zeros((0, 0, 3), np.uint8)


class Thumbnails:
    """Keep small views in `limit` bytes; ask for what is lacking, behind everything else.

    `came` hears on the GUI thread which images have one now.
    """

    def __init__(
        self,
        state: State,
        jobs: Runner,
        came: Callable[[Iterable[int]], None],
        *,
        limit: int = LIMIT,
    ) -> None:
        self._state, self._jobs, self._came = state, jobs, came
        self._kept: ByteCache[Small] = ByteCache(limit)
        self._waiting: dict[int, Path] = {}
        self._busy = False
        state.subscribe(Change.PROJECT, self.clear)

    @property
    def bytes(self) -> int:
        """Count the bytes kept."""
        return self._kept.bytes

    def of(self, row: ImageRow) -> Small | None:
        """Return the small view HxWx3 of an image, or None while there is none; it may come."""
        found = self._kept.get(row.id)
        if found is not None:
            return found if found.size else None
        self._want(row)
        return None

    def clear(self) -> None:
        """Forget everything: the numbers of another project mean other images."""
        self._kept.clear()
        self._waiting.clear()
        self._busy = False
        self._jobs.forget("thumbnails")

    def _want(self, row: ImageRow) -> None:
        project = self._state.project
        if project is None:
            return
        self._waiting.pop(row.id, None)
        self._waiting[row.id] = project.folder / row.path
        while len(self._waiting) > WAITING:  # scrolled past: asked for again when back in sight
            self._waiting.pop(next(iter(self._waiting)))
        if not self._busy:
            self._go()

    def _go(self) -> None:
        some = [self._waiting.popitem() for _ in range(min(TOGETHER, len(self._waiting)))]
        self._busy = bool(some)
        if not some:
            return

        def work() -> list[tuple[int, Small]]:
            return [(number, small_view(path)) for number, path in some]

        self._jobs.run(Lane.BESIDE, work, done=self._take, topic="thumbnails")

    def _take(self, made: list[tuple[int, Small]]) -> None:
        for number, small in made:
            self._kept.put(number, small, size=small.nbytes + 64)
        self._came([number for number, _ in made])
        self._go()


def small_view(path: Path) -> Small:
    """Return the thumbnail of a file, or an empty one of what cannot be opened."""
    try:
        return thumbnail(path)
    except (CascadeClipError, OSError):
        return _NOTHING
