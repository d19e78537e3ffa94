"""The images before and after the open one, made ready while a person looks at that one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import State
from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.errors import CascadeClipError, ImageUnreadable
from cascadeclip.core.images import open_image
from cascadeclip.core.project.finding import find

if TYPE_CHECKING:
    from cascadeclip.core.project import ImageRow, Project

Mark = tuple[int, int] | None
Sizes = tuple[NDArray[np.uint8], ...]
LIMIT = 192 << 20
PAUSE_MILLISECONDS = 250
LATER_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """Hold an image ready to show: its row, its halves (the first is whole), what is to be said.

    `mark` is what `mark_of` said of its `file` before it was read.
    """

    image: ImageRow
    sizes: Sizes
    said: str = ""
    file: Path = Path()
    mark: Mark = None

    @property
    def nbytes(self) -> int:
        """Count the bytes of all halves."""
        return sum(one.nbytes for one in self.sizes)


class Ahead:
    """Keep the pixels of a few images, and let the engine look at the next one beforehand.

    All of it is behind what somebody waits for, and what has not begun when the person goes
    elsewhere is not done any more.
    """

    def __init__(self, state: State, jobs: Runner, *, limit: int = LIMIT) -> None:
        self._state, self._jobs = state, jobs
        self._kept: ByteCache[Pixels] = ByteCache(limit)
        self._journey = 0

    @property
    def bytes(self) -> int:
        """Count the bytes kept."""
        return self._kept.bytes

    def forget(self) -> None:
        """Let go of everything: the project has changed."""
        self.stop()
        self._kept.clear()

    def stop(self) -> None:
        """Do no more of what was wanted so far: the person goes elsewhere."""
        self._journey += 1
        for topic in ("ahead", "ahead pixels", "ahead features"):
            self._jobs.forget(topic)

    def has(self, number: int) -> Pixels | None:
        """Return the pixels of an image if they are here; `is_fresh` tells whether they hold."""
        return self._kept.get(number)

    def keep(self, pixels: Pixels) -> None:
        """Keep an image that was opened: the person may come back to it."""
        self._kept.put(pixels.image.id, pixels, size=pixels.nbytes)

    def want(self, ids: tuple[int, ...]) -> None:
        """Make these images ready, the first one also for the engine, when all is quiet."""
        self._jobs.after(PAUSE_MILLISECONDS, "ahead", lambda: self._begin(ids))

    def _begin(self, ids: tuple[int, ...]) -> None:
        project = self._state.project
        if project is None:
            return

        def work() -> list[ImageRow]:
            return [project.images.get(number) for number in ids]

        def done(rows: list[ImageRow]) -> None:
            self._next(project, rows, first=True)

        # An image that is gone meanwhile is not worth a word.
        self._jobs.run(Lane.DATABASE, work, done=done, failed=_pass_by, topic="ahead")

    def _next(self, project: Project, rows: list[ImageRow], *, first: bool = False) -> None:
        if not rows:
            return
        row, rest = rows[0], rows[1:]

        def then(pixels: Pixels) -> None:
            self.keep(pixels)
            self._next(project, rest)
            if first:
                self._encode(pixels)

        def skip(error: Exception) -> None:
            _pass_by(error)
            self._next(project, rest)

        kept = self.has(row.id)
        if kept is not None:
            then(kept)
        elif 4 * row.height * row.width > self._kept.limit // 2:
            self._next(project, rest)
        else:
            self._jobs.run(
                Lane.BESIDE,
                lambda: load_pixels(project, row),
                done=then,
                failed=skip,
                topic="ahead pixels",
            )

    def _encode(self, pixels: Pixels) -> None:
        """Let the engine look at an image, and give way to whatever else is asked of it."""
        engine, journey = self._state.engine, self._journey
        if engine is None:
            return

        def stopped() -> bool:
            return journey != self._journey or self._jobs.crowded(Lane.INFERENCE)

        def work() -> bool:
            return engine.encode(pixels.sizes[0], pixels.image.digest, stopped=stopped).whole

        def done(whole: bool) -> None:
            if not whole:  # somebody typed a word: the rest comes when that is answered
                self._jobs.after(LATER_MILLISECONDS, "ahead", lambda: self._encode(pixels))

        self._jobs.run(Lane.INFERENCE, work, done=done, failed=_pass_by, topic="ahead features")


def load_pixels(project: Project, row: ImageRow) -> Pixels:
    """Decode an image of the project, wherever its file is now.

    Raises ImageUnreadable, also for a file of another size than noted.
    """
    found = find(project, row.id)
    mark = mark_of(found.path)
    pixels = open_image(found.path)
    if pixels.shape[:2] != (row.height, row.width):
        raise ImageUnreadable(
            f"{row.path} has changed its size since it was added; its masks no longer fit."
        )
    sizes = half_sizes(pixels)
    return Pixels(project.images.get(row.id), sizes, found.said, Path(found.path), mark)


def mark_of(file: Path) -> Mark:
    """Return size and time of a file, by which a change is noticed; None when it is gone."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def is_fresh(pixels: Pixels, row: ImageRow) -> bool:
    """Tell whether pixels are still those of an image; looks at the disk."""
    same = pixels.image.digest == row.digest
    return same and pixels.mark is not None and mark_of(pixels.file) == pixels.mark


def _pass_by(error: Exception) -> None:
    if not isinstance(error, CascadeClipError | OSError | RuntimeError):
        raise error
