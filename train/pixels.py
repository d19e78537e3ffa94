"""Teach a classifier of pixels what the corrected words look like (core.model.pixels).

How much it counts is chosen on images it has not seen; then it is taught by these, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.images import open_image
from cascadeclip.core.model.pixels import AXES, Layer, PixelClassifier
from cascadeclip.core.texture import CHANNELS, texture
from cascadeclip.train.data.corrections import UNKNOWN, Correction, Truth
from cascadeclip.train.gate import Tried
from cascadeclip.train.measuring import Fitted, agreement, check
from cascadeclip.train.planes import IGNORED, POSITIVE, planes
from cascadeclip.train.prototypes import vectors_of

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.train.events import Stopped
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
HIDDEN = 96
STEPS, BATCH, RATE, DECAY = 600, 2048, 3e-3, 1e-3
SMOOTHING = 0.01
"""No pixel is taken for surer than this of what was said about it: outlines are drawn by hand."""
RIDGE = 1.0
"""The mean spread of patches is added to the spread along every axis: few patches tell little."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """Hold a model with a pixel classifier, or without where that was better.

    `validation` is the mIoU by share (0: none), `agreement` that of protected words with the
    parent.
    """

    model: LoadedModel
    validation: Mapping[float, float]
    agreement: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Hold pixels: what is known of them NxC, and what was said NxK (POSITIVE, ..., IGNORED)."""

    rows: Tensor
    said: Tensor


def learn(
    model: LoadedModel, parent: LoadedModel, material: Material, examiner: Examiner, seed: int
) -> Learnt:
    """Teach a model's classifier of pixels anew, and choose how much it counts.

    It takes the place of one that the model has, and of prototypes: they know the same marks. Of
    the shares that leave protected words alone (`Tried.allowed`) and are better than none, the
    first of SHARES is taken that is about as good as the best; else the best of all.
    """
    without, bare = replace(model, pixels=None), replace(model, pixels=None, prototypes=None)
    near = examiner.of_one_tower()
    teacher = Teacher(bare, material, near, seed)
    first = teacher.taught(material.fit)
    if first is None:
        return Learnt(without, {})
    judged = material.choose[:: max(1, ceil(len(material.choose) / JUDGED))]
    found = {0.0: near.judged(bare, judged)}
    found |= {share: near.judged(_with(bare, first, share), judged) for share in SHARES}
    whole = teacher.taught((*material.fit, *material.choose))
    if whole is None or max(found, key=lambda share: found[share]) == 0:
        return Learnt(without, found)
    before = examiner.protected(parent, parent)
    options: list[Learnt] = []
    for share in _order(found):
        made = _with(bare, whole, share)
        options.append(Learnt(made, found, agreement(before, examiner.protected(made, parent))))
        if Tried(found[share], options[-1].agreement).allowed:
            return options[-1]
    return options[0]


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
        rows, labels = [], []
        each = max(1, PATCHES // len(images))
        rng = np.random.default_rng(self._seed)
        for image in images:
            vectors, truth = self._patches(engine, image)
            told = truth.sampled(*vectors.shape[:2]).labels.ravel()
            known = rng.permutation(np.flatnonzero(told != UNKNOWN))[:each]
            rows.append(vectors.reshape(-1, vectors.shape[2])[known])
            labels.append(told[known])
        if not any(map(len, labels)):
            return None
        mean, axes = discriminants(np.concatenate(rows), np.concatenate(labels))
        names = tuple((str(word),) for word in words)
        silent = (torch.zeros(len(words), CHANNELS + AXES), torch.zeros(len(words)))
        return PixelClassifier(
            names, torch.from_numpy(mean), torch.from_numpy(axes), (silent,), share=1.0
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
        patches = engine.patches(engine.encode(open_image(image.path), image.digest))
        return vectors_of(patches), image.truth()


def draw(truth: Truth, words: Sequence[int], count: int, rng: np.random.Generator) -> Iterator[int]:
    """Yield places of at most `count` pixels, evenly from each word and from what is none.

    Where nobody said what a pixel is, but that it is not one of `words`, it is of one kind more.
    """
    labels = truth.labels.ravel()
    refused = np.zeros(labels.shape, dtype=bool)
    for word, mask in truth.rejected:
        if word in words:
            refused |= mask.ravel()
    kinds = [np.flatnonzero(labels == one) for one in np.unique(labels[labels != UNKNOWN])]
    kinds.append(np.flatnonzero(refused & (labels == UNKNOWN)))
    kinds = [one for one in kinds if len(one)]
    for places in kinds:
        yield from rng.permutation(places)[: max(1, count // len(kinds))].tolist()


def discriminants(rows: Floats, labels: npt.NDArray[np.int16]) -> tuple[Floats, Floats]:
    """Return the mean D of patches MxD, and the axes DxAXES along which their labels differ most.

    Linear discriminants (Fisher, 1936; Rao, 1948) with a ridge; where there are fewer labels than
    axes, the rest are those along which patches differ most within a label. Rows so projected have
    no spread within a label larger than 1.
    """
    mean = rows.mean(axis=0)
    middle = rows - mean
    names, numbers = np.unique(labels, return_inverse=True)
    means = np.stack([middle[numbers == at].mean(axis=0) for at in range(len(names))])
    within = middle - means[numbers]
    scatter = (within.T @ within) / np.float32(len(rows))
    size = len(mean)
    ridge = RIDGE * float(np.trace(scatter)) / size + 1e-8
    spread, turned = np.linalg.eigh(scatter + np.float32(ridge) * np.eye(size, dtype=np.float32))
    white = turned / np.sqrt(np.maximum(spread, ridge))
    _, _, between = np.linalg.svd(means @ white, full_matrices=False)
    axes = np.concatenate((white @ between.T[:, :AXES], turned[:, ::-1]), axis=1)[:, :AXES]
    if size < AXES:
        axes = np.pad(axes, ((0, 0), (0, AXES - axes.shape[1])))
    return mean, np.ascontiguousarray(axes, dtype=np.float32)


def fit(samples: Samples, seed: int, stopped: Stopped) -> tuple[Layer, ...]:
    """Return layers that tell the words of `samples` apart: cross entropy of each, yes or no.

    What nobody said weighs nothing. Deterministic.
    """
    rows, said = samples.rows, samples.said
    centre, spread = rows.mean(dim=0), rows.std(dim=0, correction=0) + 1e-3
    aim = (said == POSITIVE).float() * (1 - 2 * SMOOTHING) + SMOOTHING
    known = (said != IGNORED).float()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = nn.Sequential(
            nn.Linear(rows.shape[1], HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, said.shape[1]),
        )  # fmt: skip
        optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
        for step in range(STEPS):
            check(stopped)
            for group in optimiser.param_groups:
                group["lr"] = RATE * (1 - step / STEPS)
            some = torch.randint(len(rows), (BATCH,))
            logits = net((rows[some] - centre) / spread)
            loss = functional.binary_cross_entropy_with_logits(logits, aim[some], reduction="none")
            optimiser.zero_grad()
            ((loss * known[some]).sum() / BATCH).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    first, *rest = [
        (one.weight.detach(), one.bias.detach()) for one in net if isinstance(one, nn.Linear)
    ]
    # the network is shown rows as they are: the first layer brings them to the middle
    weight = first[0] / spread
    return (weight, first[1] - weight @ centre), *rest


def _both(said: Tensor) -> bool:
    """Tell whether a word was said of some pixels and denied of others."""
    return bool((said == POSITIVE).any()) and bool(((said != POSITIVE) & (said != IGNORED)).any())
