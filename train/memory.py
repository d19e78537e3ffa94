"""Remember what the image tower made of a window, while nothing in the tower learns.

Measuring a model before, between and after training shows it the same windows again and again;
where the tower is frozen it runs once for each of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.encoder import Encoding

MEMORY_BYTES = 1 << 30


class Memory:
    """Keep encodings of windows by their pixels, the ones used last up to a number of bytes.

    Attributes:
        passes: how many windows went through the tower.
    """

    def __init__(self, limit: int = MEMORY_BYTES) -> None:
        self._held: ByteCache[Encoding] = ByteCache(limit)
        self.passes = 0

    def encode(self, encoder: nn.Module, images: Tensor) -> Encoding:
        """Encode images Bx3xHxW, running `encoder` for those that are new."""
        keys = [_key(image) for image in images]
        known = [self._held.get(key) for key in keys]
        fresh = [place for place, one in enumerate(known) if one is None]
        if fresh:
            made = encoder(images[fresh])
            self.passes += len(fresh)
            for at, place in enumerate(fresh):
                one = known[place] = _one(made, at)
                size = one.cls.nbytes + sum(part.nbytes for part in one.maps)
                self._held.put(keys[place], one, size=size)
        return _together([one for one in known if one is not None])


class _Remembering(nn.Module):
    """Stand in an encoder's place and ask the memory first."""

    def __init__(self, encoder: nn.Module, memory: Memory) -> None:
        super().__init__()
        self.encoder = encoder
        self._memory = memory

    def forward(self, images: Tensor) -> Encoding:
        """Encode as the encoder does."""
        return self._memory.encode(self.encoder, images)


@contextmanager
def remembering(network: nn.Module, memory: Memory | None) -> Iterator[None]:
    """Let `network` ask `memory` before its tower runs; without one, or a cascade, nothing."""
    if memory is None or not isinstance(network, CascadeCLIP):
        yield
        return
    encoder = network.encoder
    network.encoder = _Remembering(encoder, memory)  # type: ignore[assignment]
    try:
        yield
    finally:
        network.encoder = encoder


def _key(image: Tensor) -> tuple[bytes, tuple[int, ...]]:
    data = image.detach().cpu().contiguous().numpy()
    return hashlib.blake2b(data.tobytes(), digest_size=16).digest(), tuple(image.shape)


def _one(made: Encoding, at: int) -> Encoding:
    # cloned: a view would keep the whole batch alive behind the cache's back
    maps = tuple(one[at : at + 1].clone() for one in made.maps)
    return Encoding(maps=maps, cls=made.cls[at : at + 1].clone(), grid=made.grid)


def _together(some: Sequence[Encoding]) -> Encoding:
    maps = zip(*(one.maps for one in some), strict=True)
    return Encoding(
        maps=tuple(torch.cat(parts) for parts in maps),
        cls=torch.cat([one.cls for one in some]),
        grid=some[0].grid,
    )
