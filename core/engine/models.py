"""Which model speaks: the project's active version, else the one that comes with the program."""

from __future__ import annotations

import logging
import os
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.engine.backends.base import is_small
from cascadeclip.core.engine.backends.choice import build, measure, place, remembered
from cascadeclip.core.engine.devices import choose_device
from cascadeclip.core.engine.engine import Engine
from cascadeclip.core.engine.runner import Parts
from cascadeclip.core.engine.store import LIMIT, FeatureStore
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import load_model
from cascadeclip.core.model.checkpoint import load_text
from cascadeclip.core.places import cache_folder

if TYPE_CHECKING:
    from cascadeclip.core.engine.backends.base import Backend
    from cascadeclip.core.engine.backends.choice import Choice
    from cascadeclip.core.engine.engine import EngineSettings
    from cascadeclip.core.engine.room import Notify
    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import VersionRow


NOT_MEASURED = "not measured on this machine yet"
CACHE_GIB = "CASCADECLIP_CACHE_GIB"
_log = logging.getLogger(__name__)


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
    if project is None:
        return bundled_model()
    return version_folder(project.folder, project.versions.active())


def version_folder(project_folder: Path, active: VersionRow | None) -> Path:
    """Return the folder of a project's model version, or of the bundled model for None.

    Raise CheckpointError when the version's folder is gone.
    """
    if active is None:
        return bundled_model()
    folder = Path(project_folder, active.folder)
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
    notify: Notify | None = None,
    say: Notify | None = None,
) -> Engine:
    """Load the model that speaks for `project` (None: the bundled one); see `open_model`."""
    return open_model(active_model(project), device, settings=settings, notify=notify, say=say)


def open_model(
    folder: Path,
    device: str = "auto",
    *,
    settings: EngineSettings | None = None,
    notify: Notify | None = None,
    say: Notify | None = None,
) -> Engine:
    """Load the model in `folder` onto `device`.

    What runs the tower is what was measured to be fastest on this machine. With `say`, which gets
    a line about every try, a model that was never measured here is measured first, which takes
    a minute or two; without, torch runs it until `measure_model` was called. Raise
    CheckpointError for a model that cannot be read, DeviceUnavailable for a device.
    """
    choose_device(device)  # one that does not work is refused before anything is loaded
    model = load_model(folder)
    if is_small(model):
        parts = Parts(reason="a small model", notify=notify)
    else:
        parts = _large_parts(model, folder, device, notify, say)
    return Engine(model, device=device, settings=settings, parts=parts)


def measure_model(folder: Path, device: str = "auto", say: Notify | None = None) -> Choice | None:
    """Measure what runs a model fastest here, for engines opened from now on; return what won.

    `say` gets a line about every try. Return None where nothing is to be measured: a small model,
    or it is known already. Raise CheckpointError for a model that cannot be read,
    DeviceUnavailable for a device.
    """
    model = load_model(folder)
    if is_small(model) or remembered(model, device, cache_folder()) is not None:
        return None
    choose_device(device)
    return measure(model, device, cache_folder(), say)


def _large_parts(
    model: LoadedModel, folder: Path, device: str, notify: Notify | None, say: Notify | None
) -> Parts:
    cache = cache_folder()
    choice = remembered(model, device, cache)
    if choice is None and say is not None:
        choice = measure(model, device, cache, say)
    backend, reason = None, NOT_MEASURED
    if choice is not None:
        backend, reason = _built(choice, model, cache)
    on_card = (backend.device if backend else choose_device(device)).type == "cuda"
    return Parts(
        backend=backend,
        reason=reason,
        load_text=None if model.text is None else lambda: load_text(folder),
        # A graphics card encodes a window sooner than a disk gives it back.
        store=None if on_card else feature_store(cache),
        notify=notify,
    )


def _built(choice: Choice, model: LoadedModel, cache: Path) -> tuple[Backend | None, str]:
    try:
        return build(choice.backend, model, place(model, cache)), choice.reason
    except Exception:  # noqa: BLE001 - what worked when it was measured may not any more
        _log.warning("%s does not work any more", choice.backend, exc_info=True)
        return None, f"{choice.backend} does not work any more"


def feature_store(cache: Path | None = None) -> FeatureStore | None:
    """Return the store of features, as large as CASCADECLIP_CACHE_GIB says; 0 is none."""
    try:
        limit = int(float(os.environ[CACHE_GIB]) * (1 << 30))
    except (KeyError, ValueError, OverflowError):
        limit = LIMIT
    return FeatureStore((cache or cache_folder()) / "features", limit) if limit > 0 else None
