"""Several processes at one run, started by torchrun; alone, everything here is the identity."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from cascadeclip.core.errors import DeviceUnavailable


@dataclass(frozen=True, slots=True)
class Peers:
    """Hold this process's number and how many there are."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Tell whether this process writes and speaks for all."""
        return self.rank == 0

    def mean(self, value: Tensor) -> Tensor:
        """Return the mean of a number over the processes."""
        if self.count == 1:
            return value
        value = value.clone()
        distributed.all_reduce(value)
        return value / self.count

    def any(self, wish: bool, device: torch.device) -> bool:  # noqa: FBT001 - the wish itself
        """Tell whether any process wishes it, so that all stop at the same step."""
        if self.count == 1:
            return wish
        flag = torch.tensor(float(wish), device=device)
        distributed.all_reduce(flag)
        return bool(flag > 0)

    def wrap(self, module: nn.Module, device: torch.device) -> nn.Module:
        """Let the gradients of `module` be averaged over the processes."""
        if self.count == 1:
            return module
        ids = [device] if device.type == "cuda" else None
        return DistributedDataParallel(module, device_ids=ids)


def pick_device(name: str) -> torch.device:
    """Return the device of this process for auto, cpu or cuda; raise DeviceUnavailable."""
    there = torch.cuda.is_available()
    if name == "cpu" or (name == "auto" and not there):
        return torch.device("cpu")
    if not there:
        raise DeviceUnavailable("No CUDA device was found; train with --device cpu.")
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    return device


@contextmanager
def joined(device: torch.device) -> Iterator[Peers]:
    """Join the processes that torchrun started, for the time of a run."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Peers()
        return
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Peers(distributed.get_rank(), count)
    finally:
        distributed.destroy_process_group()
