"""Models become versions of a project: CLIP's weights alone, or a checkpoint of the paper's code.

What is heavy (reading and writing weights) is apart from what touches the database, so that a
window can do each on its own thread.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cascadeclip.core.model import ModelInfo
    from cascadeclip.core.model.clip_store import ClipCard, ClipStore
    from cascadeclip.core.model.cold_start import Start
    from cascadeclip.core.project import Project, VersionRow

_UNFIT = '/\\:*?"<>|'


@dataclass(frozen=True, slots=True)
class Adopted:
    """Hold a model that lies below a project and is no version of it yet.

    `threshold` is where a project should begin whose threshold nobody has set, None for anywhere.
    """

    name: str
    folder: Path
    recipe: str
    info: ModelInfo
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """Say how a checkpoint of the paper's code is read; see `core.model.checkpoint.load_model`."""

    heads: int | None = None
    decoder_heads: int = 8
    trained_words: tuple[str, ...] = ()
    licence: str = ""
    half: bool = False


def taken_names(project: Project) -> list[str]:
    """Return the names that a new version cannot have."""
    names = [row.name for row in project.versions.all()]
    return names + [place.name for place in (project.folder / "models").glob("*")]


def adopt_clip(
    project_folder: Path,
    store: ClipStore,
    card: ClipCard,
    start: Start,
    *,
    taken: Sequence[str],
    others: Sequence[Path],
) -> Adopted:
    """Write CLIP's weights of the store as a model below a project.

    Equal weights of `others`, folders of models, take no room twice. Raises CheckpointError.
    """
    from cascadeclip.core.model import save_model
    from cascadeclip.core.model.checkpoint import share_weights
    from cascadeclip.core.model.cold_start import cold_start, free_name

    name = free_name(card, start.variant, taken)
    model = cold_start(store.load(card.name, card.tag), card, start, name)
    folder = project_folder / "models" / name
    save_model(folder, model.network, model.text, model.info)
    share_weights(folder, list(others))
    return Adopted(name, folder, "clip", model.info, start.none)


def adopt_checkpoint(file: Path, folder: Path, name: str, how: Conversion) -> Adopted:
    """Write a checkpoint of Cascade-CLIP's, ZegCLIP's or SPT-SEG's code as a model in `folder`.

    No code of the file runs. Raises CheckpointError.
    """
    import torch

    from cascadeclip.core.model import load_model, save_model
    from cascadeclip.core.model.clip_store import ClipStore
    from cascadeclip.core.model.origin import find_origin

    loaded = load_model(file, heads=how.heads, decoder_heads=how.decoder_heads)
    origin = find_origin(loaded.cascade, ClipStore())
    info = dataclasses.replace(
        _grown_from(loaded.info, origin),
        name=name,
        version=name,
        trained_words=how.trained_words,
        licence=how.licence,
        program=f"cascadeclip {version('cascadeclip')}, import",
    )
    dtype = torch.float16 if how.half else torch.float32
    save_model(folder, loaded.network, loaded.text, info, dtype=dtype)
    return Adopted(name, folder, "imported", info)


def register(project: Project, adopted: Adopted, *, activate: bool) -> VersionRow:
    """Make a model that was written a version of the project, and let it speak. ProjectError."""
    row = project.versions.add(
        adopted.name, folder=adopted.folder.absolute(), recipe=adopted.recipe, metrics={}
    )
    return project.versions.activate(row.id) if activate else row


def lower_threshold(project: Project, least: float | None) -> float | None:
    """Lower the threshold of a project that nobody has set; return it where that was done."""
    if least is None or project.settings.get("threshold") is not None:
        return None
    project.settings.set("threshold", least)
    return least


def check_name(name: str) -> None:
    """Raise CheckpointError for a name that no model can have."""
    if not name.strip() or name in (".", "..", "mini") or any(sign in name for sign in _UNFIT):
        raise CheckpointError(f"{name!r} cannot name a model; choose letters, digits and dashes.")


def _grown_from(info: ModelInfo, origin: ClipCard | None) -> ModelInfo:
    if origin is None:
        return info
    name = f"{origin.name} {origin.tag}".strip()
    return dataclasses.replace(info, clip_name=name, clip_digest=origin.source_digest)
