"""Work in batches that shrink, then move to the processor, when memory runs out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from cascadeclip.core.errors import OutOfMemory

Item = TypeVar("Item")
Value = TypeVar("Value")
Notify = Callable[[str], None]

_log = logging.getLogger(__name__)
# What allocators say that raise no error of their own kind: torch's on the processor, cuBLAS,
# onnxruntime's arena.
_SAID = (
    "can't allocate memory",
    "out of memory",
    "failed to allocate",
    "alloc_failed",
    "bad_alloc",
)


def is_out_of_memory(error: Exception) -> bool:
    """Return whether `error` says that memory ran out."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).casefold()
    return any(said in text for said in _SAID)


class Room:
    """Hold how many items go through at once; `move` leaves the graphics card for good.

    `move` returns False where there is nothing to move away from. `notify` gets one sentence for
    the person.
    """

    def __init__(self, batch: int, move: Callable[[], bool], notify: Notify | None = None) -> None:
        self.batch = self._first = batch
        self._move, self._notify = move, notify

    def each(
        self, items: Sequence[Item], step: Callable[[Sequence[Item]], Sequence[Value]]
    ) -> list[Value]:
        """Return what `step` makes of every item, in order, at most `batch` of them at a time.

        What is done stays done when memory runs out. Raise OutOfMemory when not even one item
        fits on the processor.
        """
        done: list[Value] = []
        while len(done) < len(items):
            some = items[len(done) : len(done) + self.batch]
            try:
                done += step(some)
            except Exception as error:  # onnxruntime's errors share no base with torch's
                if not is_out_of_memory(error):
                    raise
                self._shrink(error)
        return done

    def _shrink(self, error: Exception) -> None:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.batch > 1:
            self.batch //= 2
            self._say(f"Memory ran out: windows now go {self.batch} at a time.")
        elif self._move():
            self.batch = self._first
            self._say("The graphics card ran out of memory: the processor goes on.")
        else:
            raise OutOfMemory(
                "There is not enough memory for one window of the image: "
                "close other programs or choose a smaller model."
            ) from error

    def _say(self, sentence: str) -> None:
        _log.warning(sentence)
        if self._notify is not None:
            self._notify(sentence)
