"""Teach a classifier of pixels what the corrected words look like (core.model.pixels).

How much it counts is chosen on images it has not seen; then it is taught by these, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.engine.perceiving import hear
from cascadeclip.core.images import open_image
from cascadeclip.core.model.pixels import AXES, PixelClassifier
from cascadeclip.core.model.prototypes import vectors_of
from cascadeclip.core.texture import CHANNELS, texture
from cascadeclip.train.data.corrections import UNKNOWN, Correction, Truth
from cascadeclip.train.measuring import Fitted, check
from cascadeclip.train.perceptron import Samples, discriminants, draw, familiar, fit
from cascadeclip.train.planes import IGNORED, POSITIVE, planes
from cascadeclip.train.prototypes import groups_of
from cascadeclip.train.shown import Shown, allowed

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.train.material import Material
    from cascadeclip.train.measuring import Examiner

SHARES = (0.75, 0.5, 1.0, 0.25)
ALIKE = 0.02
"""Shares whose mIoU on the few images that choose differs by less count as equally good."""
PER_IMAGE = 6000
MOST = 400_000
"""So many pixels of an image are learnt from, and of all images together."""
PATCHES = 20_000
"""So many patches say along which axes words differ."""
JUDGED = 24
"""On so many images the share is chosen at most."""
SEEN_BYTES = 1 << 30
"""So much of what the tower made of images is kept while classifiers are taught."""

Floats = npt.NDArray[np.float32]


def learn(
    model: LoadedModel, parent: LoadedModel, material: Material, examiner: Examiner, seed: int
) -> Shown:
    """Teach a model's classifier of pixels anew, and choose how much it counts.

    It takes the place of one that the model has, and of prototypes: they know the same marks. Of
    the shares that leave protected words alone (`Tried.allowed`) and are better than none, the
    first of SHARES is taken that is about as good as the best; else the best of all.
    """
    without, bare = replace(model, pixels=None), replace(model, pixels=None, prototypes=None)
    teacher = Teacher(bare, material, examiner, seed)
    first = teacher.taught(material.fit)
    if first is None:
        return Shown(without, {})
    found = _tried(bare, first, material, examiner)
    whole = teacher.taught((*material.fit, *material.choose))
    if whole is None or max(found, key=lambda share: found[share]) == 0:
        return Shown(without, found)
    made = ((_with(bare, whole, share), found[share]) for share in _order(found))
    return allowed(made, parent, examiner, found) or Shown(without, found)


def _tried(
    bare: LoadedModel, first: PixelClassifier, material: Material, examiner: Examiner
) -> dict[float, float]:
    """Return the mIoU by share on images that choose; each is looked at once."""
    words, shown = material.corrections.words, []
    with examiner.looking(replace(bare, pixels=first)) as engine:
        for image in material.choose[:: max(1, ceil(len(material.choose) / JUDGED))]:
            check(examiner.stopped)
            encoded = engine.encode(open_image(image.path), image.digest)
            shown.append((image, engine.scores(replace(encoded, said=None), words), encoded.said))
    found = {0.0: examiner.told([(image, maps) for image, maps, _ in shown], bare.info.adjusted)}
    for share in SHARES:
        made = _with(bare, first, share)
        heard = [(image, hear(maps, said, made.pixels)) for image, maps, said in shown]
        found[share] = examiner.told(heard, made.info.adjusted)
    return found


def recalibrate(model: LoadedModel, material: Material, examiner: Examiner) -> Fitted:
    """Find what the probabilities of a model with a classifier mean.

    On the images that choose: they are looked at with one that the others alone have taught.
    """
    first = Teacher(replace(model, pixels=None), material, examiner, 0).taught(material.fit)
    if first is not None and model.pixels is not None:
        model = replace(model, pixels=replace(first, share=model.pixels.share))
    return examiner.calibrated(model, material.choose)


def _with(model: LoadedModel, pixels: PixelClassifier, share: float) -> LoadedModel:
    """Return the model with a classifier; what scores of its words meant, they meant without."""
    told = tuple(one for one in model.info.adjusted if pixels.word(one[0]) is None)
    return replace(
        model, pixels=replace(pixels, share=share), info=replace(model.info, adjusted=told)
    )


def _order(found: Mapping[float, float]) -> list[float]:
    """Return the shares that are better than none: those about as good as the best come first."""
    better = [share for share in SHARES if found[share] > found[0.0]]
    best = max(found[share] for share in better)
    alike = [share for share in better if found[share] >= best - ALIKE]
    return alike + sorted(set(better) - set(alike), key=lambda share: -found[share])


class Teacher:
    """Teach classifiers by the images of one run, with what one model's tower makes of them."""

    def __init__(
        self, model: LoadedModel, material: Material, examiner: Examiner, seed: int
    ) -> None:
        self._model = model
        self._material = material
        self._examiner = examiner
        self._seed = seed
        self._seen: ByteCache[Floats] = ByteCache(SEEN_BYTES)

    def taught(self, images: Sequence[Correction]) -> PixelClassifier | None:
        """Return a classifier of all that was said about these images; it counts in full.

        None where no word was marked that something else was not, or nothing as large as a patch.
        """
        words = tuple(self._material.corrected)
        with self._examiner.looking(self._model) as engine:
            blank = self._blank(engine, images, words)
            if blank is None:
                return None
            samples = self._samples(engine, images, words, blank)
        clear = [at for at in range(len(words)) if _both(samples.said[:, at])]
        if not clear:
            return None
        layers = fit(
            Samples(samples.rows, samples.said[:, clear]), self._seed, self._examiner.stopped
        )
        vocabulary = self._material.corrections.words
        phrases = tuple(tuple(vocabulary[words[at]].phrases) for at in clear)
        return replace(blank, words=phrases, layers=layers)

    def _blank(
        self, engine: Engine, images: Sequence[Correction], words: tuple[int, ...]
    ) -> PixelClassifier | None:
        """Return a classifier that knows its axes and says nothing yet; None without a patch."""
        rows, labels, groups = [], [], []
        each, group = max(1, PATCHES // len(images)), groups_of(self._material)
        rng = np.random.default_rng(self._seed)
        for image in images:
            vectors, truth = self._patches(engine, image)
            told = truth.sampled(*vectors.shape[:2]).labels.ravel()
            known = rng.permutation(np.flatnonzero(told != UNKNOWN))[:each]
            rows.append(vectors.reshape(-1, vectors.shape[2])[known])
            labels.append(told[known])
            groups.append(np.full(len(known), group[image.digest]))
        if not any(map(len, labels)):
            return None
        patches = np.concatenate(rows)
        mean, axes = discriminants(patches, np.concatenate(labels))
        names = tuple((str(word),) for word in words)
        silent = (torch.zeros(len(words), CHANNELS + AXES), torch.zeros(len(words)))
        return PixelClassifier(
            names,
            torch.from_numpy(mean),
            torch.from_numpy(axes),
            (silent,),
            familiar(patches, np.concatenate(groups)),
            share=1.0,
        )

    def _samples(
        self,
        engine: Engine,
        images: Sequence[Correction],
        words: tuple[int, ...],
        blank: PixelClassifier,
    ) -> Samples:
        rows, said = [], []
        each = min(PER_IMAGE, max(1, MOST // len(images)))
        rng = np.random.default_rng(self._seed)
        for image in images:
            vectors, truth = self._patches(engine, image)
            look = texture(open_image(image.path))
            small = truth.sampled(*look.shape[:2])
            chosen = np.fromiter(draw(small, words, each, rng), dtype=np.intp)
            told = planes([small], words, self._material.shy)[0].reshape(len(words), -1)
            known = blank.rows(torch.from_numpy(look), torch.from_numpy(vectors))
            rows.append(known[torch.from_numpy(chosen)])
            said.append(torch.from_numpy(np.ascontiguousarray(told[:, chosen].T)))
        return Samples(torch.cat(rows), torch.cat(said))

    def _patches(self, engine: Engine, image: Correction) -> tuple[Floats, Truth]:
        check(self._examiner.stopped)
        seen = self._seen.get(image.digest)
        if seen is None:
            seen = vectors_of(engine.patches(engine.encode(open_image(image.path), image.digest)))
            self._seen.put(image.digest, seen, size=seen.nbytes)
        return seen, image.truth()


def _both(said: Tensor) -> bool:
    """Tell whether a word was said of some pixels and denied of others."""
    return bool((said == POSITIVE).any()) and bool(((said != POSITIVE) & (said != IGNORED)).any())
