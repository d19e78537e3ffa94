"""Gradients of a batch in as many pieces as memory allows, found out before the first step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from cascadeclip.core.engine.room import is_out_of_memory
from cascadeclip.core.errors import TrainingFailed

Item = TypeVar("Item")


class Frugal:
    """Hold how many items go through at once; half as many from where memory ran out.

    Attributes:
        at_once: items that went through together last.
    """

    def __init__(self, batch: int, say: Callable[[str], None]) -> None:
        self.at_once = batch
        self._say = say

    def gradient(
        self,
        batch: Sequence[Item],
        loss: Callable[[Sequence[Item]], Tensor],
        afresh: Callable[[], None],
    ) -> float:
        """Add the gradient of the batch's mean loss, and return the loss.

        `afresh` forgets gradients and is called before every attempt, the first one too. Raise
        TrainingFailed when not even one item fits.
        """
        while True:
            afresh()
            try:
                return self._pieces(batch, loss)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(error)

    def _pieces(self, batch: Sequence[Item], loss: Callable[[Sequence[Item]], Tensor]) -> float:
        total = 0.0
        for start in range(0, len(batch), self.at_once):
            some = batch[start : start + self.at_once]
            part = loss(some) * (len(some) / len(batch))
            part.backward()  # type: ignore[no-untyped-call]
            total += float(part.detach())
        return total

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
