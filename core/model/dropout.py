"""Dropout of a part of a batch: it loses there what the whole batch would have lost.

Where a step goes through in parts, or in several processes, each part draws for the whole batch
and takes its own rows. From the same state of chance a step then drops the same numbers however
it is divided.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class _Part:
    """Hold which images of a batch of `count` go through."""

    images: slice
    count: int


_going: ContextVar[_Part | None] = ContextVar("going", default=None)


@contextmanager
def part_of(images: range, count: int) -> Iterator[None]:
    """Say that the images that go through are these of a batch of `count`, by their places."""
    token = _going.set(_Part(slice(images.start, images.stop, images.step), count))
    try:
        yield
    finally:
        _going.reset(token)


def dropout(x: Tensor, share: float, *, training: bool, dim: int = 0) -> Tensor:
    """Drop a `share` (0..1) of the numbers of x in training; images lie along `dim`."""
    if not training or not share:
        return x
    part = _going.get()
    if part is None:
        return functional.dropout(x, share)
    whole = list(x.shape)
    whole[dim] = part.count
    # what dropout makes of ones is what it multiplies by
    kept = functional.dropout(x.new_ones(whole), share)
    return x * kept[(slice(None),) * dim + (part.images,)]


def attention(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    share: float,
    *,
    training: bool,
    scale: float | None = None,
) -> Tensor:
    """Attend as torch does, BxHxCxD to BxHxNxD; in training a `share` of the weights drops out."""
    if not training or not share or _going.get() is None:
        return functional.scaled_dot_product_attention(
            queries, keys, values, dropout_p=share if training else 0.0, scale=scale
        )
    # the scale goes half to each side, as in torch's own way to do it step by step
    half = (queries.shape[-1] ** -0.5 if scale is None else scale) ** 0.5
    weights = ((queries * half) @ (keys * half).transpose(-2, -1)).softmax(dim=-1)
    return dropout(weights, share, training=True) @ values
