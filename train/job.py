"""One retraining: what is asked for, what every part of it needs, what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.train.events import Emit, Stopped
from cascadeclip.train.material import Material
from cascadeclip.train.measuring import Examiner
from cascadeclip.train.notebook import Notebook
from cascadeclip.train.parallel import Peers
from cascadeclip.train.recipes import Recipe

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what is asked for: recipe, device, seed, and the new version's folder if given.

    `enough` is asked after every step: training ends there, and the rest of the run goes on with
    the best so far. `peers` are the processes that train together; one of them leads.
    """

    recipe: Recipe
    device: str = "auto"
    seed: int = 0
    out: Path | None = None
    enough: Callable[[], bool] = lambda: False
    peers: Peers = Peers()


@dataclass(frozen=True, slots=True)
class Taught:
    """Hold a child before it is named, and how it came about.

    `share` is how far its weights go from the parent's (0) to the trained ones (1), `agreement`
    that of protected words with the parent, `validation` the mIoU by share; `pixels` is the mIoU by
    the share of a pixel classifier beside the network.
    """

    model: LoadedModel
    share: float = 1.0
    agreement: float = 1.0
    validation: dict[float, float] | None = None
    pixels: dict[float, float] | None = None
    losses: tuple[float, ...] = ()
    views: int = 0
    passes: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what every part of a run needs: to know, to speak, to stop, to remember, to measure."""

    job: Job
    material: Material
    emit: Emit
    stopped: Stopped
    notebook: Notebook
    examiner: Examiner
