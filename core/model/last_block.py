"""What the last block of a CLIP tower makes of the patches: as trained, or so that each speaks.

A plain CLIP compares an image with words by one global vector. Its last block mixes every patch
with all others, which blurs what a patch itself shows. The functions of the registry LAST_BLOCKS
change that block alone, by its own weights; the tower before it runs as CLIP trained it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model.dense_quality import dense_quality
from cascadeclip.core.model.transformer import Block

SIGMA = 5.0
"""The width of the Gaussian of NACLIP, in patches."""


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """Hold the outputs Bx(1+N)xD of all blocks but the last, first to last, and the grid."""

    outputs: tuple[Tensor, ...]
    grid: tuple[int, int]


def dense_plain(last: Block, passed: Passed) -> Tensor:
    """Return the patches BxNxD of the block as CLIP trained it."""
    result: Tensor = last(passed.outputs[-1])[:, 1:]
    return result


def dense_value(last: Block, passed: Passed) -> Tensor:
    """Return BxNxD where every patch attends to itself alone: Wo v (MaskCLIP, ECCV 2022).

    Without the residual and the feed-forward layer, as ClearCLIP compares it.
    """
    _, _, value = last.attn.project(last.ln_1(passed.outputs[-1]))
    return last.attn.join(value)[:, 1:]


def dense_fast(last: Block, passed: Passed) -> Tensor:
    """Return BxNxD: Wo softmax(k k^T / sqrt d + w) v, no residual, no feed-forward layer.

    The skeleton is ClearCLIP's (ECCV 2024), keys that ask keys and the Gaussian w NACLIP's
    (WACV 2025). Nothing depends on values of the image, so it can be exported.
    """
    _, key, value = last.attn.project(last.ln_1(passed.outputs[-1]))
    near = neighbourhood(passed.grid).to(key)
    mixed = functional.scaled_dot_product_attention(key, key, value, attn_mask=near)
    return last.attn.join(mixed)[:, 1:]


def neighbourhood(grid: tuple[int, int], sigma: float = SIGMA) -> Tensor:
    """Return (1+N)x(1+N): exp(-distance^2 / (2 sigma^2)) between patches, 0 for the class token."""
    down, across = (
        torch.exp(-((torch.arange(n)[:, None] - torch.arange(n)) ** 2) / (2 * sigma**2))
        for n in grid
    )
    count = grid[0] * grid[1]
    joint = (down[:, None, :, None] * across[None, :, None, :]).reshape(count, count)
    return functional.pad(joint, (1, 0, 1, 0))


def _dense_quality(last: Block, passed: Passed) -> Tensor:
    return dense_quality(last, passed.outputs, passed.grid)


LAST_BLOCKS: Mapping[str, Callable[[Block, Passed], Tensor]] = {
    "dense-plain": dense_plain,
    "dense-value": dense_value,
    "dense-fast": dense_fast,
    "dense-quality": _dense_quality,
}


def class_token(last: Block, tokens: Tensor) -> Tensor:
    """Return the class token Bx1xD of the block as CLIP trained it; nothing else is computed."""
    query, key, value = last.attn.project(last.ln_1(tokens))
    mixed = functional.scaled_dot_product_attention(query[:, :, :1], key, value)
    x = tokens[:, :1] + last.attn.join(mixed)
    result: Tensor = x + last.mlp(last.ln_2(x))
    return result
