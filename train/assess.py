"""Measuring as the paper does: a sliding window over labelled images, mIoU of seen and unseen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.images import Window, normalise, resize_short, windows
from cascadeclip.core.model import CascadeCLIP, DenseCLIP, TextEncoder
from cascadeclip.core.model.config import IMAGENET_MEAN, IMAGENET_STD
from cascadeclip.train.data.labelled import LabelledSet
from cascadeclip.train.metrics import ConfusionMatrix, harmonic

_ENLARGED_AT_ONCE = 2**26  # numbers; 256 MiB

Progress = Callable[[int, int], None]
# How logits BxCxHxW become probabilities, by the names of ModelInfo.
READOUTS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid_,
    "softmax": partial(torch.softmax, dim=1),
}


@dataclass(frozen=True, slots=True)
class Sliding:
    """Say how a network looks at an image and how its answers are counted.

    The image is resized to the `short` side; windows of `window` pixels, `stride` apart, go
    through the network `batch` at a time. `calibration` is subtracted from the probabilities of
    seen words: 0.1 in the inductive setting, 0 in all others (section 4.1 of the paper; its code
    does not do it after self-training). Without `split` every word counts as seen and only the
    plain mean is told, as the paper does across data sets. `mean` and `std` normalise RGB in
    0..255, `average` is the model's way to shrink images and `readout` its way to turn logits
    into probabilities (ModelInfo).
    """

    window: int = 512
    stride: int = 426
    short: int = 512
    calibration: float = 0.1
    split: bool = True
    batch: int = 1
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    average: bool = False
    readout: str = "sigmoid"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Hold what `count` images told, 0..1, nan where nothing was counted.

    `iou` stands beside `words`; `mean` is over all words, `seen` and `unseen` over theirs,
    `harmonic` is 2SU / (S + U), `accuracy` the share of labelled pixels that are right.
    """

    words: tuple[str, ...]
    iou: tuple[float, ...]
    seen: float
    unseen: float
    harmonic: float
    mean: float
    accuracy: float
    count: int

    def to_json(self) -> dict[str, object]:
        """Return percentages by name, rounded to 2 decimals as the paper's code prints them."""
        return {
            "images": self.count,
            "words": len(self.words),
            "miou": _percent(self.mean),
            "miou_seen": _percent(self.seen),
            "miou_unseen": _percent(self.unseen),
            "hiou": _percent(self.harmonic),
            "pixel_accuracy": _percent(self.accuracy),
            "per_word": {
                word: _percent(iou) for word, iou in zip(self.words, self.iou, strict=True)
            },
        }

    def rows(self, *, per_word: bool = False) -> list[str]:
        """Return the lines of a table a person reads; percent, a dash where nothing counted."""
        named = [
            ("mIoU, all words", self.mean),
            ("mIoU, seen (S)", self.seen),
            ("mIoU, unseen (U)", self.unseen),
            ("hIoU", self.harmonic),
            ("pixel accuracy", self.accuracy),
        ]
        if math.isnan(self.unseen):  # every word counts as seen: the first line says it all
            named = [named[0], named[-1]]
        if per_word:
            named += [(f"  {word}", iou) for word, iou in zip(self.words, self.iou, strict=True)]
        wide = max(len(name) for name, _ in named)
        return [f"{name:<{wide}}  {_shown(value)}" for name, value in named]


def _percent(value: float) -> float | None:
    return None if math.isnan(value) else round(100 * value, 2)


def _shown(value: float) -> str:
    return "     -" if math.isnan(value) else f"{100 * value:6.2f}"


def assess(
    network: CascadeCLIP | DenseCLIP,
    text: Tensor,
    examples: LabelledSet,
    view: Sliding,
    *,
    progress: Progress = lambda done, total: None,
    device: str | torch.device = "cpu",
    limit: int | None = None,
) -> Assessment:
    """Measure a network on labelled images, the first `limit` of them or all.

    `text` is CxE, one row per word of `examples`. Seen and unseen words compete for every pixel
    (the generalised setting), pixels labelled 255 are not counted, and histograms are added up
    over all images before anything is divided. The network is moved to `device`, set to eval mode
    and put back into the mode it was in. Raise ValueError when `text` does not fit the words.
    """
    words = examples.words
    if len(text) != len(words):
        raise ValueError(f"{len(text)} embeddings for {len(words)} words")
    seen = examples.seen if view.split else tuple(range(len(words)))
    total = len(examples) if limit is None else min(limit, len(examples))
    matrix = ConfusionMatrix(len(words))
    modes = [(module, module.training) for module in network.modules()]
    network.to(device).eval()
    text = text.to(device)
    try:
        for index in range(total):
            example = examples.load(index)
            matrix.add(example.labels, answer(network, text, example.image, view, seen=seen))
            progress(index + 1, total)
    finally:
        for module, training in modes:  # a frozen part may have been in another mode
            module.training = training
    return _assessment(matrix, words, seen, total)


def _assessment(
    matrix: ConfusionMatrix, words: tuple[str, ...], seen: Sequence[int], count: int
) -> Assessment:
    rest = sorted(set(range(len(words))) - set(seen))
    both = matrix.mean_iou(seen), matrix.mean_iou(rest)
    return Assessment(
        words=words,
        iou=tuple(float(value) for value in matrix.iou()),
        seen=both[0],
        unseen=both[1],
        harmonic=math.nan if math.isnan(sum(both)) else harmonic(*both),
        mean=matrix.mean_iou(),
        accuracy=matrix.accuracy(),
        count=count,
    )


def answer(
    network: CascadeCLIP | DenseCLIP,
    text: Tensor,
    image: npt.NDArray[np.uint8],
    view: Sliding,
    *,
    seen: Sequence[int],
) -> npt.NDArray[np.int64]:
    """Return the best word of every pixel, HxW, for an image HxWx3 uint8 RGB.

    `text` lies on the network's device.
    """
    with torch.inference_mode():
        found = probabilities(network, text, image, view, seen=seen)
        labels: npt.NDArray[np.int64] = _best(found, image.shape[:2]).cpu().numpy()
    return labels


def probabilities(
    network: CascadeCLIP | DenseCLIP,
    text: Tensor,
    image: npt.NDArray[np.uint8],
    view: Sliding,
    *,
    seen: Sequence[int],
) -> Tensor:
    """Return Cxhxw probabilities at the resized size, averaged over the windows, calibrated.

    Sums and counts are float32 whatever the network computes in.
    """
    pixels = resize_short(image, view.short, average=view.average)
    whole = torch.from_numpy(normalise(pixels, view.mean, view.std)).to(text.device)
    height, width = pixels.shape[:2]
    places = windows(height, width, view.window, view.stride)
    total = torch.zeros(len(text), height, width, device=text.device)
    count = torch.zeros(height, width, device=text.device)
    chosen = list(seen)
    for start in range(0, len(places), view.batch):
        group = places[start : start + view.batch]
        crops = torch.stack([whole[:, *_span(place)] for place in group])
        found = READOUTS[view.readout](network(crops, text).float())
        if view.calibration:
            found[:, chosen] -= view.calibration
        for place, one in zip(group, found, strict=True):
            total[:, *_span(place)] += one
            count[_span(place)] += 1
    return total.div_(count)


def _span(place: Window) -> tuple[slice, slice]:
    bottom, right = place.top + place.height, place.left + place.width
    return slice(place.top, bottom), slice(place.left, right)


def _best(found: Tensor, size: tuple[int, ...]) -> Tensor:
    """Resize Cxhxw bilinearly to `size` and return the best channel of each pixel.

    Some channels at a time: all words of COCO-Stuff on a large image would not fit.
    """
    step = max(_ENLARGED_AT_ONCE // (size[0] * size[1]), 1)
    value, index = _peak(found[:step], size)
    for start in range(step, len(found), step):
        other, place = _peak(found[start : start + step], size)
        better = other > value
        value = torch.where(better, other, value)
        index = torch.where(better, place + start, index)
    return index


def _peak(found: Tensor, size: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    large = functional.interpolate(found[None], size, mode="bilinear", align_corners=False)[0]
    value, index = large.max(dim=0)
    return value, index


class Phrased(Protocol):
    """Say by which phrases the words of a set are embedded, and with which templates."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """Name the text of every word, in channel order."""

    @property
    def templates(self) -> tuple[str, ...]:
        """Name the sentences, each with {} for the phrase."""


def embed_words(encoder: TextEncoder, described: Phrased, *, half: bool = False) -> Tensor:
    """Return unit embeddings CxE of a set's words, in channel order.

    With `half` they are rounded to float16 and back, like the embeddings that the released code
    ships and trains with.
    """
    rows = encoder.encode(described.phrases, described.templates)
    return rows.half().float() if half else rows
