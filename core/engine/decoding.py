"""From features and words to logits: each phrase decoded once per window."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.engine.encoding import features_size
from cascadeclip.core.engine.phrases import PhraseBook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.engine.encoding import Encoded
    from cascadeclip.core.engine.phrases import Text
    from cascadeclip.core.engine.runner import Runner
    from cascadeclip.core.engine.stitch import Place
    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features, Prepared


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the most bytes of prepared features, of phrases and of logits."""

    prepared: int
    phrases: int
    logits: int


class Decoding:
    """Decode phrases for windows; keep logits, keys and values, and projected phrases.

    `decodes` counts phrases that went through the decoders (once per image), `last_ms` is the time
    of the last run.
    """

    def __init__(
        self,
        model: LoadedModel,
        runner: Runner,
        limits: Limits,
        load_text: Callable[[], Text] | None,
    ) -> None:
        self.decodes = 0
        self.last_ms = 0.0
        self.phrases = PhraseBook(model.text, runner.network, limits.phrases, load_text)
        self._runner = runner
        self._growth = 1.0  # prepared features take so many times the bytes of features
        self._prepared: ByteCache[Prepared] = ByteCache(limits.prepared)
        self._logits: ByteCache[NDArray[np.float32]] = ByteCache(limits.logits)

    @property
    def bytes(self) -> int:
        """Return the bytes of everything kept."""
        return self._prepared.bytes + self.phrases.bytes + self._logits.bytes

    def clear(self) -> None:
        """Forget everything."""
        self.leave_device()
        self._logits.clear()

    def leave_device(self) -> None:
        """Forget what lies where the network lay."""
        self._prepared.clear()
        self.phrases.clear()

    def logits(
        self, encoded: Encoded, phrases: Sequence[str], templates: tuple[str, ...]
    ) -> NDArray[np.float32]:
        """Return logits `WxPxhxw`; windows that lack the same phrases are decoded together."""
        keys = [_key(encoded, place) for place in encoded.places]
        grids: list[dict[str, NDArray[np.float32]]] = []
        groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for window, key in enumerate(keys):
            held = {phrase: self._logits.get((key, templates, phrase)) for phrase in phrases}
            grids.append({phrase: grid for phrase, grid in held.items() if grid is not None})
            missing = tuple(phrase for phrase in phrases if phrase not in grids[window])
            if missing:
                groups[missing].append(window)
        if groups:
            started = time.perf_counter()
            for missing, windows in groups.items():
                fresh = self._decode(encoded, windows, missing, templates)
                for window, logits in zip(windows, fresh, strict=True):
                    for phrase, grid in zip(missing, logits, strict=True):
                        grids[window][phrase] = grid
                        self._logits.put((keys[window], templates, phrase), grid, size=grid.nbytes)
                self.decodes += len(missing)
            self.last_ms = 1000 * (time.perf_counter() - started)
        return np.stack([np.stack([held[phrase] for phrase in phrases]) for held in grids])

    def _decode(
        self,
        encoded: Encoded,
        windows: Sequence[int],
        phrases: Sequence[str],
        templates: tuple[str, ...],
    ) -> list[list[NDArray[np.float32]]]:
        """Return for each of the windows the logits `hxw` of each phrase, in memory of its own."""
        whole = sum(map(features_size, encoded.features))

        @torch.inference_mode()
        def step(some: Sequence[int]) -> list[list[NDArray[np.float32]]]:
            words = self.phrases.projected(phrases, templates, self._runner.device)
            ready = self._ready(encoded, some, whole)
            logits = self._runner.network.decode(ready, words).float().cpu().numpy()
            return [[grid.copy() for grid in window] for window in logits]

        return self._runner.room.each(windows, step)

    @torch.inference_mode()
    def stage_maps(
        self, encoded: Encoded, windows: Sequence[int], phrase: str, templates: tuple[str, ...]
    ) -> NDArray[np.float32]:
        """Return what each decoder makes of one phrase, `WxSxhxw` for these windows."""
        words = self.phrases.projected([phrase], templates, self._runner.device)
        whole = sum(map(features_size, encoded.features))
        maps = self._runner.network.stage_maps(self._ready(encoded, windows, whole), words)
        return np.asarray(maps[:, :, 0].transpose(0, 1).float().cpu().numpy())

    def prepare(self, encoded: Encoded) -> None:
        """Compute what the decoders need of the image before any word comes, where it fits."""
        whole = sum(map(features_size, encoded.features))

        @torch.inference_mode()
        def step(some: Sequence[int]) -> Sequence[int]:
            self._ready(encoded, some, whole)
            return some

        self._runner.room.each(range(len(encoded.features)), step)

    def _ready(self, encoded: Encoded, windows: Sequence[int], whole: int) -> Features | Prepared:
        """Return features with the decoders' keys and values, where the image's fit the cache.

        Where they do not, each would push out the one that is needed next: the decoders then do
        without (`Decoder.once`). `whole` is the bytes of the features of all windows.
        """
        key = tuple(_key(encoded, encoded.places[window]) for window in windows)
        ready = self._prepared.get(key)
        if ready is not None:
            return ready
        features = _together([encoded.features[window] for window in windows], self._runner.device)
        if whole * self._growth > self._prepared.limit:
            return features
        ready = self._runner.network.prepare(features)
        self._growth = ready.nbytes / features_size(features)
        self._prepared.put(key, ready, size=ready.nbytes)
        return ready


def _key(encoded: Encoded, place: Place) -> object:
    return (encoded.digest, encoded.height, encoded.width, place)


def _together(features: Sequence[Features], device: torch.device) -> Features:
    return replace(
        features[0],
        stages=torch.cat([one.stages for one in features]).to(device),
        cls=torch.cat([one.cls for one in features]).to(device),
    )
