"""Where a model runs: its network, what runs the tower, and what happens when memory runs out."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from cascadeclip.core.engine.backends.base import Backend, is_small
from cascadeclip.core.engine.backends.torch_tower import TorchTower
from cascadeclip.core.engine.devices import choose_device
from cascadeclip.core.engine.room import Room
from cascadeclip.core.model.network import CascadeCLIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from cascadeclip.core.engine.phrases import Text
    from cascadeclip.core.engine.room import Notify
    from cascadeclip.core.engine.store import FeatureStore
    from cascadeclip.core.model.checkpoint import LoadedModel, Network


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Hold what an engine may be built with beside its model.

    `backend` runs the tower (None: torch on the device asked for) and `reason` says why it does;
    `load_text` reads the text tower again after a rest; `store` keeps features on disk; `notify`
    is told what a person should know, one sentence at a time, from any thread.
    """

    backend: Backend | None = None
    reason: str = ""
    load_text: Callable[[], Text] | None = None
    store: FeatureStore | None = None
    notify: Notify | None = None


class Runner:
    """Hold a network, what runs its tower, and how many windows go through at once.

    `room.each` shrinks the batch and at last leaves the graphics card; `moved` is called then.
    """

    def __init__(
        self,
        model: LoadedModel,
        parts: Parts,
        *,
        device: str,
        batch: int,
        moved: Callable[[], None],
    ) -> None:
        self.network = model.network.eval()
        self.backend = parts.backend or self._torch(choose_device(device))
        self.network.to(self.backend.device)
        if self.device.type == "cpu" and not isinstance(self.backend, TorchTower):
            self.network = _without_tower(self.network)
        self.reason = parts.reason
        # One window keeps the cores of a processor busy; more would only take memory.
        alone = self.backend.device.type == "cpu" and not is_small(model)
        self.room = Room(1 if alone else batch, self._leave_card, parts.notify)
        self._moved = moved

    @property
    def device(self) -> torch.device:
        """Return where features lie and words are decoded."""
        return self.backend.device

    def _torch(self, device: torch.device) -> Backend:
        return TorchTower(self.network.to(device), device)

    def _leave_card(self) -> bool:
        """Move everything to the processor; return whether it was not there already."""
        if self.device.type == "cpu":
            return False
        self.backend = self._torch(torch.device("cpu"))
        self.reason = "the graphics card ran out of memory"
        self._moved()
        return True


def _without_tower(network: Network) -> Network:
    """Return the network without what only encoding needs: another runtime has its own weights.

    The one given stays as it is; once nobody holds it, its tower leaves the memory.
    """
    if not isinstance(network, CascadeCLIP):
        return network
    rest = copy.copy(network)
    tower = {"encoder", "aggregation"}
    rest._modules = {name: one for name, one in network._modules.items() if name not in tower}
    return rest
