"""A model from CLIP's weights alone: what a project begins with before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from open_clip.zero_shot_metadata import OPENAI_IMAGENET_TEMPLATES

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.checkpoint import LoadedModel
from cascadeclip.core.model.clip import text_from_clip
from cascadeclip.core.model.clip_files import ClipWeights
from cascadeclip.core.model.clip_store import ClipCard, ClipStore
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.dense import dense_from_clip

FAST, QUALITY = "dense-fast", "dense-quality"
_BACKGROUND = (
    "sky, wall, tree, wood, grass, road, sea, river, mountain, sands, desk, bed, building, cloud, "
    "lamp, door, window, wardrobe, ceiling, shelf, curtain, stair, floor, hill, rail, fence"
)
BACKGROUND = tuple(_BACKGROUND.split(", "))
"""Words that published evaluations of such models count as background (SCLIP, ECCV 2024)."""
NONE = 0.1
NOTE = (
    "CLIP's weights alone speak here, never trained to draw masks: outlines are coarse and small "
    "things are missed."
)
_SHORT = 1.5


@dataclass(frozen=True, slots=True)
class Start:
    """Say how the weights are used: a variant of DENSE, background words, the least share."""

    variant: str = FAST
    background: tuple[str, ...] = BACKGROUND
    none: float = NONE


def find_card(store: ClipStore, source: str) -> ClipCard:
    """Return the card of the weights NAME or NAME:TAG that are on this machine.

    A name alone means a person's own weights of that name, else the only published ones. Raise
    CheckpointError where there are none, or several.
    """
    name, _, tag = source.partition(":")
    tags = [card.tag for card in store.installed() if card.name == name]
    if tag or "" in tags or not tags:
        return store.card(name, tag)
    if len(tags) > 1:
        raise CheckpointError(
            f"There are several weights {name} on this machine: name one of "
            f"{', '.join(f'{name}:{one}' for one in tags)}."
        )
    return store.card(name, tags[0])


def cold_start(weights: ClipWeights, card: ClipCard, start: Start, name: str) -> LoadedModel:
    """Build the model called `name` from both towers of CLIP, in eval mode.

    Images are seen as published: windows of the size CLIP was trained on, half of it apart, over
    a short side of one and a half windows (336 for 224); words in the 80 sentences of OpenAI.
    """
    network = dense_from_clip(weights.clip, start.variant)
    window = network.config.grid * network.config.patch
    info = ModelInfo(
        name=f"{card.name} {card.tag}".strip(),
        version=name,
        clip_name=f"{card.name} {card.tag}".strip(),
        clip_digest=weights.digest,
        templates=tuple(dict.fromkeys(one("{}") for one in OPENAI_IMAGENET_TEMPLATES)),
        mean=card.mean,
        std=card.std,
        window=window,
        stride=max(1, window // 2),
        short=round(_SHORT * window),
        readout="softmax",
        background=start.background,
        none=start.none,
        program=f"cascadeclip {version('cascadeclip')}, use-clip",
        licence=card.licence,
        note=NOTE,
    )
    return LoadedModel(network, text_from_clip(weights.clip), info)


def free_name(card: ClipCard, variant: str, taken: Sequence[str]) -> str:
    """Return a version name for the weights that is not `taken`, a number at its end if need be."""
    first = "-".join(part for part in (card.name, card.tag, variant.removeprefix("dense-")) if part)
    number, name = 1, first
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name
