"""`benchmark mini`: how well a model segments fresh scenes of the toy world, by words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.regions import ScoreMaps, label_map
from cascadeclip.core.scenes import DEMO_WORDS, WORDS, Art, draw_scene, load_art
from cascadeclip.core.values import Word
from cascadeclip.train.evaluate import tell
from cascadeclip.train.metrics import ConfusionMatrix, harmonic

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine

FIRST_SEED = 2**33
SEEDS_PER_RUN = 1_000_000
ANY_SCORE = -1.0  # calibration may lower a probability below 0, never below this


@dataclass(frozen=True, slots=True)
class BenchmarkJob:
    """Say how many scenes, which ones, in which style, and which model looks at them."""

    count: int = 200
    seed: int = 0
    art: Path | None = None
    model: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        """Refuse a count that would leave the stretch of seeds, which is never trained on."""
        if not 1 <= self.count <= SEEDS_PER_RUN:
            raise TrainingFailed(f"--count must be 1 to {SEEDS_PER_RUN}, not {self.count}.")


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold percentages: mIoU of seen and unseen words, hIoU, pixels right; and the word count."""

    words: int
    seen: float
    unseen: float
    harmonic: float
    pixels: float


def benchmark(job: BenchmarkJob, *, out: TextIO, progress: TextIO) -> dict[str, object]:
    """Print a table and one line of JSON; the same job on the same model prints the same.

    Every pixel goes to the word with the highest probability among the whole vocabulary, seen
    and unseen together, without a threshold; histograms are added over the scenes before IoU is
    taken per word, as in the paper's evaluation. "small" repeats it with the demo's words alone,
    on the pixels that are one of them.
    """
    from cascadeclip.core.engine import Engine, bundled_model
    from cascadeclip.core.model import load_model

    engine = Engine(load_model(job.model or bundled_model()), device=job.device)
    art = load_art(job.art)
    full, small = measure_scenes(engine, art, job, progress)
    row: dict[str, object] = {
        "event": "benchmark",
        "name": "mini",
        "model": engine.name,
        "version": engine.version,
        "count": job.count,
        "seed": job.seed,
        "art": art.style,
        "full": _row(full),
        "small": _row(small),
    }
    scenes = f"{job.count} fresh scenes, seed {job.seed}, {art.style}"
    title = f"{engine.name} {engine.version}: {scenes}"
    for line in _table(full, small, title):
        out.write(line + "\n")
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row


def measure_scenes(
    engine: Engine, art: Art, job: BenchmarkJob, progress: TextIO
) -> tuple[Figures, Figures]:
    """Draw the scenes one by one and return the figures of the full and of the small vocabulary."""
    words = [Word(word.name, (word.name,), "#808080") for word in WORDS]
    few = [index for index, word in enumerate(WORDS) if word.name in set(DEMO_WORDS)]
    full, small = ConfusionMatrix(len(words)), ConfusionMatrix(len(few))
    place = np.full(len(words), -1, dtype=np.int32)
    place[few] = np.arange(len(few))
    for index in range(job.count):
        seed = FIRST_SEED + job.seed * SEEDS_PER_RUN + index
        scene = draw_scene(art, seed)
        encoded = engine.encode(scene.image, f"scene-{job.art}-{seed}")
        maps = engine.scores(encoded, words)
        full.add(scene.labels, label_map(maps, threshold=ANY_SCORE))
        truth = np.where(scene.labels >= 0, place[scene.labels], -1)
        small.add(truth, label_map(_some(maps, few), threshold=ANY_SCORE))
        tell(progress, index + 1, job.count)
    everywhere = range(len(words))
    return _figures(full, everywhere), _figures(small, few)


def _some(maps: ScoreMaps, indices: Sequence[int]) -> ScoreMaps:
    return ScoreMaps(
        words=tuple(maps.words[index] for index in indices),
        probabilities=maps.probabilities[list(indices)],
        height=maps.height,
        width=maps.width,
        grain=maps.grain,
        templates=maps.templates,
    )


def _figures(matrix: ConfusionMatrix, indices: Sequence[int]) -> Figures:
    seen = [place for place, index in enumerate(indices) if WORDS[index].seen]
    unseen = [place for place, index in enumerate(indices) if not WORDS[index].seen]
    both = (100 * matrix.mean_iou(seen), 100 * matrix.mean_iou(unseen))
    return Figures(
        words=len(indices),
        seen=both[0],
        unseen=both[1],
        harmonic=harmonic(*both),
        pixels=100 * matrix.accuracy(),
    )


def _row(figures: Figures) -> dict[str, float | int | None]:
    values = {
        "miou_seen": figures.seen,
        "miou_unseen": figures.unseen,
        "hiou": figures.harmonic,
        "pixel_accuracy": figures.pixels,
    }
    rounded = {key: None if np.isnan(one) else round(one, 2) for key, one in values.items()}
    return {"words": figures.words, **rounded}


def _table(full: Figures, small: Figures, title: str) -> list[str]:
    lines = [
        title,
        "vocabulary    words   seen  unseen   hIoU  pixels   (percent; mIoU)",
    ]
    for name, one in (("full", full), ("small", small)):
        figures = f"{one.seen:6.1f} {one.unseen:7.1f} {one.harmonic:6.1f} {one.pixels:7.1f}"
        lines.append(f"{name:<12} {one.words:6d} {figures}")
    return lines
