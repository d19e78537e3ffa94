"""Train the cascade on the frozen mini CLIP: scenes of seen words only, their pixels labelled.

The parametrisation is the small-width one (NetworkConfig): inputs scaled by the root of the
width, a learnt scale and bias of the logits, projections of the middle blocks started from CLIP's
own. The decoders start as the training-free answer (the word itself against the patches), so
that what is learnt is a correction; from the paper's random start this takes many times longer.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from open_clip.model import CLIP
from torch import Tensor, nn

from cascadeclip.core.model.clip import network_config, network_from_clip
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.scenes import WORDS, SceneSettings
from cascadeclip.train.fit.start import fit_logits, start_from_text
from cascadeclip.train.losses import cascade_loss
from cascadeclip.train.metrics import ConfusionMatrix, harmonic
from cascadeclip.train.mini.batches import SEEN, SEEN_INDEX, Batch, Stream, batches
from cascadeclip.train.mini.pretrain import compile_blocks
from cascadeclip.train.mini.steps import cosine, write_state
from cascadeclip.train.mini.towers import EMBED, SIDE, TEMPLATES

QUERIES = 72  # words decoded in one step: those that are there, and others drawn at random
PROBE_SEED = 2**31 - 200_000
MEASURED = 128  # scenes


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """Set the training of the head."""

    steps: int = 2000
    batch: int = 16
    rate: float = 7e-4
    decay: float = 0.01
    warm_up: int = 150
    seed: int = 1_000_000_000
    coarse: float = 0.3
    settings: SceneSettings = SceneSettings(things=(1, 4), thing_size=(0.24, 0.58))


def build_head(clip: CLIP) -> CascadeCLIP:
    """Build the mini cascade around the pre-trained tower."""
    config = network_config(
        clip,
        prompts=8,
        decoder_heads=4,
        decoder_ff=512,
        dropout=0.05,
        input_scale=math.sqrt(EMBED),
        logit_scale=1.0,
        logit_bias=0.0,
        train_stage_projections=True,
    )
    network = network_from_clip(clip, config)
    start_from_text(network)
    return network


def train_head(
    network: CascadeCLIP, text: TextEncoder, recipe: HeadRecipe, checkpoint: Path
) -> None:
    """Train the head and the prompts in place; write `checkpoint` every ten minutes."""
    words = text.encode([word.name for word in WORDS], TEMPLATES)
    stream = Stream(
        SIDE, recipe.batch, recipe.seed, recipe.settings, words=SEEN, coarse=recipe.coarse
    )
    source = batches(stream)
    compile_blocks(cast("Iterable[nn.Module]", network.encoder.blocks))
    first = next(source)
    fit_logits(network, words, first.images, first.labels)
    report(network, words, {"step": 0})
    trained = [tensor for tensor in network.parameters() if tensor.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=recipe.decay)
    rng = np.random.default_rng(recipe.seed)
    began = saved = time.monotonic()
    average = 0.0
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * cosine(step, recipe.steps, recipe.warm_up)
        network.train()
        loss = _loss(network, _spellings(text, words, rng), next(source), rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        average = loss.item() if step == 0 else 0.98 * average + 0.02 * loss.item()
        if step % 100 == 99:
            line = {"step": step + 1, "steps": recipe.steps, "loss": round(average, 4)}
            _say(line | {"seconds": round(time.monotonic() - began)})
        if step % 500 == 499:
            report(network, words, {"step": step + 1})
        if time.monotonic() - saved > 600 or step == recipe.steps - 1:
            saved = time.monotonic()
            write_state(checkpoint, network.state_dict())
    network.eval()


def _spellings(text: TextEncoder, words: Tensor, rng: np.random.Generator) -> Tensor:
    """Return the words' embeddings, a third of them by a synonym where there is one."""
    chosen = words.clone()
    swaps = [
        (index, str(rng.choice(word.synonyms)))
        for index, word in enumerate(WORDS)
        if word.synonyms and rng.random() < 0.33
    ]
    if swaps:
        rows = text.encode([phrase for _, phrase in swaps], TEMPLATES)
        chosen[[index for index, _ in swaps]] = rows
    return chosen


def _loss(network: CascadeCLIP, words: Tensor, batch: Batch, rng: np.random.Generator) -> Tensor:
    """Compute the paper's loss at half resolution over the present words and some others."""
    queries, labels = _sample(batch, rng)
    logits = network.decode(network.encode(batch.images), words[queries])
    logits = nn.functional.interpolate(logits, scale_factor=4, mode="bilinear", align_corners=False)
    losses = cascade_loss(logits, labels[:, ::2, ::2])
    return losses["focal"] + losses["dice"]


def _sample(batch: Batch, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Choose the words to decode, all of them seen; return their indices and BxHxW labels."""
    there = batch.present.any(0).nonzero().flatten()
    others = SEEN_INDEX[~torch.isin(SEEN_INDEX, there)]
    order = torch.from_numpy(rng.permutation(len(others)))
    queries = torch.cat([there, others[order[: max(8, QUERIES - len(there))]]])
    place = torch.full((len(WORDS),), -1)
    place[queries] = torch.arange(len(queries))
    return queries, place[batch.labels]


@torch.no_grad()
def measure(
    network: CascadeCLIP, words: Tensor, calibrations: Sequence[float]
) -> dict[float, dict[str, float]]:
    """Measure mIoU of seen and unseen words, the argmax over all words, on fresh scenes.

    Return percentages by what is subtracted from the probability of seen words; the network sees
    each scene once for all of them.
    """
    network.eval()
    matrices = {value: ConfusionMatrix(len(WORDS)) for value in calibrations}
    seen = torch.tensor([float(word.seen) for word in WORDS]).view(1, -1, 1, 1)
    for batch in fresh(MEASURED):
        shares = network(batch.images, words).sigmoid()
        for value, matrix in matrices.items():
            matrix.add(batch.labels.numpy(), (shares - value * seen).argmax(1).numpy())
    return {value: _figures(matrix) for value, matrix in matrices.items()}


def _figures(matrix: ConfusionMatrix) -> dict[str, float]:
    seen = matrix.mean_iou(i for i, word in enumerate(WORDS) if word.seen)
    unseen = matrix.mean_iou(i for i, word in enumerate(WORDS) if not word.seen)
    figures = {"seen": seen, "unseen": unseen, "hiou": harmonic(seen, unseen)}
    return {name: round(100 * value, 2) for name, value in figures.items()}


def fresh(scenes: int) -> Iterator[Batch]:
    """Yield batches of scenes of all words that are neither training nor benchmark scenes."""
    source = batches(Stream(SIDE, 16, PROBE_SEED, SceneSettings()))
    for _ in range(scenes // 16):
        yield next(source)


def report(network: CascadeCLIP, words: Tensor, line: dict[str, float]) -> None:
    """Print one line of figures without and with the paper's calibration."""
    plain, adjusted = measure(network, words, (0.0, 0.1)).values()
    _say(line | plain | {f"{name}_0.1": value for name, value in adjusted.items()})


def _say(line: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
