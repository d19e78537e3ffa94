"""`benchmark mini`: how well a model segments fresh scenes of the toy world, by words."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
from numpy.typing import NDArray

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
PLAIN = "_plain"
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
    taken per word, as in the paper's evaluation. "full" is the whole vocabulary as the window
    shows it, with outlines that follow the image's edges; "small" the demo's words alone, on the
    pixels that are one of them; "plain" repeats each on the network's own maps, as the paper does.
    """
    from cascadeclip.core.engine import Engine, bundled_model
    from cascadeclip.core.model import load_model

    engine = Engine(load_model(job.model or bundled_model()), device=job.device)
    art = load_art(job.art)
    figures = measure_scenes(engine, art, job, progress)
    row: dict[str, object] = {
        "event": "benchmark",
        "name": "mini",
        "model": engine.name,
        "version": engine.version,
        "count": job.count,
        "seed": job.seed,
        "art": art.style,
    } | {name: _row(one) for name, one in figures.items()}
    scenes = f"{job.count} fresh scenes, seed {job.seed}, {art.style}"
    title = f"{engine.name} {engine.version}: {scenes}"
    for line in _table(figures, title):
        out.write(line + "\n")
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row


def measure_scenes(
    engine: Engine, art: Art, job: BenchmarkJob, progress: TextIO
) -> dict[str, Figures]:
    """Draw the scenes one by one; return the figures of "full", "small" and both of them plain."""
    words = [Word(word.name, (word.name,), "#808080") for word in WORDS]
    few = [index for index, word in enumerate(WORDS) if word.name in set(DEMO_WORDS)]
    chosen = {"full": list(range(len(words))), "small": few}
    counts = {
        f"{name}{how}": ConfusionMatrix(len(some))
        for name, some in chosen.items()
        for how in ("", PLAIN)
    }
    for index in range(job.count):
        seed = FIRST_SEED + job.seed * SEEDS_PER_RUN + index
        scene = draw_scene(art, seed)
        maps = engine.scores(engine.encode(scene.image, f"scene-{job.art}-{seed}"), words)
        for name, some in chosen.items():
            truth, part = _among(scene.labels, some), _some(maps, some)
            counts[name].add(truth, label_map(part, threshold=ANY_SCORE, image=scene.image))
            counts[name + PLAIN].add(truth, label_map(part, threshold=ANY_SCORE))
        tell(progress, index + 1, job.count)
    return {
        name: _figures(matrix, chosen[name.removesuffix(PLAIN)]) for name, matrix in counts.items()
    }


def _among(labels: NDArray[np.int16], indices: Sequence[int]) -> NDArray[np.int32]:
    """Renumber labels of WORDS to places in `indices`; -1 for the others."""
    place = np.full(len(WORDS), -1, dtype=np.int32)
    place[list(indices)] = np.arange(len(indices))
    return np.where(labels >= 0, place[labels], -1)


def _some(maps: ScoreMaps, indices: Sequence[int]) -> ScoreMaps:
    return dataclasses.replace(
        maps,
        words=tuple(maps.words[index] for index in indices),
        probabilities=maps.probabilities[list(indices)],
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


def _table(figures: Mapping[str, Figures], title: str) -> list[str]:
    lines = [
        title,
        "vocabulary    words   seen  unseen   hIoU  pixels   (percent; mIoU)",
    ]
    for name, one in figures.items():
        cells = f"{one.seen:6.1f} {one.unseen:7.1f} {one.harmonic:6.1f} {one.pixels:7.1f}"
        lines.append(f"{name.replace('_', ', '):<12} {one.words:6d} {cells}")
    return lines
