"""The engine: the image tower runs once per image, the decoders once per phrase.

Cascade-CLIP's tower sees only the image, and queries never attend to each other (Section 3), so
the map of a phrase depends on the image and that phrase alone. Features are cached per window, in
memory and on disk, the decoders' keys and values per window, what a word alone is to the decoders
per phrase, logits per window and phrase at patch resolution; whatever changes only which words are
asked for, their order, colour or the threshold decodes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.engine.calibration import calibrate
from cascadeclip.core.engine.decoding import Decoding, Limits
from cascadeclip.core.engine.encoding import Encoded, Encoding, EngineSettings, Run, never
from cascadeclip.core.engine.heap import give_back
from cascadeclip.core.engine.perceiving import Said, hear, perceive
from cascadeclip.core.engine.reading import Reader
from cascadeclip.core.engine.recalling import recall
from cascadeclip.core.engine.runner import Parts, Runner
from cascadeclip.core.engine.stitch import average, canvas_size, plain, stitch
from cascadeclip.core.engine.threads import threaded, threads_for
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.vocabulary import phrase_key, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.engine.encoding import Arrived
    from cascadeclip.core.engine.stitch import Place
    from cascadeclip.core.images import Window
    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features
    from cascadeclip.core.model.prototypes import Prototypes
    from cascadeclip.core.values import Word

__all__ = ["Encoded", "Engine", "EngineSettings", "Parts"]

CACHE_BYTES = 256 << 20
FEATURES_SHARE, PREPARED_SHARE, PHRASES_SHARE = 0.35, 0.35, 0.05
MAPS_SHARE, PERCEIVED_SHARE = 0.15, 0.02


class Engine:
    """Answer with score maps for words; every method may be called from any thread."""

    def __init__(
        self,
        model: LoadedModel,
        *,
        device: str = "auto",
        cache_bytes: int = CACHE_BYTES,
        settings: EngineSettings | None = None,
        parts: Parts | None = None,
    ) -> None:
        parts = parts or Parts()
        self.settings = settings or EngineSettings()
        self.info = model.info
        self.threads = threads_for(model)
        self._trained = {phrase_key(word) for word in model.info.trained_words}
        self._background = tuple(dict.fromkeys(map(phrase_key, model.info.background)))
        self._patch = model.network.config.patch
        self._reader = Reader(model.text)
        self._prototypes = model.prototypes
        self._pixels = model.pixels
        parts_of = (FEATURES_SHARE, PREPARED_SHARE, PHRASES_SHARE, MAPS_SHARE, PERCEIVED_SHARE)
        shares = [int(cache_bytes * share) for share in parts_of]
        self._runner = Runner(
            model,
            parts,
            device=device,
            batch=self.settings.batch,
            moved=lambda: self._decoding.leave_device(),
        )
        self._encoding = Encoding(model, self._runner, parts.store, shares[0])
        limits = Limits(shares[1], shares[2], cache_bytes - sum(shares))
        self._decoding = Decoding(model, self._runner, limits, parts.load_text)
        self._maps: ByteCache[NDArray[np.float32]] = ByteCache(shares[3])
        self._perceived: ByteCache[Said] = ByteCache(shares[4])
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
        return self._runner.device.type

    @property
    def backend(self) -> str:
        """Return what runs the tower, such as "onnxruntime cpu int8"."""
        return self._runner.backend.name

    @property
    def reason(self) -> str:
        """Say in a few words why this backend runs the tower; nothing where nobody chose."""
        return self._runner.reason

    @property
    def encodes(self) -> int:
        """Count the windows that went through the tower."""
        return self._encoding.encodes

    @property
    def decodes(self) -> int:
        """Count the phrases that went through the decoders, once per image."""
        return self._decoding.decodes

    @property
    def last_encode_ms(self) -> float:
        """Return how long the last run of the tower took."""
        return self._encoding.last_ms

    @property
    def last_decode_ms(self) -> float:
        """Return how long the last run of the decoders took."""
        return self._decoding.last_ms

    @property
    def cached_bytes(self) -> int:
        """Return the bytes now held by the caches in memory; never more than `cache_bytes`."""
        with self._lock:
            held = (self._encoding.features, self._decoding, self._maps, self._perceived)
            return sum(one.bytes for one in held)

    @property
    def resting(self) -> bool:
        """Return whether nothing is in memory that `rest` could let go of."""
        with self._lock:
            return self._decoding.phrases.resting

    def trained(self, word: Word | str) -> bool:
        """Return whether the word, or one of its phrases, was trained on or shown by a person."""
        return self._learnt(word) or self._was_shown(word)

    def knows(self, word: Word | str) -> bool:
        """Return whether the model can read the word or one of its phrases, or was shown it."""
        return self._reader.knows(word) or self._was_shown(word)

    def _learnt(self, word: Word | str) -> bool:
        return any(phrase_key(spelling) in self._trained for spelling in spellings(word))

    def _was_shown(self, word: Word | str) -> bool:
        shown = [one for one in (self._prototypes, self._pixels) if one is not None]
        return any(one.word(phrase) is not None for one in shown for phrase in spellings(word))

    def use_prototypes(self, prototypes: Prototypes | None) -> None:
        """Answer with these prototypes from now on, or with none; nothing is decoded again."""
        with self._lock:
            self._prototypes = prototypes
            self._maps.clear()

    @threaded
    def encode(
        self,
        image: NDArray[np.uint8],
        digest: str,
        *,
        first: Window | None = None,
        arrived: Arrived | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> Encoded:
        """Run the tower over the windows of `image` (HxWx3 upright RGB) that are not cached.

        `digest` names the pixels: the same digest must always come with the same image. Windows
        near `first`, the part of the image in sight, come first, and `arrived` gets those that
        are there whenever more are still to come. When `stopped()` turns true no more windows are
        begun, and what is there is returned. The decoders' keys and values belong to what is
        done once: they are computed here for an image that is new.
        """
        height, width = image.shape[:2]
        with self._lock:
            before, done = self.encodes, Encoded(digest, height, width, (), ())
            for scale in self.settings.scales:
                places = self._encoding.places(height, width, scale)
                run = Run(image, digest, scale, places, first, stopped or never)
                tell = arrived if scale == self.settings.scale else None
                found = self._encoding.windows(run, tell)
                done = done.joined(run.encoded(found))
            if self.encodes > before and done.whole:
                self._decoding.prepare(done)
        return replace(done, said=self._said(image, done))

    def _said(self, image: NDArray[np.uint8], done: Encoded) -> Said | None:
        """Return what the pixel classifier, where there is one, says of an image that is whole."""
        if self._pixels is None or not done.whole:
            return None
        key = (done.digest, done.height, done.width)
        with self._lock:
            said = self._perceived.get(key)
        if said is None:
            said = perceive(self._pixels, image, self.patches(done), self._canvas(done))
            with self._lock:
                self._perceived.put(key, said, size=said.nbytes)
        return said

    @threaded
    def patches(self, encoded: Encoded) -> NDArray[np.float32]:
        """Return what the tower sees patch by patch, SxExrxc: unit vectors for every stage.

        Windows are joined on one grid that covers the image; nothing runs through the tower.
        """
        main, places, canvas = self._grid(encoded)
        stages = []
        for stage in range(encoded.features[main[0]].stages.shape[1]):
            maps = [_map(encoded.features[at], stage) for at in main]
            joined = average(maps, places, canvas, patch=self._patch, read=plain)
            stages.append(joined / np.maximum(np.linalg.norm(joined, axis=0), 1e-6))
        return np.stack(stages)

    @threaded
    def stage_maps(
        self, encoded: Encoded, phrase: str, templates: Sequence[str] = ()
    ) -> NDArray[np.float32]:
        """Return what each decoder makes of one phrase, Sxrxc logits: M_1 to M_S of Fig. 6.

        On the grid of `patches`; nothing runs through the tower.
        """
        main, places, canvas = self._grid(encoded)
        sentences = tuple(templates) or tuple(self.info.templates)
        with self._lock:
            maps = self._decoding.stage_maps(encoded, main, phrase_key(phrase), sentences)
        return average(list(maps), places, canvas, patch=self._patch, read=plain)

    def _grid(self, encoded: Encoded) -> tuple[list[int], list[Place], tuple[int, int]]:
        """Return the windows of the main scale, where they lie, and rows and columns for all."""
        tall = encoded.places[0].height
        main = [at for at, place in enumerate(encoded.places) if place.height == tall]
        places = [encoded.places[at] for at in main]
        return main, places, canvas_size(tall, places[0].width, self._patch)

    @threaded
    def embed(self, phrases: Sequence[str], templates: Sequence[str] = ()) -> NDArray[np.float32]:
        """Return unit text embeddings CxE, one row per phrase; no templates: the model's own.

        Does not wait for images that go through the tower meanwhile. Raise CheckpointError for a
        model that cannot read words.
        """
        rows = self._decoding.phrases.embed(phrases, tuple(templates) or self.info.templates)
        return np.asarray(rows.cpu().numpy())

    @threaded
    def scores(
        self, encoded: Encoded, words: Sequence[Word], templates: Sequence[str] = ()
    ) -> ScoreMaps:
        """Return the score maps of `words`, decoding only phrases this image has not seen.

        Phrases are put into `templates`, sentences that hold {} (none: the model's own).

        What prototypes say is added to the logits of their words' phrases, and a word's map is the
        maximum over its phrases. The calibration of the model is subtracted
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
        behind = tuple(phrase for phrase in self._background if phrase not in asked)
        joined = self._joined(encoded, asked + behind, sentences) if asked else {}
        maps = self._stacked(joined, spelled, self._canvas(encoded))
        for k, (word, some) in enumerate(zip(words, spelled, strict=True)):
            for phrase in some[1:]:
                np.maximum(maps[k], joined[phrase], out=maps[k])
            if self.info.calibration and self._learnt(word):
                maps[k] -= self.info.calibration
        found = ScoreMaps(
            words=tuple(words),
            probabilities=maps,
            height=encoded.height,
            width=encoded.width,
            grain=float(self.settings.detail),
            templates=sentences,
            nobody=self._nobody(joined, behind) if asked else None,
        )
        heard = hear(found, encoded.said, self._pixels)
        return calibrate(heard, self.info.adjusted)

    @staticmethod
    def _stacked(
        joined: Mapping[str, NDArray[np.float32]],
        spelled: Sequence[tuple[str, ...]],
        canvas: tuple[int, int],
    ) -> NDArray[np.float32]:
        """Return the map of every word's first phrase as one array of the caller's own.

        Where every word is one phrase and all are new, they lie in one array already, in order,
        that nobody else keeps.
        """
        rows = [joined[some[0]] for some in spelled]
        whole = rows[0].base if rows and max(map(len, spelled)) == 1 else None
        if whole is not None and len(whole) == len(rows):
            begins = zip(rows, whole, strict=True)
            if all(row.ctypes.data == one.ctypes.data for row, one in begins):
                return whole
        return np.stack(rows) if rows else np.empty((0, *canvas), dtype=np.float32)

    def _nobody(
        self, joined: Mapping[str, NDArray[np.float32]], behind: Sequence[str]
    ) -> NDArray[np.float32] | None:
        """Return what a word must pass to get a pixel: the best background word, or the least."""
        if not (behind or self.info.none):
            return None
        some = next(iter(joined.values()))
        nobody = np.full(some.shape, self.info.none, dtype=np.float32)
        for phrase in behind:
            np.maximum(nobody, joined[phrase], out=nobody)
        return nobody

    def clear(self) -> None:
        """Forget all cached features and logits in memory; the disk keeps its own."""
        with self._lock:
            self._encoding.features.clear()
            self._decoding.clear()
            self._maps.clear()
            self._perceived.clear()

    def rest(self) -> None:
        """Let go of what only new words need; the next new word reads it again."""
        with self._lock:
            self._decoding.phrases.rest()
        give_back()

    def _canvas(self, encoded: Encoded) -> tuple[int, int]:
        place = max(encoded.places, key=lambda one: one.height)
        return canvas_size(place.height, place.width, self._patch / self.settings.detail)

    def _joined(
        self, encoded: Encoded, phrases: Sequence[str], templates: tuple[str, ...]
    ) -> Mapping[str, NDArray[np.float32]]:
        """Return the probabilities `hxw` of each phrase over the whole image.

        A sigmoid's are kept: they are the same whoever else is asked for. Those of windows still
        to come are not.
        """
        alone = self.info.readout == "sigmoid" and encoded.whole
        key = (encoded.digest, encoded.height, encoded.width, templates)
        with self._lock:
            held = {phrase: self._maps.get((key, phrase)) for phrase in phrases} if alone else {}
            kept = {phrase: map_ for phrase, map_ in held.items() if map_ is not None}
            missing = [phrase for phrase in phrases if phrase not in kept]
            if missing:
                logits = self._decoding.logits(encoded, missing, templates)
                recall(logits, encoded, missing, self._prototypes)
        if not missing:
            return kept
        fresh = stitch(
            logits,
            encoded.places,
            self._canvas(encoded),
            patch=self._patch,
            readout=self.info.readout,
        )
        for phrase, map_ in zip(missing, fresh, strict=True):
            kept[phrase] = map_
            if alone:
                with self._lock:
                    self._maps.put((key, phrase), map_.copy(), size=map_.nbytes)
        return kept


def _map(features: Features, stage: int) -> NDArray[np.float32]:
    """Return the patches of one stage as ExHxW."""
    rows = features.stages[0, stage].float().cpu()
    return np.asarray(rows.T.reshape(-1, *features.grid).numpy())
