"""What a classifier of pixels is made of: drawn pixels, axes, what is familiar, layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.pixels import AXES, Familiar, Layer
from cascadeclip.train.data.corrections import UNKNOWN, Truth
from cascadeclip.train.measuring import check
from cascadeclip.train.planes import IGNORED, POSITIVE
from cascadeclip.train.prototypes import few

if TYPE_CHECKING:
    from cascadeclip.train.events import Stopped

HIDDEN = 96
STEPS, BATCH, RATE, DECAY = 600, 2048, 3e-3, 1e-3
SMOOTHING = 0.01
"""No pixel is taken for surer than this of what was said about it: outlines are drawn by hand."""
RIDGE = 1.0
"""The mean spread of patches is added to the spread along every axis: few patches tell little."""
KNOWN, KEYS = 8192, 512
"""So many patches are looked through, and so many kept, to know what is familiar."""
STRANGE, USUAL = 0.002, 0.02
"""Such shares of known patches are less like those of other images than what is strange, usual."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Hold pixels: what is known of them NxC, and what was said NxK (POSITIVE, ..., IGNORED)."""

    rows: Tensor
    said: Tensor


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


def familiar(rows: Floats, groups: npt.NDArray[np.intp]) -> Familiar:
    """Return what patches MxD of length 1 make familiar; images of one group look alike.

    How unlike the nearest a patch may be is seen from patches and those of other groups; where
    there is one group alone, everything is familiar.
    """
    some = np.linspace(0, len(rows) - 1, min(KNOWN, len(rows))).astype(np.intp)
    rows, groups = rows[some], groups[some]
    chosen = few(rows, KEYS)
    keys = torch.from_numpy(rows[chosen]).half()  # as they will be stored
    cosines = rows @ keys.float().numpy().T
    cosines[groups[:, None] == groups[chosen]] = -np.inf
    nearest = cosines.max(axis=1)
    nearest = nearest[np.isfinite(nearest)]
    if not len(nearest):
        return Familiar(keys.float(), strange=-3.0, usual=-2.0)
    strange, usual = np.quantile(nearest, (STRANGE, USUAL)).tolist()
    return Familiar(keys.float(), strange, max(usual, strange + 1e-3))


def fit(samples: Samples, seed: int, stopped: Stopped) -> tuple[Layer, ...]:
    """Return layers that tell the words of `samples` apart: cross entropy of each, yes or no.

    What nobody said weighs nothing. Deterministic.
    """
    rows, said = samples.rows, samples.said
    centre, spread = rows.mean(dim=0), rows.std(dim=0, correction=0) + 1e-3
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
            told = said[some]
            aim = (told == POSITIVE).float() * (1 - 2 * SMOOTHING) + SMOOTHING
            logits = net((rows[some] - centre) / spread)
            loss = functional.binary_cross_entropy_with_logits(logits, aim, reduction="none")
            optimiser.zero_grad()
            ((loss * (told != IGNORED)).sum() / BATCH).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    first, *rest = [
        (one.weight.detach(), one.bias.detach()) for one in net if isinstance(one, nn.Linear)
    ]
    # the network is shown rows as they are: the first layer brings them to the middle
    weight = first[0] / spread
    return (weight, first[1] - weight @ centre), *rest
