"""Read ahead, run the network and find regions at the same time, in threads of this process.

The network has one thread to itself; files are decoded before it and regions found behind it, by
as many threads as there are cores to spare. What is under way is bounded in images and in bytes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Final

from cascadeclip.core.engine.looking import embedding_of, look_at
from cascadeclip.core.engine.prelabel import work
from cascadeclip.core.engine.prelabel.values import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.engine.engine import Engine
    from cascadeclip.core.engine.prelabel.values import Item, Recipe
    from cascadeclip.core.regions import ScoreMaps

AHEAD_BYTES: Final = 256 << 20
"""Pixels of images under way; one image that is larger goes alone."""
KEPT_IMAGES: Final = 16
"""The engine forgets after so many: no image comes twice, but what it knows of the words serves."""
LOOK_SECONDS: Final = 0.1
"""How often a wait looks up whether to stop."""


class Threads:
    """Turn items into outcomes with an engine of this process."""

    def __init__(self, engine: Engine, recipe: Recipe) -> None:
        self._engine, self._recipe = engine, recipe
        self._side = max(1, min(4, (os.cpu_count() or 1) // 2))
        self._ahead = 4 * self._side + 2

    def outcomes(self, items: Iterator[Item], stopped: Callable[[], bool]) -> Iterator[Outcome]:
        """Yield an outcome for every item, in any order; see `Work`.

        When it is stopped, what is finished by then is still yielded.
        """
        ready: SimpleQueue[Outcome | Exception] = SimpleQueue()
        with _lanes(self._side) as lanes:
            belt = _Belt(self._engine, self._recipe, lanes, ready)
            source = _Source(items, self._ahead)
            while not stopped():
                for item in source.fitting():
                    belt.begin(item)
                if source.idle:
                    return
                try:
                    yield source.ended(ready.get(timeout=LOOK_SECONDS))
                except Empty:
                    continue
            belt.halt.set()
        while not ready.empty():
            yield source.ended(ready.get())


class _Source:
    """Take items as long as they fit among those under way."""

    def __init__(self, items: Iterator[Item], ahead: int) -> None:
        self._items, self._ahead = items, ahead
        self._next = next(items, None)
        self._under_way: dict[int, int] = {}

    @property
    def idle(self) -> bool:
        return self._next is None and not self._under_way

    def fitting(self) -> Iterator[Item]:
        while (item := self._next) is not None and self._fits(item):
            self._under_way[item.image_id] = _bytes(item)
            self._next = next(self._items, None)
            yield item

    def ended(self, outcome: Outcome | Exception) -> Outcome:
        if isinstance(outcome, Exception):
            raise outcome
        del self._under_way[outcome.image_id]
        return outcome

    def _fits(self, item: Item) -> bool:
        held = sum(self._under_way.values())
        return not held or (
            len(self._under_way) < self._ahead and held + _bytes(item) <= AHEAD_BYTES
        )


class _Lanes:
    """Hold the executors of the three steps, in their order."""

    def __init__(self, side: int) -> None:
        self.reading = ThreadPoolExecutor(side, thread_name_prefix="read-image")
        self.network = ThreadPoolExecutor(1, thread_name_prefix="network")
        self.regions = ThreadPoolExecutor(side, thread_name_prefix="find-regions")


@contextmanager
def _lanes(side: int) -> Iterator[_Lanes]:
    lanes = _Lanes(side)
    try:
        yield lanes
    finally:
        # each one before the next: what still runs in it may hand over to the next
        for lane in (lanes.reading, lanes.network, lanes.regions):
            lane.shutdown(wait=True, cancel_futures=True)


class _Belt:
    """Hand an image from step to step; what comes of it, or stops everything, is put in `ready`."""

    def __init__(
        self,
        engine: Engine,
        recipe: Recipe,
        lanes: _Lanes,
        ready: SimpleQueue[Outcome | Exception],
    ) -> None:
        self._engine, self._recipe, self._lanes, self._ready = engine, recipe, lanes, ready
        self.halt = Event()
        self._scored = 0

    def begin(self, item: Item) -> None:
        self._lanes.reading.submit(self._guarded, item, partial(self._read, item))

    def _read(self, item: Item) -> None:
        pixels, key = work.read(item)
        step = partial(self._score, item, pixels, key)
        self._lanes.network.submit(self._guarded, item, step)

    def _score(self, item: Item, pixels: NDArray[np.uint8], key: str) -> None:
        encoded = self._engine.encode(pixels, key)
        maps = work.score(self._engine, self._recipe, encoded)
        vector = embedding_of(encoded)  # what follows must not hold the features
        self._scored += 1
        if self._scored % KEPT_IMAGES == 0:
            self._engine.clear()
        step = partial(self._find, item, maps, pixels, vector)
        self._lanes.regions.submit(self._guarded, item, step)

    def _find(
        self,
        item: Item,
        maps: ScoreMaps,
        pixels: NDArray[np.uint8],
        vector: NDArray[np.float32],
    ) -> None:
        found = work.regions(self._recipe, maps, pixels)
        look = look_at(vector, maps, self._recipe.version)
        self._ready.put(Outcome(item.image_id, item.name, found, look=look))

    def _guarded(self, item: Item, step: Callable[[], None]) -> None:
        if self.halt.is_set():
            return
        try:
            step()
        except work.OF_ONE_IMAGE as problem:
            said = str(problem) or "there is not enough memory for it"
            self._ready.put(Outcome(item.image_id, item.name, failure=said))
        except Exception as problem:  # noqa: BLE001 - raised again where somebody waits for it
            self._ready.put(problem)


def _bytes(item: Item) -> int:
    return 3 * item.height * item.width
