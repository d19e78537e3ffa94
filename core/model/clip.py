"""CLIP models of open_clip, built without downloading, as the source of both towers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import CLIP_VOCABULARY, NetworkConfig, TextConfig
from cascadeclip.core.model.encoder import resize_positions
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder

if TYPE_CHECKING:
    import open_clip

_TOWER = ("class_embedding", "positional_embedding", "proj")
_TEXT = ("positional_embedding", "token_embedding.weight", "text_projection")


def build_clip(source: str | Mapping[str, Any]) -> open_clip.CLIP:
    """Build a CLIP with random weights from a model name of open_clip or its configuration.

    Nothing is downloaded. Raise CheckpointError for an unknown name and for towers that are
    no plain vision and text transformers.
    """
    # here: it takes 200 MB and seconds, and whoever opens a model that is ready needs none of it
    import open_clip

    config = open_clip.get_model_config(source) if isinstance(source, str) else dict(source)
    if config is None:
        raise CheckpointError(
            f"There is no CLIP model called {source}: choose one of open_clip's names."
        )
    config = {key: value for key, value in config.items() if key != "custom_text"}
    foreign = {"timm_model_name", "hf_model_name"} & {
        *config.get("vision_cfg", {}),
        *config.get("text_cfg", {}),
    }
    layers = config.get("vision_cfg", {}).get("layers", 12)
    if foreign or not isinstance(layers, int):
        raise CheckpointError("This CLIP has no plain vision transformer: choose a ViT model.")
    return open_clip.CLIP(**config)


def _activation(block: torch.nn.Module) -> str:
    return "quick_gelu" if type(block.mlp.gelu).__name__ == "QuickGELU" else "gelu"  # type: ignore[union-attr]


def _blocks(state: Mapping[str, Tensor], source: str, target: str) -> dict[str, Tensor]:
    return {
        target + key.removeprefix(source): value
        for key, value in state.items()
        if key.startswith(source)
    }


def vision_state(clip: open_clip.CLIP) -> dict[str, Tensor]:
    """Return the vision tower's tensors under the names of `PromptedEncoder`."""
    state = clip.visual.state_dict()
    found = {name: state[name] for name in _TOWER}
    for prefix in ("conv1.", "ln_pre.", "ln_post."):
        found |= _blocks(state, prefix, prefix)
    return found | _blocks(state, "transformer.resblocks.", "blocks.")


def text_state(clip: open_clip.CLIP) -> dict[str, Tensor]:
    """Return the text tower's tensors under the names of `TextEncoder`."""
    state = clip.state_dict()
    found = {name: state[name] for name in _TEXT}
    found |= _blocks(state, "ln_final.", "ln_final.")
    return found | _blocks(state, "transformer.resblocks.", "blocks.")


def network_config(clip: open_clip.CLIP, **options: object) -> NetworkConfig:
    """Read the tower's sizes from `clip`; `options` are further fields of NetworkConfig.

    Stages default to the paper's, counted back from the last block.
    """
    visual = clip.visual
    block = visual.transformer.resblocks[0]
    layers, width = len(visual.transformer.resblocks), visual.conv1.out_channels
    sizes: dict[str, Any] = {
        "patch": visual.conv1.kernel_size[0],
        "width": width,
        "layers": layers,
        "heads": block.attn.num_heads,
        "embed": visual.proj.shape[1],
        "grid": round((visual.positional_embedding.shape[0] - 1) ** 0.5),
        "mlp_ratio": block.mlp.c_fc.out_features / width,
        "activation": _activation(block),
        "stages": default_stages(layers),
    }
    return NetworkConfig(**(sizes | options))


def default_stages(layers: int) -> tuple[tuple[int, ...], ...]:
    """Split the last seven blocks as the paper does: three, three and the last one."""
    last = layers - 1
    groups = (tuple(range(last - 6, last - 3)), tuple(range(last - 3, last)), (last,))
    return groups if last >= 6 else ((last,),)


def network_from_clip(
    clip: open_clip.CLIP, config: NetworkConfig, *, class_embedding_once: bool = True
) -> CascadeCLIP:
    """Build a network around the vision tower of `clip`, in eval mode; the rest is fresh.

    `class_embedding_once` says that the tower was trained by open_clip's own forward pass, which
    adds the class embedding once: it is halved here because the prompted tower adds it twice.
    Say False to feed a tower the doubled embedding as the paper does. The positional embedding
    is resized to `config.grid`. Raise CheckpointError where the sizes differ.
    """
    network = CascadeCLIP(config)
    state = {name: value.detach().float().clone() for name, value in vision_state(clip).items()}
    if class_embedding_once:
        state["class_embedding"] /= 2
    positions = state["positional_embedding"]
    state["positional_embedding"] = resize_positions(positions, config.grid, config.grid)
    own = network.encoder.state_dict()
    unfit = [name for name in state if name not in own or own[name].shape != state[name].shape]
    if unfit:
        raise CheckpointError(
            f"The CLIP tower does not fit the chosen sizes at {unfit[0]}: "
            "read the sizes from the tower."
        )
    network.encoder.load_state_dict(state, strict=False)
    if config.train_stage_projections and network.encoder.stage_norms:
        start_projections(network)
    return network.eval()


def start_projections(network: CascadeCLIP) -> None:
    """Let the projections of the middle blocks begin as the tower's own of the last block."""
    encoder = network.encoder
    with torch.no_grad():
        encoder.stage_projections.copy_(encoder.proj.expand_as(encoder.stage_projections))
    for norm in encoder.stage_norms:
        norm.load_state_dict(encoder.ln_post.state_dict())


def text_from_clip(clip: open_clip.CLIP, token_ids: Sequence[int] | None = None) -> TextEncoder:
    """Build the text encoder from the text tower of `clip`, in eval mode.

    `token_ids` (ascending) name the rows of CLIP's vocabulary that a compact token table of
    `clip` holds; the other rows stay zero.
    """
    state = {name: value.detach().float().clone() for name, value in text_state(clip).items()}
    table = state["token_embedding.weight"]
    if token_ids is not None:
        full = table.new_zeros(CLIP_VOCABULARY, table.shape[1])
        full[torch.as_tensor(token_ids, dtype=torch.long)] = table
        table = state["token_embedding.weight"] = full
    block = clip.transformer.resblocks[0]
    encoder = TextEncoder(
        TextConfig(
            width=table.shape[1],
            layers=len(clip.transformer.resblocks),
            heads=block.attn.num_heads,
            context=state["positional_embedding"].shape[0],
            embed=state["text_projection"].shape[1],
            vocabulary=table.shape[0],
            mlp_ratio=block.mlp.c_fc.out_features / table.shape[1],
            activation=_activation(block),
        )
    )
    encoder.load_state_dict(state)
    return encoder.eval()
