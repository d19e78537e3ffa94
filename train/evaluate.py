"""Quality on a person's own images, through the engine the window uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.regions import label_map
from cascadeclip.core.values import Word
from cascadeclip.train.data.corrections import (
    BACKGROUND,
    UNKNOWN,
    Correction,
    Corrections,
    Labels,
    collect,
)
from cascadeclip.train.metrics import ConfusionMatrix

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.project import Project

DEFAULT_THRESHOLD = 0.5
IGNORED = -1


@dataclass(frozen=True, slots=True)
class Quality:
    """Hold mIoU, IoU per word (those that occur) and the share of pixels right, all 0..1."""

    miou: float
    per_word: dict[str, float]
    accuracy: float


def measure(
    engine: Engine,
    images: Sequence[Correction],
    words: Sequence[Word],
    *,
    threshold: float,
    edges: bool = True,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Quality:
    """Compare the engine's answers with what the person said about `images`.

    The words compete for pixels as they do for suggestions, negative words included; pixels
    below the threshold are background, which is a class of its own in the count but not in the
    mean. Pixels nobody spoke about are ignored. The mean runs over words that occur. With
    `edges` outlines follow the image as on the screen, which costs some time.
    """
    matrix = ConfusionMatrix(len(words) + 1)
    for done, image in enumerate(images):
        if stopped():
            break
        rgb = open_image(image.path)
        maps = engine.scores(engine.encode(rgb, image.digest), words)
        answer = label_map(maps, threshold=threshold, image=rgb if edges else None)
        matrix.add(*_comparable(image.truth().labels, answer, words))
        told(done + 1, len(images))
    return _quality(matrix, [word.name for word in words])


def _comparable(
    labels: Labels, answer: np.ndarray, words: Sequence[Word]
) -> tuple[np.ndarray, np.ndarray]:
    """Number background as one more word; negative words answer "background"."""
    nothing = len(words)
    truth = labels.astype(np.int32)
    truth[labels == BACKGROUND] = nothing
    truth[labels == UNKNOWN] = IGNORED
    shy = [index for index, word in enumerate(words) if word.negative]
    silent = (answer < 0) | np.isin(answer, shy)
    return truth, np.where(silent, nothing, answer)


def _quality(matrix: ConfusionMatrix, names: Sequence[str]) -> Quality:
    present = matrix.present()[: len(names)]
    iou = matrix.iou()
    per_word = {name: float(iou[index]) for index, name in enumerate(names) if present[index]}
    miou = float(np.mean(list(per_word.values()))) if per_word else 0.0
    accuracy = matrix.accuracy()
    return Quality(miou, per_word, 0.0 if np.isnan(accuracy) else accuracy)


def threshold_of(project: Project) -> float:
    """Return the project's threshold, 0..1; 0.5 where the person never moved it."""
    value = project.settings.get("threshold", DEFAULT_THRESHOLD)
    return float(value) if isinstance(value, int | float) else DEFAULT_THRESHOLD


def model_folder(project: Project, version: str | None) -> Path:
    """Return the folder of a model version by name; of the one in use for None.

    "mini" is the bundled model. Raises TrainingFailed for an unknown name.
    """
    from cascadeclip.core.engine.models import active_model, bundled_model

    if version is None:
        return active_model(project)
    if version == "mini":
        return bundled_model()
    row = next((row for row in project.versions.all() if row.name == version), None)
    if row is None:
        names = ", ".join(["mini", *(row.name for row in project.versions.all())])
        raise TrainingFailed(f"There is no model version {version!r}; choose one of {names}.")
    folder: Path = project.folder / row.folder
    return folder


def evaluate(
    project: Project, *, version: str | None, device: str, out: TextIO, progress: TextIO
) -> Quality:
    """Print IoU per word on the corrected images as a table and one line of JSON."""
    corrections = collect(project)
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import load_model

    engine = Engine(load_model(model_folder(project, version)), device=device)
    quality = measure(
        engine,
        corrections.images,
        corrections.words,
        threshold=threshold_of(project),
        told=lambda done, total: tell(progress, done, total),
    )
    for line in table(quality, corrections, engine.version):
        out.write(line + "\n")
    row = {
        "event": "evaluated",
        "version": engine.version,
        "images": len(corrections.images),
        "miou": quality.miou,
        "accuracy": quality.accuracy,
        "per_word": quality.per_word,
    }
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return quality


def table(quality: Quality, corrections: Corrections, version: str) -> list[str]:
    """Return the lines of a table a person reads; percent."""
    wide = max(len("mean"), *(len(name) for name in quality.per_word))
    count = len(corrections.images)
    lines = [f"model {version}, {count} {corrections.source}", f"{'word':<{wide}}    IoU"]
    lines += [f"{name:<{wide}}  {100 * iou:5.1f}" for name, iou in quality.per_word.items()]
    lines += [f"{'mean':<{wide}}  {100 * quality.miou:5.1f}"]
    return [*lines, f"pixels right: {100 * quality.accuracy:.1f} %"]


def tell(progress: TextIO, done: int, total: int) -> None:
    """Write how far the work is; over the same line on a terminal, sparsely elsewhere."""
    if progress.isatty():
        progress.write(f"\r{done}/{total} images" + ("\n" if done == total else ""))
    elif done == total or done % max(1, total // 10) == 0:
        progress.write(f"{done}/{total} images\n")
    progress.flush()
