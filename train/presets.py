"""Named variants of the method: what each changes of the network and of its training."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.train.fit.config import FitConfig

Changes = Mapping[str, Any]
LAST: tuple[tuple[int, ...], ...] = ((11,),)
SPECTRAL: Changes = {"decoder": "spectral", "spectral_blocks": (0, 1)}
FUSED = tuple(range(5, 12))


def layers(text: str) -> tuple[tuple[int, ...], ...]:
    """Read stages as the paper writes layers, counted from 1: "6-8,9-11,12"."""
    groups = (part.partition("-") for part in text.split(","))
    return tuple(tuple(range(int(first) - 1, int(last or first))) for first, _, last in groups)


@dataclass(frozen=True, slots=True)
class Preset:
    """Hold a variant: its name, a sentence, and what it changes of network and training."""

    name: str
    about: str
    network: Changes = field(default_factory=dict)
    training: Changes = field(default_factory=dict)

    def network_config(self, base: NetworkConfig) -> NetworkConfig:
        """Return `base` with this variant's changes; raise TrainingFailed where they do not fit."""
        try:
            return dataclasses.replace(base, **self.network)
        except ValueError as error:
            raise TrainingFailed(
                f"The variant {self.name} does not fit this tower ({error}); choose another."
            ) from error

    def fit_config(self, base: FitConfig) -> FitConfig:
        """Return `base` with this variant's changes and its name."""
        return FitConfig.changed(base, {**self.training, "preset": self.name})


def _stages(text: str, about: str) -> Preset:
    name = "stages-" + text.replace(",", "+")
    return Preset(name, about, {"stages": layers(text)})


_ALL = (
    Preset("cascade", "Cascade-CLIP: three decoders on {6-8}, {9-11}, {12}, NGA, deep prompts"),
    Preset("zegclip", "One decoder on the last layer alone", {"stages": LAST}),
    Preset("frozen", "ZegCLIP's head on the tower without prompts", {"stages": LAST, "prompts": 0}),
    Preset("frozen+cascade", "The cascade on the tower without prompts", {"prompts": 0}),
    Preset(
        "spt",
        "SPT-SEG: spectral prompts, one spectral decoder, SSIM for dice",
        {**SPECTRAL, "stages": LAST},
        {"loss": "ssim"},
    ),
    Preset(
        "spt+cascade",
        "Three spectral decoders on the cascade's stages; our construction, none is published",
        SPECTRAL,
        {"loss": "ssim"},
    ),
    Preset("no-nga", "Three decoders on layers 8, 11, 12", {"stages": layers("8,11,12")}),
    _stages("9-11,12", "Two decoders"),
    _stages("3-5,6-8,9-11,12", "Four decoders"),
    _stages("1-2,3-5,6-8,9-11,12", "Five decoders, the whole tower"),
    _stages("8-9,10-11,12", "Stages of two layers"),
    _stages("4-7,8-11,12", "Stages of four layers"),
    _stages("6-9,10-12", "Two stages, the last one of three layers"),
    _stages("7-8,9-10,11-12", "Stages of two layers, the last one too"),
    Preset("last-x3", "Three decoders, all on the last layer", {"stages": LAST * 3}),
    Preset("fused", "One decoder on layers 6-12 aggregated", {"stages": (FUSED,)}),
    Preset("fused-x3", "Three decoders, all on layers 6-12 aggregated", {"stages": (FUSED,) * 3}),
    Preset("concat", "Concatenated and projected", {"aggregation": "concat"}),
    Preset(
        "self-attention", "Layers of a stage attend to each other", {"aggregation": "attention"}
    ),
    Preset("sum", "Summed, all weights 1", {"aggregation": "sum"}),
    Preset("trainable-sum", "Summed, weights start at 1 and learn", {"aggregation": "sum-trained"}),
    Preset("fixed-nga", "NGA with its weights as they start", {"aggregation": "gaussian-fixed"}),
    Preset("shared-text", "One projection of the words for all decoders", {"shared_text": True}),
    *(
        Preset(f"prompts-{count}", f"{count} prompts a layer", {"prompts": count})
        for count in (1, 2, 4, 8, 10, 16, 25, 32, 35, 50, 75, 100)
    ),
    *(
        Preset(f"sigma-{sigma:g}", f"NGA's Gaussian {sigma:g} blocks wide", {"sigma": sigma})
        for sigma in (0.5, 1.0, 1.5, 2.0, 4.0)
    ),
    Preset(
        "nga-as-printed",
        "NGA's weights start one block further away, as Eq. 4 is printed",
        {"gaussian_offset": 1},
    ),
    *(
        Preset(
            f"loss-{focal}-{shape}",
            f"Focal loss times {focal}, dice times {shape}",
            training={"focal_weight": float(focal), "shape_weight": float(shape)},
        )
        for focal, shape in ((20, 1), (50, 1), (200, 1), (100, 0), (100, 5))
    ),
)
PRESETS: dict[str, Preset] = {preset.name: preset for preset in _ALL}


def find_preset(name: str) -> Preset:
    """Return the preset called `name`; raise TrainingFailed naming all."""
    if name not in PRESETS:
        raise TrainingFailed(f"There is no variant {name!r}; choose one of {', '.join(PRESETS)}.")
    return PRESETS[name]


def full_configuration(preset: Preset, network: NetworkConfig, training: FitConfig) -> list[str]:
    """List every setting a preset leads to from these bases; a star marks what it changes."""
    lines = [f"{preset.name}: {preset.about}"]
    parts = (
        ("network", preset.network_config(network), preset.network),
        ("training", preset.fit_config(training), preset.training),
    )
    for title, config, changes in parts:
        lines.append(title)
        for entry in dataclasses.fields(config):
            star = "*" if entry.name in changes else " "
            lines.append(f" {star} {entry.name} = {getattr(config, entry.name)!r}")
    return lines
