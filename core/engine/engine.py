"""The engine: the image tower runs once per image, the decoders once per phrase.

Cascade-CLIP's tower sees only the image, and queries never attend to each other (Section 3), so
the map of a phrase depends on the image and that phrase alone. Features are cached per window, the
decoders' keys and values per image, logits per image and phrase at patch resolution; whatever
changes only which words are asked for, their order, colour or the threshold decodes nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch

from cascadeclip.core import images
from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.engine.devices import choose_device
from cascadeclip.core.engine.stitch import Place, canvas_size, stitch
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features, Prepared
    from cascadeclip.core.values import Word

FEATURES_SHARE, PREPARED_SHARE = 0.4, 0.45

Item = TypeVar("Item")


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

    `features[i]` belongs to the window at `places[i]`.
    """

    digest: str
    height: int
    width: int
    places: tuple[Place, ...]
    features: tuple[Features, ...]


class Engine:
    """Answer with score maps for words; every method may be called from any thread.

    `encodes` counts windows that went through the tower, `decodes` phrases that went through the
    decoders (once per image), `last_encode_ms` and `last_decode_ms` the time of the last real run.
    """

    def __init__(
        self,
        model: LoadedModel,
        *,
        device: str = "auto",
        cache_bytes: int = 256 << 20,
        settings: EngineSettings | None = None,
    ) -> None:
        self.settings = settings or EngineSettings()
        self.info = model.info
        self.encodes = 0
        self.decodes = 0
        self.last_encode_ms = 0.0
        self.last_decode_ms = 0.0
        self._device = choose_device(device)
        self._network = model.network.to(self._device).eval()
        self._text = model.text
        self._trained = {phrase_key(word) for word in model.info.trained_words}
        self._background = tuple(dict.fromkeys(map(phrase_key, model.info.background)))
        self._patch = model.network.config.patch
        self._short = model.info.short or model.info.window
        shares = [int(cache_bytes * share) for share in (FEATURES_SHARE, PREPARED_SHARE)]
        self._features: ByteCache[Features] = ByteCache(shares[0])
        self._prepared: ByteCache[Prepared] = ByteCache(shares[1])
        self._logits: ByteCache[NDArray[np.float32]] = ByteCache(cache_bytes - sum(shares))
        self._lock = RLock()

    @property
    def name(self) -> str:
        """Return the name of the model that answers."""
        return self.info.name

    @property
    def version(self) -> str:
        """Return the version of the model that answers."""
        return self.info.version

    @property
    def device(self) -> str:
        """Return "cpu" or "cuda"."""
        return self._device.type

    @property
    def cached_bytes(self) -> int:
        """Return the bytes now held by the caches; never more than `cache_bytes`."""
        with self._lock:
            return self._features.bytes + self._prepared.bytes + self._logits.bytes

    def trained(self, word: Word | str) -> bool:
        """Return whether the heads were trained on the word or on one of its phrases."""
        spellings = (word,) if isinstance(word, str) else (word.name, *word.phrases)
        return any(phrase_key(spelling) in self._trained for spelling in spellings)

    def encode(self, image: NDArray[np.uint8], digest: str) -> Encoded:
        """Run the tower over the windows of `image` (HxWx3 upright RGB) that are not cached.

        `digest` names the pixels: the same digest must always come with the same image.
        """
        height, width = image.shape[:2]
        with self._lock:
            places: list[Place] = []
            features: list[Features] = []
            for scale in self.settings.scales:
                some = self._places(height, width, scale)
                places += some
                features += self._encode_scale(image, digest, scale, some)
        return Encoded(digest, height, width, tuple(places), tuple(features))

    def embed(self, phrases: Sequence[str], templates: Sequence[str] = ()) -> NDArray[np.float32]:
        """Return unit text embeddings CxE, one row per phrase; no templates: the model's own.

        Raise CheckpointError for a model that cannot read words.
        """
        if self._text is None:
            msg = "This model has no text tower and cannot read words; choose another model."
            raise CheckpointError(msg)
        with self._lock:
            rows = self._text.encode(phrases, tuple(templates) or self.info.templates)
        return np.asarray(torch.as_tensor(rows).float().cpu().numpy())

    def scores(
        self, encoded: Encoded, words: Sequence[Word], templates: Sequence[str] = ()
    ) -> ScoreMaps:
        """Return the score maps of `words`, decoding only phrases this image has not seen.

        Phrases are put into `templates`, sentences that hold {} (none: the model's own).

        A word's map is the maximum over its phrases. The calibration of the model is subtracted
        from words it was trained on (Section 4.1 of the paper: seen classes would win
        otherwise), so their values can lie a little below 0. Where the model's readout is a
        softmax, it is taken over the phrases of all words and of the model's background; the
        logits it is taken of are kept, so that here too a new word costs its own phrases alone.
        """
        sentences = tuple(templates) or tuple(self.info.templates)
        spelled = [
            tuple(dict.fromkeys(map(phrase_key, word.phrases or (word.name,)))) for word in words
        ]
        asked = tuple(dict.fromkeys(phrase for some in spelled for phrase in some))
        maps = np.zeros((len(words), *self._canvas(encoded)), dtype=np.float32)
        nobody = None
        if asked:
            behind = tuple(phrase for phrase in self._background if phrase not in asked)
            joined = self._joined(encoded, asked + behind, sentences)
            index = {phrase: i for i, phrase in enumerate(asked)}
            for k, (word, some) in enumerate(zip(words, spelled, strict=True)):
                maps[k] = joined[[index[phrase] for phrase in some]].max(axis=0)
                maps[k] -= self.info.calibration if self.trained(word) else 0.0
            if behind or self.info.none:
                nobody = joined[len(asked) :].max(axis=0, initial=self.info.none)
        return ScoreMaps(
            words=tuple(words),
            probabilities=maps,
            height=encoded.height,
            width=encoded.width,
            grain=float(self.settings.detail),
            templates=sentences,
            nobody=nobody,
        )

    def clear(self) -> None:
        """Forget all cached features and logits."""
        with self._lock:
            self._features.clear()
            self._prepared.clear()
            self._logits.clear()

    def _places(self, height: int, width: int, scale: float) -> list[Place]:
        short = round(self._short * scale)
        factor = short / min(height, width)
        high, wide = int(height * factor + 0.5), int(width * factor + 0.5)
        cut = images.windows(high, wide, self.info.window, self.info.stride)
        return [Place(high, wide, window) for window in cut]

    def _canvas(self, encoded: Encoded) -> tuple[int, int]:
        place = max(encoded.places, key=lambda one: one.height)
        return canvas_size(place.height, place.width, self._patch / self.settings.detail)

    def _encode_scale(
        self, image: NDArray[np.uint8], digest: str, scale: float, places: Sequence[Place]
    ) -> list[Features]:
        keys = [(digest, image.shape[:2], place) for place in places]
        held = [self._features.get(key) for key in keys]
        missing = [i for i, features in enumerate(held) if features is None]
        if missing:
            started = time.perf_counter()
            short = round(self._short * scale)
            resized = images.resize_short(image, short, average=self.info.average)
            for some in _batches(missing, self.settings.batch):
                fresh = self._run_tower(resized, [places[i] for i in some])
                for i, features in zip(some, fresh, strict=True):
                    held[i] = features
                    self._features.put(keys[i], features, size=_size(features))
            self.last_encode_ms = 1000 * (time.perf_counter() - started)
        return [features for features in held if features is not None]

    @torch.inference_mode()
    def _run_tower(self, resized: NDArray[np.uint8], places: Sequence[Place]) -> list[Features]:
        crops = [
            images.normalise(_crop(resized, place), self.info.mean, self.info.std)
            for place in places
        ]
        batch = torch.from_numpy(np.stack(crops)).to(self._device)
        features = self._network.encode(batch)
        if self._device.type == "cuda":
            torch.cuda.synchronize()
        self.encodes += len(places)
        return [_one(features, i) for i in range(len(places))]

    def _joined(
        self, encoded: Encoded, phrases: Sequence[str], templates: tuple[str, ...]
    ) -> NDArray[np.float32]:
        """Return the probabilities `Pxhxw` of phrases over the whole image."""
        with self._lock:
            logits = self._phrase_logits(encoded, phrases, templates)
        return stitch(
            np.stack([logits[phrase] for phrase in phrases], axis=1),
            encoded.places,
            self._canvas(encoded),
            patch=self._patch,
            readout=self.info.readout,
        )

    def _phrase_logits(
        self, encoded: Encoded, phrases: Sequence[str], templates: tuple[str, ...]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the logits `Wxhxw` of every phrase over the windows of the image."""
        image_key = (encoded.digest, encoded.height, encoded.width)
        found = {phrase: self._logits.get((image_key, templates, phrase)) for phrase in phrases}
        known = {phrase: grid for phrase, grid in found.items() if grid is not None}
        missing = [phrase for phrase in phrases if phrase not in known]
        if missing:
            started = time.perf_counter()
            fresh = self._run_decoders(encoded, missing, templates)
            for c, phrase in enumerate(missing):
                grid = np.ascontiguousarray(fresh[:, c])
                known[phrase] = grid
                self._logits.put((image_key, templates, phrase), grid, size=grid.nbytes)
            self.last_decode_ms = 1000 * (time.perf_counter() - started)
        return known

    @torch.inference_mode()
    def _run_decoders(
        self, encoded: Encoded, phrases: Sequence[str], templates: tuple[str, ...]
    ) -> NDArray[np.float32]:
        text = torch.from_numpy(self.embed(phrases, templates)).to(self._device)
        parts = [
            self._network.decode(ready, text).float().cpu().numpy()
            for ready in self._ready(encoded)
        ]
        self.decodes += len(phrases)
        return np.concatenate(parts)

    def _ready(self, encoded: Encoded) -> Iterator[Prepared]:
        """Yield the features of a few windows at a time, with the decoders' keys and values."""
        for part, some in enumerate(_batches(encoded.features, self.settings.batch)):
            key = (encoded.digest, encoded.height, encoded.width, part)
            ready = self._prepared.get(key)
            if ready is None:
                ready = self._network.prepare(_together(some))
                self._prepared.put(key, ready, size=ready.nbytes)
            yield ready


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


def _together(features: Sequence[Features]) -> Features:
    return replace(
        features[0],
        stages=torch.cat([one.stages for one in features]),
        cls=torch.cat([one.cls for one in features]),
    )


def _size(features: Features) -> int:
    return features.stages.nbytes + features.cls.nbytes


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
