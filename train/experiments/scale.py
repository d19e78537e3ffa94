"""The paper's experiments at the size of two CPU cores: variants trained on generated scenes.

The tower is the bundled mini model's frozen CLIP; heads and prompts are trained from their start
by the same loop, losses and measuring as on the paper's data sets.
"""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import torch

from cascadeclip.core.engine.models import bundled_model
from cascadeclip.core.model import CascadeCLIP, LoadedModel, NetworkConfig, load_model
from cascadeclip.core.model.clip import start_projections
from cascadeclip.core.scenes import SceneSettings, load_art
from cascadeclip.train.assess import Assessment, Sliding, assess
from cascadeclip.train.benchmark import FIRST_SEED
from cascadeclip.train.data.augment import Augmentation, flip_only
from cascadeclip.train.data.scenes import BENCHMARK_WORDS, SceneSet, benchmark_words
from cascadeclip.train.events import Emit, Stopped
from cascadeclip.train.fit.config import FitConfig, Setting
from cascadeclip.train.fit.loop import Fitter, Lesson, Place
from cascadeclip.train.fit.start import STARTS

if TYPE_CHECKING:
    from cascadeclip.train.presets import Preset

CALIBRATION = 0.1
TOWER = ("class_embedding", "positional_embedding", "conv1.", "ln_p", "blocks.", "proj")


@dataclass(frozen=True, slots=True)
class MiniScale:
    """Say how large an experiment is: words, scenes to train on and to measure on, their seeds.

    Training scenes count up from `train_first`; measured ones are those of `benchmark mini`,
    which nothing is trained on.
    """

    words: int = BENCHMARK_WORDS
    train_scenes: int = 800
    test_scenes: int = 150
    train_first: int = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a run reached: figures, seconds of processor time, parameters learnt, last loss."""

    assessment: Assessment
    seconds: float
    trained: int
    loss: float


def mini_network() -> NetworkConfig:
    """Return the bundled model's sizes with the small-width options, before training."""
    config = bundled().cascade.config
    return dataclasses.replace(
        config, input_scale=math.sqrt(config.embed), logit_scale=1.0, logit_bias=-3.0
    )


def mini_training(setting: Setting = "inductive") -> FitConfig:
    """Return the scaled training: fewer, smaller steps at a higher rate than the paper's."""
    return FitConfig(
        data="mini",
        setting=setting,
        steps=200,
        batch=4,
        rate=7e-4,
        warmup=20,
        side=96,
        label_side=48,
        clip_norm=1.0,
        start="text",
        save_every=1_000_000,
    )


@cache
def bundled() -> LoadedModel:
    """Return the bundled model."""
    return load_model(bundled_model())


@cache
def scene_set(scale: MiniScale, *, test: bool) -> SceneSet:
    """Return the scenes to train on or to measure on."""
    first = FIRST_SEED if test else scale.train_first
    count = scale.test_scenes if test else scale.train_scenes
    settings = SceneSettings() if test else SceneSettings(thing_size=(0.24, 0.58))
    return SceneSet(load_art(), benchmark_words(scale.words), first, count, settings=settings)


@torch.no_grad()
def fresh_network(config: NetworkConfig, seed: int) -> CascadeCLIP:
    """Build a network around the mini model's frozen tower; everything else is fresh."""
    torch.manual_seed(seed)
    network = CascadeCLIP(config)
    tower = {
        name: value
        for name, value in bundled().cascade.encoder.state_dict().items()
        if name.startswith(TOWER)
    }
    network.encoder.load_state_dict(tower, strict=False)
    if config.train_stage_projections and network.encoder.stage_norms:
        start_projections(network)
    return network


def word_embeddings(scale: MiniScale) -> torch.Tensor:
    """Return the embeddings of the experiment's words, CxE."""
    model = bundled()
    if model.text is None:
        raise ValueError("the bundled model has a text tower")
    return model.text.encode(benchmark_words(scale.words), model.info.templates)


def run_variant(
    preset: Preset, training: FitConfig, scale: MiniScale, *, emit: Emit, stopped: Stopped
) -> Outcome | None:
    """Train a variant and measure it; None after a stop.

    A transductive run begins, as the paper's, with half of an inductive one.
    """
    config = preset.fit_config(training)
    network = fresh_network(preset.network_config(mini_network()), config.seed)
    STARTS[config.start](network)
    lesson = _lesson(config, scale)
    began = time.process_time()
    if config.setting == "transductive":
        before = dataclasses.replace(config, setting="inductive")
        config = dataclasses.replace(config, steps=max(1, config.steps // 2))
        _train(network, lesson, before, emit, stopped, until=config.steps)
    fitter = _train(network, lesson, config, emit, stopped, until=config.steps)
    if stopped():
        return None
    seconds = time.process_time() - began
    found = assess(network, lesson.words, scene_set(scale, test=True), mini_view(config))
    trained = sum(value.numel() for value in fitter.trained.values())
    return Outcome(found, seconds, trained, sum(fitter.losses[-20:]) / len(fitter.losses[-20:]))


def mini_crops(config: FitConfig) -> Augmentation:
    """Return how training scenes are cut: whole, mirrored by chance."""
    info = bundled().info
    return dataclasses.replace(flip_only(config.side), mean=info.mean, std=info.std)


def _lesson(config: FitConfig, scale: MiniScale) -> Lesson:
    return Lesson(scene_set(scale, test=False), word_embeddings(scale), mini_crops(config))


def _train(
    network: CascadeCLIP,
    lesson: Lesson,
    config: FitConfig,
    emit: Emit,
    stopped: Stopped,
    *,
    until: int,
) -> Fitter:
    """Train for `until` steps of the course that `config` sets."""
    fitter = Fitter(network, lesson, config, Place(torch.device("cpu")))
    if config.setting != "transductive":
        fitter.begin()
    fitter.run(emit, lambda: stopped() or fitter.step >= until)
    return fitter


def mini_view(config: FitConfig) -> Sliding:
    """Return how a network looks at the measured scenes: whole, at the size it was trained on."""
    info = bundled().info
    return Sliding(
        window=config.side,
        stride=config.side,
        short=config.side,
        calibration=CALIBRATION if config.setting == "inductive" else 0.0,
        mean=info.mean,
        std=info.std,
        average=info.average,
    )
