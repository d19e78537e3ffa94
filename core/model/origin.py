"""Which of the CLIPs kept on this machine a network's frozen tower is, bit for bit or nearly."""

from __future__ import annotations

import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.clip import vision_state
from cascadeclip.core.model.clip_store import ClipCard, ClipStore
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.encoder import resize_positions
from cascadeclip.core.model.network import CascadeCLIP

CLOSE = 1e-5


def find_origin(network: CascadeCLIP, store: ClipStore) -> ClipCard | None:
    """Return the card of the kept CLIP that the image tower was built on, None where none fits.

    The positional embedding is compared after the paper's resizing. Damaged weights fit nothing.
    """
    for card in store.installed():
        try:
            if _sized(card, network.config) and _same(network, store, card):
                return card
        except CheckpointError:
            continue
    return None


def _sized(card: ClipCard, config: NetworkConfig) -> bool:
    vision = card.config.get("vision_cfg", {})
    sizes = (vision.get("width"), vision.get("layers"), vision.get("patch_size"))
    return sizes == (config.width, config.layers, config.patch)


def _same(network: CascadeCLIP, store: ClipStore, card: ClipCard) -> bool:
    own = network.encoder.state_dict()
    grid = network.config.grid
    given = vision_state(store.load(card.name, card.tag).clip)
    given["positional_embedding"] = resize_positions(given["positional_embedding"], grid, grid)
    return all(
        name in own
        and own[name].shape == value.shape
        and torch.allclose(own[name], value, rtol=0, atol=CLOSE)
        for name, value in given.items()
    )
