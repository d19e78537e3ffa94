"""Several processes at one run, started by torchrun; alone, everything here is the identity.

Torch takes seconds to load, so it is only loaded where it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cascadeclip.core.errors import DeviceUnavailable, TrainingFailed

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Peers:
    """Hold this process's number, how many there are, and the kind of device they compute on.

    What exchanges something raises TrainingFailed where another process is gone.
    """

    rank: int = 0
    count: int = 1
    device: str = "cpu"

    @property
    def leads(self) -> bool:
        """Tell whether this process writes and speaks for all."""
        return self.rank == 0

    def own(self, count: int) -> range:
        """Return the places of this process's part of `count` items.

        Raise TrainingFailed where a process would have none.
        """
        if count < self.count:
            raise TrainingFailed(
                f"A step of {count} views cannot be divided among {self.count} processes; "
                "start fewer."
            )
        return range(self.rank * count // self.count, (self.rank + 1) * count // self.count)

    def sum(self, value: Tensor) -> Tensor:
        """Return the sum of a tensor over the processes."""
        if self.count == 1:
            return value
        from torch import distributed

        total = value.clone()
        with _connected():
            distributed.all_reduce(total)
        return total

    def mean(self, value: Tensor) -> Tensor:
        """Return the mean of a tensor over the processes."""
        return self.sum(value) / self.count if self.count > 1 else value

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Put the sum over the processes into each of the tensors, the same in every process."""
        if self.count == 1:
            return
        import torch

        total = self.sum(torch.cat([one.flatten() for one in tensors]))
        parts = torch.split(total, [one.numel() for one in tensors])
        for one, part in zip(tensors, parts, strict=True):
            one.copy_(part.view_as(one))

    def any(self, wish: bool) -> bool:  # noqa: FBT001 - the wish itself
        """Tell whether any process wishes it, so that all do the same at the same step."""
        if self.count == 1:
            return wish
        import torch

        return bool(self.sum(torch.tensor(float(wish), device=self.device)) > 0)

    def agreed(self, wish: Callable[[], bool]) -> Callable[[], bool]:
        """Return what asks every process; they have to call it at the same places."""
        return wish if self.count == 1 else lambda: self.any(wish())

    def told(self, value: Value) -> Value:
        """Return what the process that leads has here."""
        if self.count == 1:
            return value
        from torch import distributed

        held = [value]
        with _connected():
            distributed.broadcast_object_list(held)
        return held[0]

    def alike(self, value: object) -> bool:
        """Tell whether every process has the same value here."""
        return not self.any(self.told(value) != value)

    def wrap(self, module: nn.Module, device: torch.device) -> nn.Module:
        """Let the gradients of `module` be averaged over the processes."""
        if self.count == 1:
            return module
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(
            module, device_ids=[device] if self.device == "cuda" else None
        )


@contextmanager
def _connected() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise TrainingFailed(
            "Another process of this run has ended before its time; read what it wrote, and start "
            "the run again."
        ) from error


def pick_device(name: str) -> torch.device:
    """Return the device of this process for auto, cpu or cuda; raise DeviceUnavailable."""
    import torch

    from cascadeclip.core.engine.devices import choose_device

    place = int(os.environ.get("LOCAL_RANK", "0"))
    if name != "cpu" and torch.cuda.is_available():
        if place >= torch.cuda.device_count():
            raise DeviceUnavailable(
                f"There are {torch.cuda.device_count()} graphics cards here; start no more "
                "processes than that, or take the device cpu."
            )
        torch.cuda.set_device(place)
    kind = choose_device(name).type
    return torch.device("cuda", place) if kind == "cuda" else torch.device(kind)


@contextmanager
def joined(name: str) -> Iterator[Peers]:
    """Join the processes that torchrun started, on a device as `pick_device` takes it."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Peers()
        return
    from torch import distributed

    kind = pick_device(name).type
    distributed.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield Peers(distributed.get_rank(), count, kind)
    finally:
        distributed.destroy_process_group()
