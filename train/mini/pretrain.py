"""Pre-train the mini CLIP on captions: no pixel of any word is ever labelled here.

Three losses share the towers: InfoNCE of image and caption; the global embedding against every
word of the language (several may be right); and patches against every word, where only the
caption's words may be answered and each of them must be found somewhere.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from open_clip.model import CLIP
from torch import Tensor, nn

from cascadeclip.core.scenes import WORDS, SceneSettings
from cascadeclip.train.mini.batches import Batch, Stream, batches
from cascadeclip.train.mini.steps import cosine, write_state
from cascadeclip.train.mini.towers import (
    MIDDLE,
    PATCH,
    SIDE,
    TEMPLATES,
    Tokens,
    Towers,
    build_clip,
    project,
    read,
    see,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Set one stage of pre-training; `side` is the image's, in pixels."""

    name: str
    side: int
    steps: int
    batch: int
    rate: float
    settings: SceneSettings
    warm_up: int = 200
    seed: int = 0
    coarse: float = 0.0
    found: int = 16  # a word must be found in one patch of so many


STAGES = (
    Stage(
        "crops",
        48,
        2200,
        128,
        1e-3,
        SceneSettings(things=(1, 2), grounds=(1, 2), thing_size=(0.5, 1.0)),
        seed=1,
    ),
    Stage("scenes", 96, 1400, 40, 7e-4, SceneSettings(), seed=500_000_000, coarse=0.3, found=12),
    Stage("more", 96, 1000, 40, 5e-4, SceneSettings(), seed=900_000_000, coarse=0.3, found=12),
)


class Losses(nn.Module):
    """Hold the temperatures of the three losses and compute them."""

    def __init__(self) -> None:
        """Start all temperatures at 1/10."""
        super().__init__()
        self.scales = nn.Parameter(torch.full((3,), math.log(10.0)))

    def forward(
        self,
        clip: CLIP,
        seen: tuple[Towers, Tensor],
        texts: tuple[Tensor, Tensor],
        batch: Batch,
        found: int,
    ) -> dict[str, Tensor]:
        """Return the losses.

        `seen` holds the towers and one middle layer's tokens, `texts` the captions' and the
        words' unit vectors.
        """
        towers, middle = seen[0], project(clip, seen[1])[:, 1:]
        captions, words = texts
        scales = self.scales.clamp(max=math.log(60.0)).exp()
        return {
            "caption": _caption_loss(scales[0] * towers.cls[: len(captions)] @ captions.T, batch),
            "word": _word_loss(scales[1] * towers.cls @ words.T, batch.present),
            "patch": _patch_loss(scales[2] * towers.patches @ words.T, batch.present, found),
            "middle": _patch_loss(scales[2] * middle @ words.T, batch.present, found),
        }


def _caption_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Compute InfoNCE both ways; images with the same words count as each other's."""
    present = batch.present[: len(logits)]
    same = (present[:, None] == present[None]).all(2).float()
    target = same / same.sum(1, keepdim=True)
    both = nn.functional.cross_entropy(logits, target) + nn.functional.cross_entropy(
        logits.T, target
    )
    return both / 2


def _word_loss(logits: Tensor, present: Tensor) -> Tensor:
    """Ask every present word to beat all absent ones."""
    absent = logits.masked_fill(present, -torch.inf).logsumexp(1, keepdim=True)
    loss = nn.functional.softplus(absent - logits)
    return (loss * present).sum() / present.sum()


def _patch_loss(logits: Tensor, present: Tensor, found: int) -> Tensor:
    """Ask each patch (BxNxC logits) for a present word, and each present word for some patches."""
    shares = logits.log_softmax(2)
    explained = shares.masked_fill(~present[:, None], -torch.inf).logsumexp(2)
    count = max(2, logits.shape[1] // found)
    best = shares.topk(count, dim=1).values.logsumexp(1) - math.log(count)
    return -explained.mean() - (best * present).sum() / present.sum()


def word_texts(rng: np.random.Generator) -> list[str]:
    """Draw one spelling of every word, in one of the templates."""
    texts = []
    for word in WORDS:
        phrase = word.name if rng.random() < 0.6 else str(rng.choice(word.phrases))
        texts.append(str(rng.choice(TEMPLATES)).format(phrase))
    return texts


def run_stage(stage: Stage, clip: CLIP, tokens: Tokens, losses: Losses, checkpoint: Path) -> None:
    """Train one stage; write `checkpoint` every ten minutes and at the end."""
    parameters = [*clip.parameters(), *losses.parameters()]
    compile_blocks(clip.visual.transformer.resblocks)
    decayed = [tensor for tensor in parameters if tensor.ndim > 1]
    plain = [tensor for tensor in parameters if tensor.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=stage.rate, betas=(0.9, 0.98))
    stream = Stream(stage.side, stage.batch, stage.seed, stage.settings, coarse=stage.coarse)
    rng = np.random.default_rng(stage.seed)
    began = saved = time.monotonic()
    averages: dict[str, float] = {}
    for step, batch in zip(range(stage.steps), batches(stream), strict=False):
        for group in optimiser.param_groups:
            group["lr"] = stage.rate * cosine(step, stage.steps, stage.warm_up)
        values = _step(stage, clip, tokens, losses, batch, rng)
        optimiser.zero_grad()
        sum(values.values()).backward()  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        for name, value in values.items():
            averages[name] = 0.97 * averages.get(name, value.item()) + 0.03 * value.item()
        if step % 50 == 49:
            _report(stage, step, averages, time.monotonic() - began, clip, tokens)
        if time.monotonic() - saved > 600:
            saved = time.monotonic()
            save(checkpoint, clip, losses)
    save(checkpoint, clip, losses)


def compile_blocks(blocks: Iterable[nn.Module]) -> None:
    """Fuse the blocks of a tower where a C++ compiler is at hand: a third less time a step."""
    if shutil.which("g++"):
        for block in blocks:
            block.compile()


def _step(
    stage: Stage,
    clip: CLIP,
    tokens: Tokens,
    losses: Losses,
    batch: Batch,
    rng: np.random.Generator,
) -> dict[str, Tensor]:
    room = (SIDE - stage.side) // PATCH + 1
    corner = (int(rng.integers(room)), int(rng.integers(room)))
    towers, middle = see(clip, batch.images, corner)
    captions = read(clip, tokens(batch.captions[:64]))
    words = read(clip, tokens(word_texts(rng)))
    layer = middle[int(rng.integers(len(MIDDLE)))]
    values: dict[str, Tensor] = losses(clip, (towers, layer), (captions, words), batch, stage.found)
    return values


def _report(
    stage: Stage, step: int, averages: dict[str, float], seconds: float, clip: CLIP, tokens: Tokens
) -> None:
    figures = {name: round(value, 4) for name, value in averages.items()}
    if step % 200 == 199:
        figures |= probe(clip, tokens, stage)
    line = {"stage": stage.name, "step": step + 1, "steps": stage.steps, "seconds": round(seconds)}
    sys.stdout.write(json.dumps(line | figures) + "\n")
    sys.stdout.flush()


@torch.no_grad()
def probe(clip: CLIP, tokens: Tokens, stage: Stage) -> dict[str, float]:
    """Measure on fresh scenes: whether the best word is present, and how many patches are right."""
    stream = Stream(stage.side, 64, 2**31 - 100_000, stage.settings)
    batch = next(batches(stream))
    towers, middle = see(clip, batch.images)
    words = read(clip, tokens([TEMPLATES[1].format(word.name) for word in WORDS]))
    things = torch.tensor([word.kind == "thing" for word in WORDS])
    best = (towers.cls @ words.T).masked_fill(~things, -1).argmax(1)
    hit = batch.present.gather(1, best[:, None]).float().mean().item()
    centre = batch.labels[:, PATCH // 2 :: PATCH, PATCH // 2 :: PATCH].flatten(1)
    figures = {"top1": hit}
    for name, patches in (("last", towers.patches), ("middle", project(clip, middle[2])[:, 1:])):
        right = ((patches @ words.T).argmax(2) == centre).float()
        on_things = things[centre]
        figures[f"{name}_things"] = right[on_things].mean().item()
        figures[f"{name}_stuff"] = right[~on_things].mean().item()
    return {name: round(value, 4) for name, value in figures.items()}


def save(path: Path, clip: CLIP, losses: Losses) -> None:
    """Write both state dicts, whole-replaced."""
    write_state(path, {"clip": clip.state_dict(), "losses": losses.state_dict()})


def load(path: Path, tokens: Tokens) -> tuple[CLIP, Losses]:
    """Read what `save` wrote."""
    stored = torch.load(path, weights_only=True)
    clip, losses = build_clip(tokens), Losses()
    clip.load_state_dict(stored["clip"])
    losses.load_state_dict(stored["losses"])
    return clip, losses
