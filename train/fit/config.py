"""Every number of a training run, and the recipes of the paper for its three data sets."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args

from cascadeclip.core.errors import TrainingFailed

Setting = Literal["inductive", "transductive", "full"]
LossName = Literal["dice", "ssim"]
Precision = Literal["off", "bf16", "fp16"]
Start = Literal["random", "text"]
SETTINGS: tuple[Setting, ...] = get_args(Setting)
_CHOICES: dict[str, tuple[str, ...]] = {
    "setting": SETTINGS,
    "loss": get_args(LossName),
    "amp": get_args(Precision),
    "start": get_args(Start),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FitConfig:
    """Hold how a network is trained on a labelled set; the defaults are the paper's.

    `steps` of `batch` images over all processes, taken in `accumulate` parts; AdamW at `rate`
    that falls by `power` to `least_rate` after `warmup` steps, with `decay` on everything.
    `loss` is focal with dice, or with SSIM as in SPT-SEG, weighed by `focal_weight` and
    `shape_weight`. Crops are `side` pixels wide; the loss is taken at `label_side` (0: at `side`).
    `clip_norm` limits the gradient (0: not, as the paper). `start` "text" lets decoders begin as
    word against patch instead of at random. `workers` read ahead; `save_every` steps the state is
    written. Raise TrainingFailed on numbers that make no run.
    """

    data: str = "coco-stuff"
    setting: Setting = "inductive"
    preset: str = "cascade"
    steps: int = 80_000
    batch: int = 16
    accumulate: int = 1
    rate: float = 2e-4
    least_rate: float = 1e-6
    power: float = 0.9
    warmup: int = 1500
    decay: float = 0.01
    loss: LossName = "dice"
    focal_weight: float = 100.0
    shape_weight: float = 1.0
    side: int = 512
    label_side: int = 0
    clip_norm: float = 0.0
    amp: Precision = "off"
    start: Start = "random"
    seed: int = 0
    workers: int = 0
    save_every: int = 500

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            _need(value in allowed, f"{name} {value!r} is unknown; choose {_either(allowed)}")
        for name in ("steps", "batch", "accumulate", "side", "save_every"):
            _need(_whole(getattr(self, name), 1), f"{name} must be a whole number above zero")
        for name in ("warmup", "label_side", "seed", "workers"):
            _need(_whole(getattr(self, name), 0), f"{name} must be a whole number, 0 or more")
        for name in ("rate", "power"):
            _need(_real(getattr(self, name)) and getattr(self, name) > 0, f"{name} must be above 0")
        for name in ("least_rate", "decay", "focal_weight", "shape_weight", "clip_norm"):
            value = getattr(self, name)
            _need(_real(value) and value >= 0, f"{name} must not be below 0")
        _need(self.batch % self.accumulate == 0, "accumulate must divide batch")

    def to_json(self) -> str:
        """Return all fields as one JSON object, in their order."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Build from what `to_json` wrote; raise TrainingFailed for anything else."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise TrainingFailed("The run's settings are no JSON; start the run anew.") from error
        return cls.changed(cls(), data if isinstance(data, Mapping) else {"settings": data})

    @classmethod
    def changed(cls, base: Self, changes: Mapping[str, Any]) -> Self:
        """Return `base` with some fields changed; raise TrainingFailed naming unknown ones."""
        unknown = sorted(set(changes) - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise TrainingFailed(f"There is no setting called {', '.join(unknown)}.")
        return replace(base, **changes)


def rate_at(config: FitConfig, step: int) -> float:
    """Return the learning rate of `step` (from 0): the released poly course with linear warm-up."""
    share = (1 - step / config.steps) ** config.power
    falling: float = (config.rate - config.least_rate) * share + config.least_rate
    if step >= config.warmup:
        return falling
    return falling * (1 - (1 - step / config.warmup) * (1 - 1e-6))


@dataclass(frozen=True, slots=True)
class PaperRecipe:
    """Hold what the paper's recipes change from data set to data set (method's configurations)."""

    steps: int
    prompts: int
    transductive_batch: int = 16


RECIPES: dict[str, PaperRecipe] = {
    "coco-stuff": PaperRecipe(steps=80_000, prompts=50),
    "context59": PaperRecipe(steps=40_000, prompts=35),
    "context59-released": PaperRecipe(steps=40_000, prompts=35),
    "context59-paper": PaperRecipe(steps=40_000, prompts=35),
    # The released transductive configuration for VOC has twice the images of all others.
    "voc20": PaperRecipe(steps=20_000, prompts=10, transductive_batch=32),
}


def paper_config(data: str, setting: Setting) -> FitConfig:
    """Return the paper's training of one data set; self-training is half as long.

    A transductive run starts from the model halfway through the inductive one. Raise
    TrainingFailed for an unknown data set.
    """
    if data not in RECIPES:
        raise TrainingFailed(f"There is no recipe for {data!r}; choose {_either(tuple(RECIPES))}.")
    recipe = RECIPES[data]
    config = FitConfig(data=data, setting=setting, steps=recipe.steps, workers=4)
    if setting != "transductive":
        return config
    return replace(config, steps=recipe.steps // 2, batch=recipe.transductive_batch)


def _either(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _need(condition: object, what: str) -> None:
    if not condition:
        raise TrainingFailed(f"The training settings do not fit: {what}.")


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
