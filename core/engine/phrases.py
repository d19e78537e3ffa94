"""What words are to the decoders: embedded once, projected once, kept while the tower sleeps."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Protocol

import torch

from cascadeclip.core.engine.cache import ByteCache
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.network import Projected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor


class Text(Protocol):
    """Embed phrases: `core.model.text.TextEncoder`, or what stands for one."""

    def encode(self, phrases: Sequence[str], templates: Sequence[str]) -> Tensor:
        """Return unit embeddings CxE."""


class Projecting(Protocol):
    """Give what decoders make of words before any image comes."""

    def project(self, text: Tensor) -> Projected:
        """Return it for unit embeddings CxE."""


class PhraseBook:
    """Keep each phrase as the decoders want it, up to `limit` bytes.

    `load` reads the text tower again after `rest` let go of it; without it the tower stays.
    `loads` counts how often it was read. The tower has a lock of its own: `embed` may be called
    from any thread, while the network is at work for another.
    """

    def __init__(
        self,
        text: Text | None,
        network: Projecting,
        limit: int,
        load: Callable[[], Text] | None = None,
    ) -> None:
        self.loads = 0
        self._text, self._network, self._load = text, network, load
        self._known = text is not None
        self._reading = Lock()
        self._projected: ByteCache[Projected] = ByteCache(limit)

    @property
    def bytes(self) -> int:
        """Return the bytes of all phrases kept."""
        return self._projected.bytes

    @property
    def resting(self) -> bool:
        """Return whether the text tower is not in memory, or cannot leave it."""
        return self._text is None or self._load is None

    def embed(self, phrases: Sequence[str], templates: tuple[str, ...]) -> Tensor:
        """Return unit embeddings CxE; raise CheckpointError for a model that cannot read words."""
        if not self._known:
            msg = "This model has no text tower and cannot read words; choose another model."
            raise CheckpointError(msg)
        with self._reading:
            if self._text is None and self._load is not None:
                self._text = self._load()
                self.loads += 1
            assert self._text is not None
            return torch.as_tensor(self._text.encode(phrases, templates)).float()

    @torch.inference_mode()
    def projected(
        self, phrases: Sequence[str], templates: tuple[str, ...], device: torch.device
    ) -> Projected:
        """Return the phrases, one row each, on `device`."""
        rows = {phrase: self._projected.get((templates, phrase)) for phrase in phrases}
        fresh = [phrase for phrase, row in rows.items() if row is None]
        if fresh:
            made = self._network.project(self.embed(fresh, templates).to(device))
            for index, phrase in enumerate(fresh):
                row = rows[phrase] = made.row(index)
                self._projected.put((templates, phrase), row, size=row.nbytes)
        return Projected.together([row for row in rows.values() if row is not None])

    def rest(self) -> None:
        """Let go of the text tower where it can be read again; what is kept stays."""
        with self._reading:
            if self._load is not None:
                self._text = None

    def clear(self) -> None:
        """Forget what depends on where the network lies."""
        self._projected.clear()
