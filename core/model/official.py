"""Checkpoints of the paper's released code (mmseg state dicts): names, sizes, dead keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import NetworkConfig, TextConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.model.weights import check_keys

_HEAD = "decode_head."
_CASCADE = _HEAD + "cascade_decoders."
_SINGLE = _HEAD + "decoder_1."
_BLOCK = "backbone.transformer.resblocks."
_TEXT = "text_encoder."
_BUFFER = re.compile(r"^decode_head\.loss_decode\.")
_NEVER_USED = re.compile(r"\.(self_attn\.|norm1\.|hlfs\.h_proj\.)|^backbone\.proj_fre\.")
_SCORES = re.compile(r"\.multihead_attn\.")
_LAST_UNUSED = re.compile(r"\.(multihead_attn\.(v|proj)|hlfs\.proj|linear1|linear2|norm2|norm3)\.")
_TRAINED = re.compile(r"^decode_head\.|^backbone\..*prompt")


@dataclass(frozen=True, slots=True)
class Heads:
    """Hold the numbers of attention heads, which no checkpoint tells.

    `tower` None means width // 64, as in every published CLIP.
    """

    tower: int | None = None
    decoder: int = 8


@dataclass(frozen=True, slots=True)
class Parameters:
    """Count the parameters of a released file: in it, trained there, and of those without effect.

    Trained are the head and what has "prompt" in its name; `dropped` never reach the output.
    """

    total: int
    trained: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Dialect:
    """Say which of the released spellings a file uses.

    `single` is ZegCLIP's and SPT-SEG's: one decoder, called decoder_1. `spectral` is SPT-SEG's
    attention, called hlfs. `layers` is the number of layers of a decoder.
    """

    layers: int = 3
    single: bool = False
    spectral: bool = False

    def decoder(self, stage: str) -> str:
        """Return the beginning of the keys of the decoder of `stage`."""
        return _SINGLE if self.single else f"{_CASCADE}{stage}."

    def dead(self, key: str) -> bool:
        """Tell whether the tensor `key` never reaches the output."""
        if _BUFFER.search(key) or _NEVER_USED.search(key):
            return True
        inside = re.match(r"(.*\.)?layers\.(\d+)\.", key)
        if not key.startswith(_HEAD) or inside is None:
            return False
        if self.spectral and _SCORES.search(key):
            return True
        return int(inside[2]) == self.layers - 1 and bool(_LAST_UNUSED.search(key))


_TOWER_NAMES = (
    ("encoder.blocks.", _BLOCK),
    ("encoder.stage_norms.", "backbone.ln_layers."),
    ("encoder.stage_projections", "backbone.proj_layers"),
    ("encoder.spectral.", "backbone."),
    ("encoder.", "backbone."),
)


def official_name(key: str, dialect: Dialect) -> str:
    """Translate a key of CascadeCLIP into the released code's name for it."""
    if key.startswith("aggregation.weights."):
        return f"{_HEAD}weights_s{int(key.rpartition('.')[2]) + 1}"
    for ours, theirs in _TOWER_NAMES:
        if key.startswith(ours):
            return theirs + key.removeprefix(ours)
    found = re.match(r"decoders\.(\d+)\.(.*)", key)
    return key if found is None else _decoder_name(found[1], found[2], dialect)


def _decoder_name(stage: str, rest: str, dialect: Dialect) -> str:
    if rest.startswith("query."):
        projection = "q_proj." if dialect.single else f"q_projs.{stage}."
        return _HEAD + projection + rest.removeprefix("query.")
    attention = "hlfs." if dialect.spectral else "multihead_attn."
    if rest.startswith("last."):
        inside = f"layers.{dialect.layers - 1}.{attention}"
        return dialect.decoder(stage) + inside + rest.removeprefix("last.")
    renamed = re.sub(r"^(layers\.\d+\.)(?=[qkv]\.)", rf"\1{attention}", rest)
    renamed = re.sub(r"^(layers\.\d+\.)out\.", rf"\1{attention}proj.", renamed)
    renamed = re.sub(r"^(layers\.\d+\.)memory\.", rf"\1{attention}", renamed)
    return dialect.decoder(stage) + renamed


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


def _dialect(sizes: _Sizes) -> Dialect:
    single = any(key.startswith(_SINGLE) for key in sizes.state)
    first = _SINGLE if single else f"{_CASCADE}0."
    return Dialect(
        layers=sizes.count(first + "layers."),
        single=single,
        spectral=any(".hlfs." in key for key in sizes.state),
    )


def _options(sizes: _Sizes, dialect: Dialect) -> dict[str, Any]:
    """Read what tells the published methods apart."""
    options: dict[str, Any] = {"prompts": 0, "decoder": "query"}
    if any(key.startswith("backbone.") and "prompt" in key for key in sizes.state):
        options["prompts"] = sizes.of("backbone.deep_prompt_embeddings", 3)[1]
    if dialect.spectral:
        options["decoder"] = "spectral"
    if "backbone.complex_weight" in sizes.state:
        options["spectral_blocks"] = (0, 1)
    return options


def _config(sizes: _Sizes, heads: Heads, dialect: Dialect) -> NetworkConfig:
    width, _, patch, _ = sizes.of("backbone.conv1.weight", 4)
    layers = sizes.count(_BLOCK)
    decoders = 1 if dialect.single else sizes.count(_CASCADE)
    hidden = sizes.of(f"{_BLOCK}0.mlp.c_fc.weight", 2)[0]
    feed = f"{dialect.decoder('0')}layers.0.linear1.weight"
    try:
        return NetworkConfig(
            patch=patch,
            width=width,
            layers=layers,
            heads=heads.tower or max(width // 64, 1),
            embed=sizes.of("backbone.proj", 2)[1],
            grid=round((sizes.of("backbone.positional_embedding", 2)[0] - 1) ** 0.5),
            mlp_ratio=hidden / width,
            stages=_stages(sizes, layers, decoders),
            decoder_layers=dialect.layers,
            decoder_heads=heads.decoder,
            decoder_ff=sizes.of(feed, 2)[0],
            **_options(sizes, dialect),
        )
    except ValueError as error:
        raise CheckpointError(
            f"The sizes in {sizes.file} make no network ({error}): "
            "name the numbers of heads, or choose a matching checkpoint."
        ) from error


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


def count_parameters(state: Mapping[str, Tensor], file: str) -> Parameters:
    """Count the parameters of a released state dict; buffers are left out."""
    dialect = _dialect(_Sizes(state, file))
    sizes = {key: value.numel() for key, value in state.items() if not _BUFFER.search(key)}
    return Parameters(
        total=sum(sizes.values()),
        trained=sum(size for key, size in sizes.items() if _TRAINED.search(key)),
        dropped=sum(size for key, size in sizes.items() if dialect.dead(key)),
    )


def network_from_official(state: Mapping[str, Tensor], file: str, heads: Heads) -> CascadeCLIP:
    """Build the network of a released state dict (float32), in eval mode, sizes from its tensors.

    Cascade-CLIP's, ZegCLIP's and SPT-SEG's files are read. Tensors that never reach the output
    are dropped. Raise CheckpointError naming unknown, missing and misshapen keys by the file's
    own names.
    """
    given = {key: value for key, value in state.items() if not key.startswith(_TEXT)}
    _join_projections(given, file)
    sizes = _Sizes(given, file)
    dialect = _dialect(sizes)
    config = _config(sizes, heads, dialect)
    with torch.device("meta"):
        network = CascadeCLIP(config)
    names = {key: official_name(key, dialect) for key in network.state_dict()}
    expected = {names[key]: value.shape for key, value in network.state_dict().items()}
    given = {key: value for key, value in given.items() if key in expected or not dialect.dead(key)}
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
