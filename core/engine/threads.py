"""How many threads of the processor torch uses for a model."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cascadeclip.core.model.checkpoint import LoadedModel

P = ParamSpec("P")
R = TypeVar("R")
SMALL_WIDTH = 256
"""Threads that wait for each other cost a tower this narrow more than they save, and many times
more as soon as anything else (a retraining, say) wants the cores."""


class Threaded(Protocol):
    """Hold on how many threads it wants torch to run."""

    threads: int


S = TypeVar("S", bound=Threaded)


def threads_for(model: LoadedModel) -> int:
    """Return on how many threads the model runs: one if it is narrow, else as many as now."""
    return 1 if model.network.config.width <= SMALL_WIDTH else torch.get_num_threads()


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Let torch use `count` threads for what this thread asks of it, and as many as before after.

    Torch keeps the number for each thread, and one more for threads that are yet to come: whoever
    runs a model says it anew, wherever the model was loaded.
    """
    before = torch.get_num_threads()
    if before == count:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def threaded(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Let torch use the owner's `threads` while `method` runs."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **options: P.kwargs) -> R:
        with on_threads(self.threads):
            return method(self, *args, **options)

    return run
