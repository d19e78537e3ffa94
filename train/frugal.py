"""Gradients of a batch in as many pieces as memory allows, found out before the first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar, cast

import torch
from torch import Tensor

from cascadeclip.core.engine.room import is_out_of_memory
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.parallel import Peers

Found = TypeVar("Found")


class Divisible(Protocol):
    """Describe a batch that can go through in parts, the same in every process.

    Only `settle` may exchange anything between processes: the others may run out of memory in one
    of them alone.
    """

    def __len__(self) -> int:
        """Return how many items the batch has."""

    def look(self, parts: Sequence[range], /) -> None:
        """Find out what the losses of the parts need."""

    def settle(self, parts: Sequence[range], /) -> None:
        """Exchange it between the processes."""

    def losses(self, parts: Sequence[range], /) -> Iterator[Tensor]:
        """Yield the loss of each part; over the processes they add up to the batch's."""


class Frugal:
    """Hold how many items go through at once; half as many from where memory ran out.

    Where memory runs out in one of several processes, all of them halve.

    Attributes:
        at_once: items that went through together last.
    """

    def __init__(self, batch: int, say: Callable[[str], None], peers: Peers | None = None) -> None:
        self._peers = peers or Peers()
        self.at_once = -(-batch // self._peers.count)
        self._say = say

    def gradient(self, batch: Divisible, afresh: Callable[[], None]) -> float:
        """Add the gradient of this process's part of the batch, and return its part of the loss.

        `afresh` forgets gradients and is called before every attempt, the first one too. Raise
        TrainingFailed when not even one item fits.
        """
        own = self._peers.own(len(batch))
        while True:
            afresh()
            try:
                return self._attempt(batch, own)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(error)

    def _attempt(self, batch: Divisible, own: range) -> float:
        starts = range(0, len(own), self.at_once)
        parts = [own[start : start + self.at_once] for start in starts]
        self._everywhere(lambda: batch.look(parts))
        batch.settle(parts)
        return self._everywhere(lambda: _pieces(batch.losses(parts)))

    def _everywhere(self, work: Callable[[], Found]) -> Found:
        """Return what `work` does, or run out of memory where any process has."""
        found, short = None, None
        try:
            found = work()
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            short = error
        if self._peers.any(short is not None):
            raise short or MemoryError("memory ran out in another process")
        return cast("Found", found)

    def _halve(self, error: Exception) -> None:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.at_once == 1:
            raise TrainingFailed(
                "There is not enough memory to train on a single view: close other programs, or "
                "train on the processor (--device cpu)."
            ) from error
        self.at_once //= 2
        self._say(f"training {self.at_once} views at a time, for memory ran out")


def _pieces(losses: Iterator[Tensor]) -> float:
    total = 0.0
    for loss in losses:
        loss.backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    return total
