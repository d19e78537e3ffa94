"""From pixels to features: which windows an image has, and the tower run once for each."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core import images
from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.engine.stitch import Place
from cascadeclip.core.engine.store import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.engine.perceiving import Said
    from cascadeclip.core.engine.runner import Runner
    from cascadeclip.core.engine.store import FeatureStore
    from cascadeclip.core.images import Window
    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features

    Arrived = Callable[["Encoded"], None]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Hold how an image is cut and at which detail its maps are joined.

    The short side of the image becomes the model's own times `scale` (at least 1); the maps of
    `more_scales` are averaged in. A patch spans `detail` cells of the score maps. At most `batch`
    windows go through the network at once.
    """

    scale: float = 1.0
    more_scales: tuple[float, ...] = ()
    detail: int = 4
    batch: int = 4

    def __post_init__(self) -> None:
        """Refuse values that would leave windows larger than the image, or nothing to do."""
        if min(self.scales) < 1 or self.detail < 1 or self.batch < 1:
            msg = "EngineSettings: scales, detail and batch start at 1"
            raise ValueError(msg)

    @property
    def scales(self) -> tuple[float, ...]:
        """Return every scale, the main one first."""
        return (self.scale, *self.more_scales)


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Hold what the tower made of an image of `height` x `width` pixels.

    `features[i]` belongs to the window at `places[i]`; together the windows cover the `whole`
    image, or are those that an `arrived` of `Engine.encode` gets. `said` is what the model's pixel
    classifier says of a whole image, where it has one (`perceive`).
    """

    digest: str
    height: int
    width: int
    places: tuple[Place, ...]
    features: tuple[Features, ...]
    whole: bool = True
    said: Said | None = None

    def joined(self, more: Encoded) -> Encoded:
        """Return the windows of both."""
        return replace(
            self,
            places=self.places + more.places,
            features=self.features + more.features,
            whole=self.whole and more.whole,
        )


def never() -> bool:
    """Say no: nobody stops what somebody waits for."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Hold one image on its way through the tower at one scale."""

    image: NDArray[np.uint8]
    digest: str
    scale: float
    places: tuple[Place, ...]
    first: Window | None
    stopped: Callable[[], bool]

    def key(self, place: Place) -> object:
        """Name a window of this image."""
        return (self.digest, self.image.shape[:2], place)

    def distance(self, place: Place) -> float:
        """Return how far a window's middle lies from the middle of what is in sight (pixels)."""
        if self.first is None:
            return 0.0
        factor = place.height / self.image.shape[0]
        box, wanted = place.window, self.first
        down = (wanted.top + wanted.height / 2) * factor - (box.top + box.height / 2)
        across = (wanted.left + wanted.width / 2) * factor - (box.left + box.width / 2)
        return float(np.hypot(down, across))

    def encoded(self, found: Mapping[Place, Features]) -> Encoded:
        """Return the windows that are there."""
        there = tuple(place for place in self.places if place in found)
        height, width = self.image.shape[:2]
        features = tuple(found[place] for place in there)
        whole = len(there) == len(self.places)
        return Encoded(self.digest, height, width, there, features, whole=whole)


class Encoding:
    """Encode images window by window; keep features in memory, up to `limit` bytes, and on disk.

    `encodes` counts windows that went through the tower, `last_ms` is the time of the last run.
    """

    def __init__(
        self, model: LoadedModel, runner: Runner, store: FeatureStore | None, limit: int
    ) -> None:
        self.info = model.info
        self.encodes = 0
        self.last_ms = 0.0
        self.features: ByteCache[Features] = ByteCache(limit)
        self._digest = model.digest
        self._runner = runner
        self._store = store
        self._short = model.info.short or model.info.window

    def places(self, height: int, width: int, scale: float) -> tuple[Place, ...]:
        """Return the windows of an image of `height` x `width` pixels at `scale`."""
        short = round(self._short * scale)
        factor = short / min(height, width)
        high, wide = int(height * factor + 0.5), int(width * factor + 0.5)
        cut = images.windows(high, wide, self.info.window, self.info.stride)
        return tuple(Place(high, wide, window) for window in cut)

    def windows(self, run: Run, arrived: Arrived | None) -> dict[Place, Features]:
        """Return the features of every window of `run`, from memory, disk or the tower.

        `arrived` gets what is there whenever more windows are still to come.
        """
        held = {place: self._kept(run, place) for place in run.places}
        found = {place: features for place, features in held.items() if features is not None}
        missing = sorted((place for place in run.places if place not in found), key=run.distance)
        if not missing:
            return found
        started = time.perf_counter()
        short = round(self._short * run.scale)
        resized = images.resize_short(run.image, short, average=self.info.average)

        def step(some: Sequence[Place]) -> Sequence[Place]:
            if run.stopped():
                return some
            for place, features in zip(some, self._run_tower(resized, some), strict=True):
                found[place] = features
                self._keep(run, place, features)
            if arrived is not None and len(found) < len(run.places):
                arrived(run.encoded(found))
            return some

        # What may be stopped goes window by window: on a processor a batch of them takes seconds.
        parts = [missing] if run.stopped is never else [[place] for place in missing]
        for part in parts:
            self._runner.room.each(part, step)
        self.last_ms = 1000 * (time.perf_counter() - started)
        return found

    def _run_tower(self, resized: NDArray[np.uint8], places: Sequence[Place]) -> Sequence[Features]:
        crops = [
            images.normalise(_crop(resized, place), self.info.mean, self.info.std)
            for place in places
        ]
        features = self._runner.backend.encode(np.stack(crops))
        self.encodes += len(places)
        several = [_one(features, index) for index in range(len(places))]
        return several if self._store is None else [rounded(one) for one in several]

    def _kept(self, run: Run, place: Place) -> Features | None:
        """Return the features of a window from memory, else from disk, else None."""
        features = self.features.get(run.key(place))
        if features is None and self._store is not None:
            features = self._store.get(self._store_key(run, place))
            if features is not None:
                self.features.put(run.key(place), features, size=features_size(features))
        return features

    def _keep(self, run: Run, place: Place, features: Features) -> None:
        self.features.put(run.key(place), features, size=features_size(features))
        if self._store is not None:
            self._store.put(self._store_key(run, place), features)

    def _store_key(self, run: Run, place: Place) -> object:
        """Name all that features depend on: pixels, weights, window, preprocessing, precision."""
        box = place.window
        return [
            run.digest,
            run.image.shape[:2],
            self._digest,
            [place.height, place.width, box.top, box.left, box.height, box.width],
            [self.info.mean, self.info.std, self.info.average],
            self._runner.backend.precision,
        ]


def _crop(resized: NDArray[np.uint8], place: Place) -> NDArray[np.uint8]:
    box = place.window
    return resized[box.top : box.top + box.height, box.left : box.left + box.width]


def _one(features: Features, index: int) -> Features:
    # cloned: a view would keep the whole batch alive behind the cache's back
    stages, cls = features.stages, features.cls
    return replace(
        features,
        stages=stages[index : index + 1].clone(),
        cls=cls[index : index + 1].clone(),
    )


def features_size(features: Features) -> int:
    """Count the bytes of features."""
    return features.stages.nbytes + features.cls.nbytes
