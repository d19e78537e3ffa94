"""What a network costs: parameters and multiplications, as published and as computed here.

One multiply-accumulate (MAC) counts as one FLOP, as fvcore counts and Table 12 must have been
counted: "GFLOPs" there are GMACs here. Matrix products and the patch convolution are counted;
softmax, activations, sums and dropout are not. Layer norms (5 an element) and the two bilinear
enlargements of the logits (4 an element) are given apart, because fvcore adds them. Text
embeddings are computed once and not part of either count.

`released` is the graph of the paper's code with what its last layers throw away removed (fvcore
never sees that either): prompt tokens go through everything. `ours` is what this program computes
for the same numbers: prompts have no queries and no outputs, only patches are projected, and the
key projection of each decoder's last layer is folded into its few queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.core.errors import AnalysisFailed

if TYPE_CHECKING:
    from cascadeclip.core.model.config import NetworkConfig, TextConfig

Counts = dict[str, int]
PAPER = {"parameters": 193.1e6, "trainable": 40.5e6, "macs": 123.8e9, "images_per_second": 18.4}
PAPER_DEVICE = "RTX 3090"
NORM_FLOPS, ENLARGE_FLOPS = 5, 4


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Hold the letters of the formulas: tokens, widths, words."""

    words: int
    patches: int
    tokens: int  # the global one and the patches
    joint: int  # and the prompts
    width: int
    embed: int
    middle: int  # taken blocks but the last


def _sizes(config: NetworkConfig, words: int, side: int) -> _Sizes:
    if config.decoder != "query":
        raise AnalysisFailed(
            "The cost of a spectral decoder is not counted; choose a Cascade-CLIP or ZegCLIP model."
        )
    if side < config.patch or words < 1:
        raise AnalysisFailed(
            f"Counting needs at least one word and a side of {config.patch} pixels; raise both."
        )
    patches = (-(-side // config.patch)) ** 2
    return _Sizes(
        words=words,
        patches=patches,
        tokens=1 + patches,
        joint=1 + patches + config.prompts,
        width=config.width,
        embed=config.embed,
        middle=len(config.taken) - 1,
    )


def check(config: NetworkConfig, words: int, side: int) -> None:
    """Raise AnalysisFailed for a network, a number of words or a side that cannot be counted."""
    _sizes(config, words, side)


def released_macs(config: NetworkConfig, words: int, side: int) -> Counts:
    """Count the MACs of the paper's code for one square image, part by part."""
    s = _sizes(config, words, side)
    linear = 4 * s.width**2 + 2 * s.width * config.mlp_width
    stages, layers = len(config.stages), config.decoder_layers
    full, last = _released_layer(config, s), _released_map(s)
    return {
        "patch convolution": s.patches * 3 * config.patch**2 * s.width,
        "blocks, linear": config.layers * linear * s.joint,
        "blocks, attention": config.layers * 2 * s.joint**2 * s.width,
        "projections": (1 + s.middle) * s.joint * s.width * s.embed,
        "prompt projection": config.layers * config.prompts * s.width**2,
        "aggregation": _aggregation(config, s),
        "descriptors": _descriptors(config) * words * 2 * s.embed**2,
        "decoders": stages * ((layers - 1) * full + last),
    }


def _released_layer(config: NetworkConfig, s: _Sizes) -> int:
    linear = 2 * s.words * s.embed**2 + 2 * s.patches * s.embed**2
    attention = 2 * s.words * s.patches * s.embed
    return linear + attention + 2 * s.words * s.embed * config.decoder_ff


def _released_map(s: _Sizes) -> int:
    return (s.words + s.patches) * s.embed**2 + s.words * s.patches * s.embed


def our_macs(config: NetworkConfig, words: int, side: int) -> Counts:
    """Count the MACs this program spends on one square image and its words, part by part."""
    s = _sizes(config, words, side)
    asked = 2 * s.width**2 + 2 * s.width * config.mlp_width
    stages, layers = len(config.stages), config.decoder_layers
    # the last layer's two projections lie on the patches' side, once per image
    fold = 2 * s.patches * s.embed**2 + s.patches * s.embed
    return {
        "patch convolution": s.patches * 3 * config.patch**2 * s.width,
        "blocks, linear": config.layers * (asked * s.tokens + 2 * s.width**2 * s.joint),
        "blocks, attention": config.layers * 2 * s.tokens * s.joint * s.width,
        "projections": (s.tokens + s.middle * s.patches) * s.width * s.embed,
        "prompt projection": config.layers * config.prompts * s.width**2,
        "aggregation": _aggregation(config, s),
        "descriptors": _our_descriptors(config) * words * 2 * s.embed**2,
        "decoders": stages
        * ((layers - 1) * _released_layer(config, s) + fold + words * s.patches * s.embed),
    }


def _descriptors(config: NetworkConfig) -> int:
    return 1 if config.shared_text else len(config.stages)


def _our_descriptors(config: NetworkConfig) -> int:
    return len(config.stages)  # a shared one is applied again for every decoder


def _aggregation(config: NetworkConfig, s: _Sizes) -> int:
    """Count what joins the blocks of a stage; weighted sums are no matrix products."""
    joined = [len(stage) for stage in config.stages if len(stage) > 1]
    if config.aggregation == "concat":
        return sum(s.patches * count * s.embed**2 for count in joined)
    if config.aggregation == "attention":
        return sum(
            s.patches * (count * 4 * s.embed**2 + 2 * count**2 * s.embed) for count in joined
        )
    return 0


def fvcore_extra(config: NetworkConfig, words: int, side: int) -> int:
    """Count what fvcore adds to the released graph: norms, and enlarging the logits twice."""
    s = _sizes(config, words, side)
    prompted = (1 + s.middle) if config.prompts else 0
    tower = (2 * config.layers + prompted + s.middle + 1) * s.joint + s.tokens
    heads = 2 * len(config.stages) * (config.decoder_layers - 1) * words
    pixels = words * s.patches * config.patch**2
    return NORM_FLOPS * (tower * s.width + heads * s.embed) + 2 * ENLARGE_FLOPS * pixels


def released_parameters(config: NetworkConfig, text: TextConfig) -> Counts:
    """Count the parameters of the paper's code, weights that never run included."""
    _sizes(config, 1, config.patch)
    blocks = config.layers * _block(config.width, config.mlp_width)
    frozen = 3 * config.patch**2 * config.width + (2 + config.grid**2) * config.width
    frozen += 4 * config.width + config.width * config.embed
    middle = (len(config.taken) - 1) * (2 * config.width + config.width * config.embed)
    return {
        "image tower": frozen + blocks + middle,
        "prompts": _prompts(config),
        "text tower": text_parameters(text),
        "decoders": _head(config, _full_layer(config)),
    }


def _block(width: int, hidden: int) -> int:
    attention = 4 * width**2 + 4 * width
    return attention + 2 * width * hidden + hidden + width + 4 * width


def _prompts(config: NetworkConfig) -> int:
    if not config.prompts:
        return 0
    return config.layers * config.prompts * config.width + config.width**2 + 3 * config.width


def text_parameters(text: TextConfig) -> int:
    """Count the parameters of a CLIP text tower."""
    tables = (text.vocabulary + text.context) * text.width + text.width * text.embed
    return tables + 2 * text.width + text.layers * _block(text.width, text.mlp_width)


def _full_layer(config: NetworkConfig) -> int:
    size = config.embed
    attentions = 2 * (4 * size**2 + 4 * size)  # the one between the queries never runs
    return attentions + 2 * size * config.decoder_ff + config.decoder_ff + size + 6 * size


def _head(config: NetworkConfig, layer: int) -> int:
    query = 2 * config.embed**2 + config.embed
    weights = sum(len(stage) for stage in config.stages if len(stage) > 1)
    layers = len(config.stages) * config.decoder_layers * layer
    return layers + _descriptors(config) * query + weights


def released_trainable(config: NetworkConfig) -> int:
    """Count the parameters the paper's code marks as learning, dead ones included."""
    return _head(config, _full_layer(config)) + _prompts(config)
