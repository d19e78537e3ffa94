"""The state of a run under way, so that one that was killed goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadeclip.core.replacing import replacing

if TYPE_CHECKING:
    from cascadeclip.train.data.corrections import Correction
    from cascadeclip.train.loop import State

NAME = ".unfinished.pt"
SECONDS = 5.0


class Notebook:
    """Write a run's state down every few seconds and give it back to the same run alone.

    One that does not write (`writes`) belongs to a process that another one leads.

    Attributes:
        key: says everything the run depends on: another one begins anew.
    """

    def __init__(
        self, folder: Path, key: str, seconds: float = SECONDS, *, writes: bool = True
    ) -> None:
        self._path = folder / NAME
        self.key = key
        self._seconds = seconds
        self._writes = writes
        self._last = time.monotonic()

    def __call__(self, state: Callable[[], State], *, last: bool = False) -> None:
        """Write what `state` returns, if the last time is long enough ago or it is the last state.

        A disk that cannot be written costs the chance to go on later, not the run.
        """
        early = not last and time.monotonic() - self._last < self._seconds
        if early or not self._writes:
            return
        import torch

        with suppress(OSError, RuntimeError), replacing(self._path) as draft:
            torch.save({"key": self.key, "state": state()}, draft)
        self._last = time.monotonic()

    def read(self) -> State | None:
        """Return the state this very run left behind, or None; whatever is damaged is ignored."""
        import torch

        try:
            held: Any = torch.load(self._path, map_location="cpu", weights_only=True)
        except Exception:  # noqa: BLE001 - any damage means the same: begin anew
            return None
        if not isinstance(held, dict) or held.get("key") != self.key:
            return None
        found: State = held["state"]
        return found

    def close(self) -> None:
        """Forget the state: the run has ended."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def key_of(run: dict[str, Any], images: tuple[Correction, ...]) -> str:
    """Return a digest of a run's description and of all that was said about its images."""
    digest = hashlib.sha256(json.dumps(run, sort_keys=True, default=str).encode())
    for image in images:
        digest.update(f"{image.digest} {image.complete}".encode())
        for kind in (image.marked, image.rejected, image.offered):
            for piece in kind:
                digest.update(f"{piece.word} ".encode() + piece.rle.counts)
            digest.update(b"|")
    return digest.hexdigest()
