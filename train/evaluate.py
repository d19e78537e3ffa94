"""Quality on a person's own images, through the engine the window uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from cascadeclip.core.engine.calibration import calibrate
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.regions import ScoreMaps, label_map
from cascadeclip.core.values import Word
from cascadeclip.train.boundary import boundary_f
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
CONFUSED = 12

Adjusted = Sequence[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class Quality:
    """Hold mIoU, IoU per word (those that occur) and the share of pixels right, all 0..1.

    `boundary` is the mean F measure of outlines within 2 pixels over images and words, None where
    it was not asked for; `confused` lists (true word, answered word, share of the true word's
    pixels), the largest first, `images` (image id, share of its known pixels that are right).
    """

    miou: float
    per_word: dict[str, float]
    accuracy: float
    boundary: float | None = None
    confused: tuple[tuple[str, str, float], ...] = ()
    images: tuple[tuple[int, float], ...] = ()


@dataclass(slots=True)
class _Tally:
    """Add up what images tell about `words`."""

    words: Sequence[Word]
    matrix: ConfusionMatrix
    outlines: list[float] = field(default_factory=list)
    images: list[tuple[int, float]] = field(default_factory=list)

    def add(self, image: Correction, maps: ScoreMaps, threshold: float, *, edges: bool) -> None:
        """Count one image; `edges` compares outlines too, and reads the file for it."""
        rgb = open_image(image.path) if edges else None
        answer = label_map(maps, threshold=threshold, image=rgb)
        truth, said = _comparable(image.truth().labels, answer, self.words)
        self.matrix.add(truth, said)
        known = truth >= 0
        if known.any():
            self.images.append((image.image_id, float((truth == said)[known].mean())))
        if edges:
            both = set(np.unique(truth)) | set(np.unique(said[known]))
            found = (boundary_f(truth, said, one) for one in both if 0 <= one < len(self.words))
            self.outlines += [value for value in found if value is not None]

    def quality(self, *, edges: bool) -> Quality:
        """Return the figures."""
        names = [word.name for word in self.words]
        present, iou = self.matrix.present()[: len(names)], self.matrix.iou()
        per_word = {name: float(iou[i]) for i, name in enumerate(names) if present[i]}
        accuracy = self.matrix.accuracy()
        return Quality(
            miou=float(np.mean(list(per_word.values()))) if per_word else 0.0,
            per_word=per_word,
            accuracy=0.0 if np.isnan(accuracy) else accuracy,
            boundary=float(np.mean(self.outlines)) if edges and self.outlines else None,
            confused=_confused(self.matrix, names),
            images=tuple(self.images),
        )


def _confused(matrix: ConfusionMatrix, names: Sequence[str]) -> tuple[tuple[str, str, float], ...]:
    """Return the pairs of words that are mixed up most."""
    labels = [*names, "nothing", "nothing"]
    counts = matrix.counts.astype(np.float64)
    shares = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    np.fill_diagonal(shares, 0)
    order = np.argsort(-shares, axis=None, kind="stable")[:CONFUSED]
    pairs = [divmod(int(place), shares.shape[1]) for place in order]
    return tuple((labels[i], labels[j], float(shares[i, j])) for i, j in pairs if shares[i, j] > 0)


def measure(
    engine: Engine,
    images: Sequence[Correction],
    words: Sequence[Word],
    *,
    threshold: float,
    edges: bool = True,
    adjusted: Adjusted = (),
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Quality:
    """Compare the engine's answers with what the person said about `images`.

    The words compete for pixels as they do for suggestions, negative words included; pixels
    below the threshold are background, which is a class of its own in the count but not in the
    mean. Pixels nobody spoke about are ignored. The mean runs over words that occur. With
    `edges` outlines follow the image as on the screen and are measured too, which costs some
    time. `adjusted` (ModelInfo) moves what the engine answers.
    """
    tally = _Tally(words, ConfusionMatrix(len(words) + 1))
    for done, image in enumerate(images):
        if stopped():
            break
        maps = engine.scores(engine.encode(open_image(image.path), image.digest), words)
        tally.add(image, calibrate(maps, adjusted), threshold, edges=edges)
        told(done + 1, len(images))
    return tally.quality(edges=edges)


def judge_maps(
    shown: Iterable[tuple[Correction, ScoreMaps]],
    words: Sequence[Word],
    *,
    threshold: float,
    adjusted: Adjusted = (),
) -> Quality:
    """Compare maps that are there already, without edges; see `measure`."""
    tally = _Tally(words, ConfusionMatrix(len(words) + 1))
    for image, maps in shown:
        tally.add(image, calibrate(maps, adjusted), threshold, edges=False)
    return tally.quality(edges=False)


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
        "boundary": quality.boundary,
        "confused": quality.confused,
        "worst": sorted(quality.images, key=lambda one: one[1])[:5],
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
    lines += [f"pixels right: {100 * quality.accuracy:.1f} %"]
    if quality.boundary is not None:
        lines += [f"outlines within 2 pixels (F): {100 * quality.boundary:.1f}"]
    mixed = (f"{true} as {said} {100 * share:.0f} %" for true, said, share in quality.confused[:3])
    return [*lines, f"most mixed up: {', '.join(mixed) or 'nothing'}"]


def tell(progress: TextIO, done: int, total: int) -> None:
    """Write how far the work is; over the same line on a terminal, sparsely elsewhere."""
    if progress.isatty():
        progress.write(f"\r{done}/{total} images" + ("\n" if done == total else ""))
    elif done == total or done % max(1, total // 10) == 0:
        progress.write(f"{done}/{total} images\n")
    progress.flush()
