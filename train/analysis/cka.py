"""How alike the layers of an image tower are: linear CKA, before and after training (Fig. 4).

CKA is the centred kernel alignment with linear kernels. The examples are patches. HSIC is the
unbiased estimator, summed over minibatches of patches before numerator and denominators are
divided (minibatch CKA), so that any number of images can be looked at and few patches do not
make everything look alike. An estimate may leave 0..1 by a little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cascadeclip.train.analysis.blocks import block_outputs

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP

IMAGES_PER_BATCH = 4
PATCHES_PER_BATCH = 1024
FEWEST_PATCHES = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold CKA between all layers, LxL, and how many images and patches it was taken over."""

    matrix: NDArray[np.float64]
    images: int
    patches: int


def hsic_pairs(features: list[Tensor]) -> Tensor:
    """Return the unbiased HSIC of every two of L feature tables nxD (n at least 4), LxL, float64.

    With K the Gram matrix of a table, its diagonal set to zero, and L that of another:
    (tr(KL) + sum(K) sum(L) / ((n-1)(n-2)) - 2 / (n-2) * (K1).(L1)) / (n (n-3)).
    Raise ValueError for fewer than four rows.
    """
    count = len(features[0])
    if count < FEWEST_PATCHES:
        raise ValueError(f"HSIC needs {FEWEST_PATCHES} examples, not {count}")
    grams = torch.stack([_gram(table) for table in features])
    flat, sums = grams.flatten(1), grams.sum(dim=-1)
    totals = sums.sum(dim=-1)
    products = flat @ flat.T
    products = products + torch.outer(totals, totals) / ((count - 1) * (count - 2))
    products = products - sums @ sums.T * (2 / (count - 2))
    return products / (count * (count - 3))


def _gram(table: Tensor) -> Tensor:
    # The mean does not change the estimate; without it large offsets would cost digits.
    centred = (table - table.mean(dim=0)).double()
    gram = centred @ centred.T
    return gram.fill_diagonal_(0)


def cka(batches: Iterable[list[Tensor]]) -> NDArray[np.float64]:
    """Return CKA between L layers from minibatches of L feature tables nxD each, LxL.

    Raise ValueError without a batch.
    """
    total: Tensor | None = None
    for features in batches:
        pairs = hsic_pairs(features)
        total = pairs if total is None else total + pairs
    if total is None:
        raise ValueError("CKA needs at least one batch")
    scale = total.diagonal().clamp(min=torch.finfo(torch.float64).tiny).sqrt()
    result: NDArray[np.float64] = (total / torch.outer(scale, scale)).cpu().numpy()
    return result


def layer_likeness(network: CascadeCLIP, images: Tensor, *, seed: int = 0) -> Likeness:
    """Compare all layers of a network's tower over normalised images Bx3xHxW.

    Minibatches are up to four images, of whose patches up to 1024 are drawn; the same `seed`
    draws the same patches for every network, so that two of them can be compared.
    """
    generator = torch.Generator().manual_seed(seed)
    taken = 0

    def batches() -> Iterable[list[Tensor]]:
        nonlocal taken
        for some in torch.split(images, IMAGES_PER_BATCH):
            outputs, _ = block_outputs(network, some)
            patches = [one[:, 1:].flatten(0, 1).cpu() for one in outputs]
            order = torch.randperm(len(patches[0]), generator=generator)[:PATCHES_PER_BATCH]
            taken += len(order)
            yield [one[order] for one in patches]

    matrix = cka(batches())
    return Likeness(matrix, len(images), taken)


def means(matrix: NDArray[np.float64], middle: tuple[int, ...]) -> dict[str, float]:
    """Say in numbers what the picture shows: all pairs, neighbours, middle layers and the last.

    `middle` are the layers whose mean likeness to the last one is wanted, counted from 0.
    """
    apart = ~np.eye(len(matrix), dtype=bool)
    found = {
        "all_pairs": float(matrix[apart].mean()),
        "neighbours": float(np.diagonal(matrix, 1).mean()),
    }
    if middle:
        found["middle_and_last"] = float(matrix[list(middle), -1].mean())
    return found
