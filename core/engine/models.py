"""Which model speaks: the project's active version, else the one that comes with the program."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from cascadeclip.core.engine.engine import Engine
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import load_model

if TYPE_CHECKING:
    from cascadeclip.core.engine.engine import EngineSettings
    from cascadeclip.core.project import Project


SMALL_WIDTH = 256


@cache
def bundled_model() -> Path:
    """Return the folder of the bundled mini model, unpacked for this process where it is zipped.

    Raise CheckpointError when the installation lacks it.
    """
    place = as_file(files("cascadeclip.resources") / "mini")
    # entered and never left: the folder must stay for as long as the program runs
    folder = Path(place.__enter__())
    if not (folder / "model.safetensors").is_file():
        msg = "The bundled mini model is missing; install the program again or choose a model."
        raise CheckpointError(msg)
    return folder


def active_model(project: Project | None) -> Path:
    """Return the folder of the project's active model version, or of the bundled model.

    Raise CheckpointError when the version's folder is gone.
    """
    active = project.versions.active() if project is not None else None
    if project is None or active is None:
        return bundled_model()
    folder = Path(project.folder, active.folder)
    if not folder.is_dir():
        msg = (
            f"The folder of the active model version {active.name} is missing; "
            "put it back or roll back to an earlier version."
        )
        raise CheckpointError(msg)
    return folder


def open_engine(
    project: Project | None,
    device: str = "auto",
    *,
    settings: EngineSettings | None = None,
) -> Engine:
    """Load the model that speaks for `project` (None: the bundled one) onto `device`.

    Raise CheckpointError for a model that cannot be read, DeviceUnavailable for a device.
    """
    model = load_model(active_model(project))
    if model.network.config.width <= SMALL_WIDTH:
        # Threads that wait for each other cost a small tower more than they save, and many times
        # more as soon as anything else (a retraining, say) wants the cores.
        torch.set_num_threads(1)
    return Engine(model, device=device, settings=settings)
