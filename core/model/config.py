"""Every size and option of a network, and what a model says about itself; without torch."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from cascadeclip.core.errors import CheckpointError

ACTIVATIONS = ("quick_gelu", "gelu")
AGGREGATIONS = ("gaussian", "gaussian-fixed", "sum", "sum-trained", "concat", "attention")
DECODERS = ("query", "spectral")
DENSE = ("dense-plain", "dense-value", "dense-fast", "dense-quality")
PLAIN = DENSE[0]
READOUTS = ("sigmoid", "softmax")
IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)
CLIP_VOCABULARY = 49408


def _as_json(value: object) -> object:
    return [_as_json(item) for item in value] if isinstance(value, tuple) else value


def _as_value(value: object) -> object:
    return tuple(_as_value(item) for item in value) if isinstance(value, list) else value


def _named(names: set[str]) -> str:
    return ", ".join(sorted(names))


class _Json:
    """Give a dataclass of plain values a strict JSON form."""

    __slots__ = ()

    def to_json(self) -> dict[str, object]:
        """Return the values as JSON has them: tuples become lists."""
        fields = dataclasses.fields(cast("Any", self))
        return {field.name: _as_json(getattr(self, field.name)) for field in fields}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Build from what `to_json` wrote; refuse unknown and missing keys (CheckpointError)."""
        if not isinstance(data, Mapping):
            raise CheckpointError(
                f"The model's description holds no table for its {cls.__name__}: "
                "choose another model file."
            )
        fields = dataclasses.fields(cast("Any", cls))
        unknown = {str(key) for key in data} - {field.name for field in fields}
        if unknown:
            raise CheckpointError(
                f"The model's description has unknown keys ({_named(unknown)}): "
                "it was written by another version of the program."
            )
        required = {field.name for field in fields if field.default is dataclasses.MISSING}
        missing = required - set(data)
        if missing:
            raise CheckpointError(
                f"The model's description lacks {_named(missing)}: choose a complete model."
            )
        try:
            return cls(**{key: _as_value(value) for key, value in data.items()})
        except (TypeError, ValueError) as error:
            raise CheckpointError(
                f"The model's description makes no network ({error}): choose another model."
            ) from error


def _need(condition: object, what: str) -> None:
    if not condition:
        raise ValueError(what)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig(_Json):
    """Hold every size of a Cascade-CLIP network; the defaults are the paper's on COCO-Stuff.

    `grid` is the side of the stored positional embedding in patches, `stages` the blocks
    (counted from 0) whose maps each decoder reads, one decoder a stage; the last stage ends with
    the last block, and stages may share blocks. `aggregation` joins the blocks of a stage (`sigma`
    belongs to its Gaussian forms, which start `gaussian_offset` blocks away: 0 as released, 1 as
    Eq. 4 is printed), `shared_text` gives all decoders one projection of the words.
    No `prompts` means a frozen tower without `prompt_norm`. SPT-SEG is `decoder` "spectral" and a
    filter before the `spectral_blocks`, which `train_spectral` lets learn. `last_block` is how the
    last block makes its map, one of DENSE; a tower without prompts alone has another than CLIP's.
    Three options help small networks and are off in the paper: `input_scale` multiplies the
    unit vectors that enter the decoders, `logit_scale` and `logit_bias` (initial values) make
    a learnable affine map of the logits, `train_stage_projections` starts the projections of
    the middle blocks from the tower's own and trains them. Raise ValueError on sizes that
    do not fit together.
    """

    patch: int = 16
    width: int = 768
    layers: int = 12
    heads: int = 12
    embed: int = 512
    grid: int = 32
    prompts: int = 50
    mlp_ratio: float = 4.0
    activation: str = "quick_gelu"
    stages: tuple[tuple[int, ...], ...] = ((5, 6, 7), (8, 9, 10), (11,))
    sigma: float = 1.0
    decoder_layers: int = 3
    decoder_heads: int = 8
    decoder_ff: int = 2048
    dropout: float = 0.1
    input_scale: float = 1.0
    logit_scale: float | None = None
    logit_bias: float | None = None
    train_stage_projections: bool = False
    aggregation: str = "gaussian"
    gaussian_offset: int = 0
    decoder: str = "query"
    shared_text: bool = False
    spectral_blocks: tuple[int, ...] = ()
    train_spectral: bool = True
    last_block: str = PLAIN

    def __post_init__(self) -> None:
        for name in ("patch", "width", "layers", "heads", "embed", "grid"):
            _need(_whole(getattr(self, name)), f"{name} must be a whole number above zero")
        for name in ("decoder_layers", "decoder_heads", "decoder_ff"):
            _need(_whole(getattr(self, name)), f"{name} must be a whole number above zero")
        for name in ("mlp_ratio", "sigma", "input_scale"):
            value = getattr(self, name)
            _need(_real(value) and value > 0, f"{name} must be above zero")
        for name in ("logit_scale", "logit_bias"):
            value = getattr(self, name)
            _need(value is None or _real(value), f"{name} must be a number or nothing")
        _need(_real(self.dropout) and 0 <= self.dropout < 1, "dropout must lie in [0, 1)")
        _need(self.prompts == 0 or _whole(self.prompts), "prompts must be a whole number")
        for name in ("train_stage_projections", "shared_text", "train_spectral"):
            _need(isinstance(getattr(self, name), bool), f"{name} is no bool")
        _need(self.width % self.heads == 0, "heads must divide width")
        _need(self.embed % self.decoder_heads == 0, "decoder_heads must divide embed")
        _need(self.activation in ACTIVATIONS, f"activation must be one of {ACTIVATIONS}")
        self._check_parts()
        self._check_stages()

    def _check_parts(self) -> None:
        _need(self.aggregation in AGGREGATIONS, f"aggregation must be one of {AGGREGATIONS}")
        _need(self.gaussian_offset in (0, 1), "gaussian_offset must be 0 or 1")
        _need(self.decoder in DECODERS, f"decoder must be one of {DECODERS}")
        _need(self.last_block in DENSE, f"last_block must be one of {DENSE}")
        if self.last_block != PLAIN:
            moved = self.prompts or self.spectral_blocks
            _need(not moved, "another last_block needs a tower that nothing moves")
            _need(self.layers > 1, "another last_block needs a block before it")
        # With one head there is none left for the other frequencies.
        _need(self.decoder == "query" or self.decoder_heads > 1, "a spectral decoder has 2 heads")
        blocks = self.spectral_blocks
        _need(isinstance(blocks, tuple), "spectral_blocks must be blocks")
        _need(all(isinstance(one, int) for one in blocks), "spectral_blocks must be blocks")
        _need(all(0 <= one < self.layers for one in blocks), "spectral_blocks must be blocks")

    def _check_stages(self) -> None:
        _need(isinstance(self.stages, tuple), "stages must be groups of blocks")
        _need(all(isinstance(group, tuple) for group in self.stages), "a stage is a group")
        _need(all(self.stages) and self.stages, "stages must not be empty")
        for group in self.stages:
            _need(all(isinstance(block, int) for block in group), "blocks are whole numbers")
            _need(group == tuple(sorted(set(group))), "blocks of a stage must ascend")
            _need(group[0] >= 0 and group[-1] < self.layers, "blocks are counted from 0")
        _need(self.stages[-1][-1] == self.layers - 1, "the last stage must end with the last block")

    @property
    def taken(self) -> tuple[int, ...]:
        """Name the blocks whose output is used, ascending; the last is the last block."""
        return tuple(sorted({block for group in self.stages for block in group}))

    @property
    def mlp_width(self) -> int:
        """Return the hidden width of the tower's feed-forward layers."""
        return round(self.width * self.mlp_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseConfig(_Json):
    """Hold the sizes of a CLIP tower that answers without training; the defaults are ViT-B/16's.

    `grid` is the side of the stored positional embedding in patches, `variant` one of DENSE,
    `logit_scale` what cosines are multiplied with before the softmax over all words. CLIP's own
    100 is too sharp for maps that are thresholded. Raise ValueError on sizes that do not fit.
    """

    patch: int = 16
    width: int = 768
    layers: int = 12
    heads: int = 12
    embed: int = 512
    grid: int = 14
    mlp_ratio: float = 4.0
    activation: str = "quick_gelu"
    variant: str = "dense-fast"
    logit_scale: float = 40.0

    def __post_init__(self) -> None:
        for name in ("patch", "width", "heads", "embed", "grid"):
            _need(_whole(getattr(self, name)), f"{name} must be a whole number above zero")
        _need(_whole(self.layers) and self.layers > 1, "layers must be a whole number above one")
        for name in ("mlp_ratio", "logit_scale"):
            value = getattr(self, name)
            _need(_real(value) and value > 0, f"{name} must be above zero")
        _need(self.width % self.heads == 0, "heads must divide width")
        _need(self.activation in ACTIVATIONS, f"activation must be one of {ACTIVATIONS}")
        _need(self.variant in DENSE, f"variant must be one of {DENSE}")

    @classmethod
    def like(cls, tower: NetworkConfig, variant: str) -> Self:
        """Take the sizes of the tower from another network's."""
        own = {field.name for field in dataclasses.fields(cls)} - {"variant", "logit_scale"}
        return cls(variant=variant, **{name: getattr(tower, name) for name in own})

    @property
    def mlp_width(self) -> int:
        """Return the hidden width of the tower's feed-forward layers."""
        return round(self.width * self.mlp_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConfig(_Json):
    """Hold every size of a CLIP text tower; the defaults are those of ViT-B/16's.

    `context` is the longest sequence in tokens, `vocabulary` the rows of the token table.
    """

    width: int = 512
    layers: int = 12
    heads: int = 8
    context: int = 77
    embed: int = 512
    vocabulary: int = CLIP_VOCABULARY
    mlp_ratio: float = 4.0
    activation: str = "quick_gelu"

    def __post_init__(self) -> None:
        for name in ("width", "layers", "heads", "context", "embed", "vocabulary"):
            _need(_whole(getattr(self, name)), f"text {name} must be a whole number above zero")
        _need(_real(self.mlp_ratio) and self.mlp_ratio > 0, "text mlp_ratio must be above zero")
        _need(self.width % self.heads == 0, "text heads must divide text width")
        _need(self.activation in ACTIVATIONS, f"activation must be one of {ACTIVATIONS}")

    @property
    def mlp_width(self) -> int:
        """Return the hidden width of the feed-forward layers."""
        return round(self.width * self.mlp_ratio)


def _words(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


def _adjusts(item: object) -> bool:
    if not isinstance(item, tuple) or len(item) != 3 or not isinstance(item[0], str):
        return False
    return _real(item[1]) and item[1] > 0 and _real(item[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo(_Json):
    """Hold what a model says about itself.

    `trained_words` are the words its head was trained on (the seen ones), `mean` and `std` the
    normalisation of RGB in 0..255, `window` the side of its input in pixels, `stride` the step
    between windows, `average` whether shrinking an image averages its pixels instead of the
    paper's bilinear look-up, `calibration` what is subtracted from the probability of trained
    words, `clip_digest` the SHA-256 of the CLIP weights it grew from, `parent` the version it was
    trained from, `program` the program that wrote it, `note` one sentence for the window. A model
    that was imported says how many parameters its file held, how many of them were trained there
    and how many had no effect and were dropped (`file_*`, else 0).

    `short` is the side in pixels that the image's short side becomes (0: the window). `readout`
    says how logits become probabilities: "sigmoid", every word by itself, or "softmax" over all
    words asked for and the words of `background`, which compete for pixels and are never
    suggested. Pixels whose best probability is below `none` (0..1) belong to no word.
    `adjusted` holds (word, scale, shift): the probability p of that word becomes
    sigmoid(scale * logit(p) + shift), so that it is how often such pixels are right.
    """

    name: str
    version: str
    clip_name: str = ""
    clip_digest: str = ""
    trained_words: tuple[str, ...] = ()
    templates: tuple[str, ...] = ("a photo of a {}",)
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    window: int = 512
    stride: int = 426
    average: bool = False
    calibration: float = 0.0
    parent: str | None = None
    program: str = ""
    licence: str = ""
    note: str = ""
    file_parameters: int = 0
    file_trained: int = 0
    file_dropped: int = 0
    short: int = 0
    readout: str = "sigmoid"
    background: tuple[str, ...] = ()
    none: float = 0.0
    adjusted: tuple[tuple[str, float, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("name", "version", "clip_name", "clip_digest", "program", "licence", "note"):
            _need(isinstance(getattr(self, name), str), f"{name} must be text")
        _need(self.parent is None or isinstance(self.parent, str), "parent must be text")
        _need(_words(self.trained_words), "trained_words must be words")
        _need(_words(self.templates) and self.templates, "templates must be sentences")
        _need(all("{}" in item for item in self.templates), "a template holds {}")
        for name in ("mean", "std"):
            value = getattr(self, name)
            _need(isinstance(value, tuple) and len(value) == 3, f"{name} holds three numbers")
            _need(all(_real(item) for item in value), f"{name} holds three numbers")
        _need(all(item > 0 for item in self.std), "std must be above zero")
        _need(_whole(self.window) and _whole(self.stride), "window and stride are pixels")
        _need(isinstance(self.average, bool), "average is true or false")
        _need(_real(self.calibration), "calibration must be a number")
        for name in ("file_parameters", "file_trained", "file_dropped"):
            value = getattr(self, name)
            _need(value == 0 or _whole(value), f"{name} must be a whole number")
        _need(self.short == 0 or _whole(self.short), "short is pixels")
        _need(self.short == 0 or self.short >= self.window, "short must not be below window")
        self._check_readout()

    def _check_readout(self) -> None:
        _need(self.readout in READOUTS, f"readout must be one of {READOUTS}")
        _need(_words(self.background), "background must be words")
        _need(all(item.strip() for item in self.background), "background must be words")
        _need(_real(self.none) and 0 <= self.none <= 1, "none must lie in [0, 1]")
        _need(isinstance(self.adjusted, tuple), "adjusted must be words")
        _need(all(_adjusts(item) for item in self.adjusted), "adjusted holds (word, scale, shift)")
