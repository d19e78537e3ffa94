"""Checkpoints of the paper's released code (mmseg state dicts): names, sizes, dead keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import NetworkConfig, TextConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.model.weights import check_keys

_HEAD = "decode_head."
_CASCADE = _HEAD + "cascade_decoders."
_BLOCK = "backbone.transformer.resblocks."
_TEXT = "text_encoder."
_NEVER_USED = re.compile(r"\.(self_attn\.|norm1\.)|^decode_head\.loss_decode\.")
_LAST_UNUSED = re.compile(r"\.(multihead_attn\.(v|proj)|linear1|linear2|norm2|norm3)\.")
_RENAMES = (
    (r"^encoder\.blocks\.", _BLOCK),
    (r"^encoder\.stage_norms\.", "backbone.ln_layers."),
    (r"^encoder\.stage_projections$", "backbone.proj_layers"),
    (r"^encoder\.", "backbone."),
    (r"^decoders\.(\d+)\.query\.", _HEAD + r"q_projs.\1."),
    (r"^decoders\.(\d+)\.layers\.(\d+)\.([qkv])\.", _CASCADE + r"\1.layers.\2.multihead_attn.\3."),
    (r"^decoders\.(\d+)\.layers\.(\d+)\.out\.", _CASCADE + r"\1.layers.\2.multihead_attn.proj."),
    (r"^decoders\.(\d+)\.layers\.", _CASCADE + r"\1.layers."),
)


@dataclass(frozen=True, slots=True)
class Heads:
    """Hold the numbers of attention heads, which no checkpoint tells.

    `tower` None means width // 64, as in every published CLIP.
    """

    tower: int | None = None
    decoder: int = 8


def official_name(key: str, decoder_layers: int) -> str:
    """Translate a key of CascadeCLIP into the released code's name for it."""
    if key.startswith("aggregation.weights."):
        return f"{_HEAD}weights_s{int(key.rpartition('.')[2]) + 1}"
    last = re.sub(r"\.last\.", f".layers.{decoder_layers - 1}.", key)
    for pattern, replacement in _RENAMES:
        renamed, count = re.subn(pattern, replacement, last)
        if count:
            return renamed
    return key


class _Sizes:
    """Read sizes off tensors, with a sentence where one is absent or flat."""

    def __init__(self, state: Mapping[str, Tensor], file: str) -> None:
        self.state, self.file = state, file

    def of(self, key: str, dims: int) -> tuple[int, ...]:
        """Return the shape of `key`, which must have `dims` dimensions."""
        if key not in self.state:
            raise CheckpointError(f"{self.file} lacks {key}: choose a Cascade-CLIP checkpoint.")
        shape = tuple(self.state[key].shape)
        if len(shape) != dims or 0 in shape:
            raise CheckpointError(
                f"{self.file} has a wrong shape at {key}, {shape}: choose a matching checkpoint."
            )
        return shape

    def count(self, prefix: str) -> int:
        """Count the numbered entries below `prefix`."""
        pattern = re.compile(re.escape(prefix) + r"(\d+)\.")
        found = (pattern.match(key) for key in self.state)
        return len({match[1] for match in found if match})


def _stages(sizes: _Sizes, layers: int, decoders: int) -> tuple[tuple[int, ...], ...]:
    counts = [sizes.of(f"{_HEAD}weights_s{stage}", 1)[0] for stage in range(1, decoders)]
    start = layers - 1 - sum(counts)
    groups: list[tuple[int, ...]] = []
    for count in (*counts, 1):
        groups.append(tuple(range(start, start + count)))
        start += count
    return tuple(groups)


def _config(sizes: _Sizes, heads: Heads) -> NetworkConfig:
    width, _, patch, _ = sizes.of("backbone.conv1.weight", 4)
    layers, decoders = sizes.count(_BLOCK), sizes.count(_CASCADE)
    decoder_layers = sizes.count(f"{_CASCADE}0.layers.")
    hidden = sizes.of(f"{_BLOCK}0.mlp.c_fc.weight", 2)[0]
    feed = f"{_CASCADE}0.layers.0.linear1.weight"
    try:
        return NetworkConfig(
            patch=patch,
            width=width,
            layers=layers,
            heads=heads.tower or max(width // 64, 1),
            embed=sizes.of("backbone.proj", 2)[1],
            grid=round((sizes.of("backbone.positional_embedding", 2)[0] - 1) ** 0.5),
            prompts=sizes.of("backbone.deep_prompt_embeddings", 3)[1],
            mlp_ratio=hidden / width,
            stages=_stages(sizes, layers, decoders),
            decoder_layers=decoder_layers,
            decoder_heads=heads.decoder,
            decoder_ff=sizes.of(feed, 2)[0],
        )
    except ValueError as error:
        raise CheckpointError(
            f"The sizes in {sizes.file} make no network ({error}): "
            "name the numbers of heads, or choose a matching checkpoint."
        ) from error


def _dead(key: str, decoder_layers: int) -> bool:
    if _NEVER_USED.search(key):
        return True
    inside_last = re.match(rf"{re.escape(_CASCADE)}\d+\.layers\.{decoder_layers - 1}\.", key)
    return bool(inside_last and _LAST_UNUSED.search(key))


def _join_projections(state: dict[str, Tensor], file: str) -> None:
    """Accept the projections as a list of matrices, a spelling the released source also has."""
    sizes = _Sizes(state, file)
    prefix = "backbone.proj_layers."
    keys = [key for key in state if re.fullmatch(re.escape(prefix) + r"\d+", key)]
    if not keys or "backbone.proj_layers" in state:
        return
    keys.sort(key=lambda key: int(key.removeprefix(prefix)))
    shapes = {sizes.of(key, 2) for key in keys}
    if len(shapes) > 1:
        raise CheckpointError(
            f"{file} has different shapes at {prefix}*: choose a matching checkpoint."
        )
    state["backbone.proj_layers"] = torch.stack([state.pop(key) for key in keys])


def network_from_official(state: Mapping[str, Tensor], file: str, heads: Heads) -> CascadeCLIP:
    """Build the network of a released state dict (float32), in eval mode, sizes from its tensors.

    Tensors that never reach the output are dropped. Raise CheckpointError naming unknown,
    missing and misshapen keys by the file's own names.
    """
    given = {key: value for key, value in state.items() if not key.startswith(_TEXT)}
    _join_projections(given, file)
    config = _config(_Sizes(given, file), heads)
    with torch.device("meta"):
        network = CascadeCLIP(config)
    names = {key: official_name(key, config.decoder_layers) for key in network.state_dict()}
    expected = {names[key]: value.shape for key, value in network.state_dict().items()}
    given = {
        key: value
        for key, value in given.items()
        if key in expected or not _dead(key, config.decoder_layers)
    }
    check_keys(expected, given, file)
    network.load_state_dict({key: given[name] for key, name in names.items()}, assign=True)
    return network.eval()


def text_from_official(state: Mapping[str, Tensor], file: str) -> TextEncoder | None:
    """Build the text encoder of a released state dict, or return None where it holds none."""
    found = {key: value for key, value in state.items() if key.startswith(_TEXT)}
    if not found:
        return None
    sizes = _Sizes(found, file)
    rows, width = sizes.of(_TEXT + "token_embedding.weight", 2)
    blocks = _TEXT + "transformer.resblocks."
    try:
        config = TextConfig(
            width=width,
            layers=sizes.count(blocks),
            heads=max(width // 64, 1),
            context=sizes.of(_TEXT + "positional_embedding", 2)[0],
            embed=sizes.of(_TEXT + "text_projection", 2)[1],
            vocabulary=rows,
            mlp_ratio=sizes.of(blocks + "0.mlp.c_fc.weight", 2)[0] / width,
        )
    except ValueError as error:
        raise CheckpointError(
            f"The sizes in {file} make no text encoder ({error}): choose a matching checkpoint."
        ) from error
    with torch.device("meta"):
        encoder = TextEncoder(config)
    names = {key: _TEXT + re.sub("^blocks", "transformer.resblocks", key) for key in _keys(encoder)}
    check_keys({names[key]: value.shape for key, value in _keys(encoder).items()}, found, file)
    encoder.load_state_dict({key: found[name] for key, name in names.items()}, assign=True)
    return encoder.eval()


def _keys(encoder: TextEncoder) -> dict[str, Tensor]:
    return encoder.state_dict()
