"""The state of a run on disk: enough to go on as if nothing had happened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.replacing import replacing
from cascadeclip.train.fit.config import FitConfig

STATE = "state.pt"
_BROKEN = (
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    UnpicklingError,
    TrainingFailed,
)


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """Hold a run after `step` steps: trained weights, optimiser and scaler."""

    step: int
    weights: dict[str, Tensor]
    optimiser: dict[str, Any]
    scaler: dict[str, Any]


def save_state(folder: Path, config: FitConfig, saved: Saved) -> None:
    """Write the state, whole-replaced; raise TrainingFailed where the disk refuses."""
    content = {
        "config": config.to_json(),
        "step": saved.step,
        "weights": saved.weights,
        "optimiser": saved.optimiser,
        "scaler": saved.scaler,
    }
    try:
        # by name, torch would put the name of the draft into the archive
        with replacing(folder / STATE) as draft, draft.open("wb") as file:
            torch.save(content, file)
    except (OSError, RuntimeError) as error:
        raise TrainingFailed(
            f"The state of the run could not be written to {folder.name} ({error}); "
            "free some space or choose another --out."
        ) from error


def load_state(folder: Path, config: FitConfig) -> Saved | None:
    """Read the state of a run, None where there is none.

    Raise TrainingFailed for a damaged state and for one of other settings: going on with another
    configuration would be neither run. `workers`, `save_every` and `amp` may change.
    """
    path = folder / STATE
    if not path.exists():
        return None
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        before = FitConfig.from_json(content["config"])
        saved = Saved(
            step=int(content["step"]),
            weights=dict(content["weights"]),
            optimiser=dict(content["optimiser"]),
            scaler=dict(content["scaler"]),
        )
    except _BROKEN as error:
        raise TrainingFailed(
            f"The state in {folder.name} is damaged; remove {STATE} to begin anew."
        ) from error
    if _fixed(before) != _fixed(config):
        raise TrainingFailed(
            f"The run in {folder.name} was started with other settings; "
            "choose another --out or the same settings."
        )
    return saved


def _fixed(config: FitConfig) -> dict[str, object]:
    free = {"workers", "save_every", "amp"}
    return {
        name: getattr(config, name) for name in FitConfig.__dataclass_fields__ if name not in free
    }
