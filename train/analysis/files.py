"""What goes in and out of an analysis: a model, images of one size, a picture, numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cascadeclip.core import images
from cascadeclip.core.errors import AnalysisFailed
from cascadeclip.core.overlay import save_png
from cascadeclip.core.replacing import replacing

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP, LoadedModel, ModelInfo

MINI = "mini"
FIRST_SCENE = 2**33  # scenes from here on are never trained on


def open_model(name: str) -> LoadedModel:
    """Load a model folder, a released checkpoint or, by the name "mini", the bundled model.

    Raise CheckpointError where there is none.
    """
    from cascadeclip.core.engine import bundled_model
    from cascadeclip.core.model import load_model

    return load_model(bundled_model() if name == MINI else Path(name))


def without_prompts(network: CascadeCLIP) -> CascadeCLIP:
    """Return a network around the same frozen tower that has no prompts: CLIP as it came.

    Only its image tower means anything, the rest is random.
    """
    from cascadeclip.core.model import CascadeCLIP as Network

    bare = Network(replace(network.config, prompts=0)).to(network.encoder.proj.device)
    own = bare.encoder.state_dict()
    kept = network.encoder.state_dict()
    bare.encoder.load_state_dict({name: kept[name] for name in own})
    return bare.eval()


def squares(rgb: Sequence[NDArray[np.uint8]], info: ModelInfo) -> Tensor:
    """Cut the middle square of every image at the model's window; return Bx3xSxS, normalised."""
    return torch.from_numpy(
        np.stack([images.normalise(_square(one, info), info.mean, info.std) for one in rgb])
    )


def _square(rgb: NDArray[np.uint8], info: ModelInfo) -> NDArray[np.uint8]:
    side = info.window
    small = images.resize_short(rgb, side, average=info.average)
    top, left = (small.shape[0] - side) // 2, (small.shape[1] - side) // 2
    return small[top : top + side, left : left + side]


def read_folder(folder: Path, limit: int) -> list[NDArray[np.uint8]]:
    """Open up to `limit` images of a folder, spread evenly over it.

    Raise ImageUnreadable for one that cannot be opened, AnalysisFailed where there is none.
    """
    found = images.find_images(folder)
    if not found:
        raise AnalysisFailed(f"There is no image in {folder}; choose a folder that holds some.")
    chosen = np.linspace(0, len(found) - 1, min(limit, len(found))).round().astype(int)
    return [images.open_image(found[index]) for index in chosen]


def draw_scenes(count: int) -> list[NDArray[np.uint8]]:
    """Draw `count` fresh scenes of the toy world. Raise ArtMissing without its art."""
    from cascadeclip.core.scenes import draw_scene, load_art

    art = load_art()
    return [draw_scene(art, FIRST_SCENE + index).image for index in range(count)]


def write_result(
    folder: Path, name: str, picture: NDArray[np.uint8], numbers: dict[str, object]
) -> tuple[Path, Path]:
    """Write NAME.png and NAME.json to `folder`, each replaced whole; return both paths.

    Raise AnalysisFailed, or FormatError, where the folder cannot be written.
    """
    text = json.dumps(numbers, ensure_ascii=False, allow_nan=False) + "\n"
    shown, counted = folder / f"{name}.png", folder / f"{name}.json"
    save_png(picture, shown)
    try:
        with replacing(counted) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AnalysisFailed(
            f"{counted} could not be written ({error.strerror or error}); choose another place."
        ) from error
    return shown, counted
