"""The whole recipe of the mini model, stage by stage; a finished stage is not repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from open_clip.model import CLIP

from cascadeclip.core.model.checkpoint import save_model
from cascadeclip.core.model.clip import text_from_clip
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.scenes import WORDS
from cascadeclip.train.mini.batches import MEAN, STD
from cascadeclip.train.mini.head import HeadRecipe, build_head, measure, train_head
from cascadeclip.train.mini.pretrain import STAGES, Losses, load, run_stage
from cascadeclip.train.mini.towers import SIDE, TEMPLATES, Tokens, build_clip

CALIBRATIONS = tuple(0.02 * step for step in range(11))
NOTE = (
    "The bundled mini model knows about 200 drawn things and ten kinds of drawn ground; "
    "it cannot read photographs. Get CLIP weights or import a checkpoint for those."
)


def make(folder: Path, work: Path, *, scale: float = 1.0) -> None:
    """Make the mini model in `folder`, keeping checkpoints in `work`.

    `scale` multiplies the number of steps: 1 is the recipe, less is for trying the machinery.
    """
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    tokens = Tokens()
    clip = _pretrain(tokens, work, scale)
    text = text_from_clip(clip, tokens.ids.tolist())
    network = build_head(clip)
    recipe = replace(HeadRecipe(), steps=max(1, round(HeadRecipe().steps * scale)))
    head = work / "head.pt"
    _once(head, work, partial(train_head, network, text, recipe, head))
    network.load_state_dict(torch.load(head, weights_only=True))
    network.eval()
    package(folder, network, text, calibrate(network, text))


def _pretrain(tokens: Tokens, work: Path, scale: float) -> CLIP:
    clip, losses = build_clip(tokens), Losses()
    for stage in STAGES:
        path = work / f"{stage.name}.pt"
        chosen = replace(stage, steps=max(1, round(stage.steps * scale)))
        _once(path, work, partial(run_stage, chosen, clip, tokens, losses, path))
        clip, losses = load(path, tokens)
    return clip


def _once(path: Path, work: Path, run: Callable[[], None]) -> None:
    """Run a stage unless its mark says it has ended; note how many seconds it took."""
    log = work / "seconds.json"
    seconds = json.loads(log.read_text(encoding="utf-8")) if log.is_file() else {}
    if path.stem in seconds and path.is_file():
        return
    began = time.monotonic()
    run()
    seconds[path.stem] = round(time.monotonic() - began)
    log.write_text(json.dumps(seconds) + "\n", encoding="utf-8")


def calibrate(network: CascadeCLIP, text: TextEncoder) -> float:
    """Choose what is subtracted from seen words: the highest hIoU on scenes kept for this."""
    words = text.encode([word.name for word in WORDS], TEMPLATES)
    scores = {value: measure(network, words, calibration=value)["hiou"] for value in CALIBRATIONS}
    return max(scores, key=lambda value: scores[value])


def package(folder: Path, network: CascadeCLIP, text: TextEncoder, calibration: float) -> None:
    """Write the model folder that ships with the program."""
    info = ModelInfo(
        name="Mini",
        version="mini-1",
        clip_name="mini CLIP, 12 blocks of width 128, trained on the toy world",
        trained_words=tuple(word.name for word in WORDS if word.seen),
        templates=TEMPLATES,
        mean=tuple(255 * value for value in MEAN),
        std=tuple(255 * value for value in STD),
        window=SIDE,
        stride=SIDE * 3 // 4,
        average=True,
        calibration=calibration,
        program="cascadeclip.train.mini",
        licence="Apache-2.0",
        note=NOTE,
    )
    save_model(folder, network, text, info, dtype=torch.float16)
