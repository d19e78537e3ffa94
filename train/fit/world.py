"""What a run needs before its first step: examples, words, a network and its description."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model import CascadeCLIP, ModelInfo, NetworkConfig, TextEncoder, load_model
from cascadeclip.core.model.clip import network_config, network_from_clip, text_from_clip
from cascadeclip.core.model.clip_files import ClipWeights, read_clip
from cascadeclip.core.model.clip_store import ClipStore
from cascadeclip.train.assess import embed_words
from cascadeclip.train.data.augment import Augmentation
from cascadeclip.train.data.labelled import LabelledSet
from cascadeclip.train.data.published import match_classes, open_set
from cascadeclip.train.experiments.scale import (
    CALIBRATION,
    MiniScale,
    bundled,
    fresh_network,
    mini_crops,
    mini_network,
    mini_training,
    scene_set,
    word_embeddings,
)
from cascadeclip.train.fit.config import RECIPES, FitConfig, paper_config
from cascadeclip.train.fit.start import STARTS
from cascadeclip.train.presets import Preset

MINI = "mini"
PAPER_WINDOW, PAPER_STRIDE = 512, 426
Reader = Callable[[], TextEncoder | None]


@dataclass(frozen=True, slots=True)
class Sources:
    """Say where a run takes its data and weights from.

    `root` is the data folder, `clip` the CLIP a new network grows from (a file, or NAME or
    NAME:TAG of the weights kept on this machine), `model` a model folder or released checkpoint
    to go on from, `heads` its number of attention heads where its sizes do not tell. `classes` is
    a list of words that must be the data set's.
    """

    root: Path | None = None
    clip: str | None = None
    model: Path | None = None
    heads: int | None = None
    classes: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Hold everything a run starts from; `info` describes the model it will write.

    `text` reads the text tower again: training needs the words' embeddings alone, so the tower
    is not kept while it runs.
    """

    examples: LabelledSet
    words: Tensor
    crops: Augmentation
    network: CascadeCLIP
    text: Reader
    info: ModelInfo


def base_config(data: str, setting: str, scale: float = 1.0) -> FitConfig:
    """Return the recipe of a data set, its steps and warm-up multiplied by `scale`.

    Raise TrainingFailed for an unknown data set or setting.
    """
    start = FitConfig.changed(FitConfig(), {"setting": setting})
    config = mini_training(start.setting) if data == MINI else paper_config(data, start.setting)
    if not 0 < scale <= 1:
        raise TrainingFailed(f"--scale is a share of the recipe, 0..1, not {scale}.")
    return dataclasses.replace(
        config,
        steps=max(1, round(config.steps * scale)),
        warmup=round(config.warmup * scale),
    )


def base_network(data: str) -> NetworkConfig:
    """Return the network that a data set's recipe trains, before any preset."""
    if data == MINI:
        return mini_network()
    return dataclasses.replace(NetworkConfig(), prompts=RECIPES[data].prompts)


def build_world(config: FitConfig, preset: Preset, sources: Sources) -> World:
    """Open the data and build or load the network; raise a CascadeClipError in one sentence."""
    build: Callable[[FitConfig, Preset, Sources], World] = (
        _mini_world if config.data == MINI else _published_world
    )
    world = build(config, preset, sources)
    if config.side % world.network.config.patch:
        raise TrainingFailed(
            f"Crops of {config.side} pixels are no whole patches of "
            f"{world.network.config.patch}; choose another --side."
        )
    return world


def _mini_world(config: FitConfig, preset: Preset, sources: Sources) -> World:
    scale, model = MiniScale(), bundled()
    examples = scene_set(scale, test=False)
    network, text, info = (
        (fresh_network(preset.network_config(mini_network()), config.seed), model.text, model.info)
        if sources.model is None
        else _loaded(sources)
    )
    if sources.model is None:
        STARTS[config.start](network)
    info = _described(info, config, preset, examples)
    words = word_embeddings(scale)
    return World(examples, words, mini_crops(config), network, lambda: text, info)


def _published_world(config: FitConfig, preset: Preset, sources: Sources) -> World:
    if sources.root is None:
        raise TrainingFailed(f"Say --root: the folder that holds {config.data}.")
    if sources.classes is not None:
        match_classes(config.data, sources.classes)
    examples = open_set(config.data, sources.root, "train")
    torch.manual_seed(config.seed)
    network, text, info = (
        _grown(config, preset, sources) if sources.model is None else _loaded(sources)
    )
    if text is None:
        raise TrainingFailed("This checkpoint holds no text encoder; choose one that does.")
    words = embed_words(text, examples, half=True)
    crops = Augmentation(side=config.side, mean=info.mean, std=info.std)
    info = dataclasses.replace(
        _described(info, config, preset, examples), templates=examples.templates
    )
    return World(examples, words, crops, network, partial(_read_text, sources), info)


def _read_text(sources: Sources) -> TextEncoder | None:
    if sources.model is not None:
        return load_model(sources.model, heads=sources.heads).text
    return text_from_clip(find_clip(sources.clip or "").clip)


def _grown(
    config: FitConfig, preset: Preset, sources: Sources
) -> tuple[CascadeCLIP, TextEncoder, ModelInfo]:
    """Build a network around a CLIP, as the paper does."""
    if sources.clip is None:
        raise TrainingFailed(
            "Say --clip: a file of CLIP weights, or the name of some that "
            "`cascadeclip models clip` lists as installed."
        )
    weights = find_clip(sources.clip)
    visual = weights.clip.visual
    grid = max(config.side // visual.conv1.kernel_size[0], 1)
    sizes = network_config(weights.clip, grid=grid, prompts=base_network(config.data).prompts)
    network = network_from_clip(
        weights.clip, preset.network_config(sizes), class_embedding_once=False
    )
    STARTS[config.start](network)
    info = ModelInfo(
        name=Path(sources.clip).stem,
        version="",
        clip_name=f"{sources.clip} ({visual.conv1.out_channels} wide)",
        clip_digest=weights.digest,
    )
    return network, text_from_clip(weights.clip), info


def find_clip(source: str) -> ClipWeights:
    """Read CLIP weights from a file or, by NAME or NAME:TAG, from those kept on this machine."""
    if Path(source).is_file():
        return read_clip(source)
    name, _, tag = source.partition(":")
    return ClipStore().load(name, tag)


def _loaded(sources: Sources) -> tuple[CascadeCLIP, TextEncoder | None, ModelInfo]:
    if sources.model is None:
        raise TrainingFailed("Say --model: the model to go on from.")
    loaded = load_model(sources.model, heads=sources.heads)
    return loaded.cascade, loaded.text, loaded.info


def _described(
    info: ModelInfo, config: FitConfig, preset: Preset, examples: LabelledSet
) -> ModelInfo:
    inductive = config.setting == "inductive"
    names = examples.words
    trained = tuple(names[place] for place in examples.seen) if inductive else names
    stride = max(1, round(config.side * PAPER_STRIDE / PAPER_WINDOW))
    name = f"{config.data} {preset.name}"
    return dataclasses.replace(
        info,
        name=name,
        version=f"{name} {config.setting} seed {config.seed}",
        parent=info.version or None,
        trained_words=trained,
        window=config.side,
        stride=stride,
        calibration=CALIBRATION if inductive else 0.0,
        program=f"cascadeclip {version('cascadeclip')}, fit",
        note="",
    )
