"""What points, wand and box need of the open image: made once, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.core.shaping.sight import Map, Sight, look

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.project import ClassRow, ImageRow

TOPIC = "sight"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Hold what clicks on one image are answered from; `words` are maps (0..1) by class number."""

    image_id: int
    sight: Sight
    words: dict[int, Map] = field(default_factory=dict)


class Seeing:
    """Keep what is seen of the open image, from when somebody first wants it.

    The tower runs only where the image's features are in no cache yet, which is never the case
    once suggestions are shown; a click runs nothing of the model.
    """

    def __init__(self, state: State, jobs: Runner) -> None:
        self._state, self._jobs = state, jobs
        self._seen: Seen | None = None
        self._waiting: list[Callable[[Seen], None]] = []
        state.subscribe(Change.IMAGE | Change.ENGINE | Change.WORDS, self.forget)

    def forget(self) -> None:
        """Drop what is known: the image, the model or the words are others now."""
        self._jobs.forget(TOPIC)
        self._seen, waiting = None, self._waiting
        self._waiting = []
        image = self._state.image
        if waiting and image is not None:
            for then in waiting:
                self.ask(then)

    def ask(self, then: Callable[[Seen], None]) -> None:
        """Call `then` with what is seen of the open image, at once where it is there already."""
        image, pixels = self._state.image, self._state.pixels
        if image is None or pixels is None:
            return
        if self._seen is not None and self._seen.image_id == image.id:
            then(self._seen)
            return
        self._waiting.append(then)
        if len(self._waiting) == 1:
            work = _looker(self._state, image)
            self._jobs.run(Lane.INFERENCE, work, done=self._came, failed=self._failed, topic=TOPIC)

    def _came(self, seen: Seen) -> None:
        image = self._state.image
        waiting, self._waiting = self._waiting, []
        if image is None or seen.image_id != image.id:
            return
        self._seen = seen
        for then in waiting:
            then(seen)

    def _failed(self, error: Exception) -> None:
        self._waiting = []
        raise error


def _looker(state: State, image: ImageRow) -> Callable[[], Seen]:
    engine, pixels, words = state.engine, state.pixels, state.words
    templates = state.templates
    assert pixels is not None

    def work() -> Seen:
        if engine is None:  # colours alone are answered too
            return Seen(image.id, look(np.ones((1, 1, 1, 1), np.float32), pixels))
        encoded = engine.encode(pixels, image.digest)
        sight = look(engine.patches(encoded), pixels)
        found = _maps(engine, encoded, words, templates) if words else {}
        return Seen(image.id, sight, found)

    return work


def _maps(
    engine: Engine, encoded: object, words: tuple[ClassRow, ...], templates: tuple[str, ...]
) -> dict[int, Map]:
    maps = engine.scores(encoded, [row.word for row in words], templates)  # type: ignore[arg-type]
    return {row.id: one for row, one in zip(words, maps.probabilities, strict=True)}
