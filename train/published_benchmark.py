"""`benchmark voc|coco-stuff|context`: a model on the validation part, as the paper measures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cascadeclip.core.engine.devices import choose_device
from cascadeclip.core.errors import CheckpointError, TrainingFailed
from cascadeclip.core.model import LoadedModel, ModelInfo, TextEncoder, load_model
from cascadeclip.train.assess import Assessment, Sliding, assess, embed_words
from cascadeclip.train.data.published import PublishedSet, check_set, match_classes, open_set
from cascadeclip.train.evaluate import tell


@dataclass(frozen=True, slots=True)
class Setting:
    """Say in words how the model was trained, and how its answers are counted (see Sliding)."""

    title: str
    calibration: float = 0.0
    split: bool = True


SETTINGS = {
    "inductive": Setting("inductive", calibration=0.1),
    "transductive": Setting("transductive"),
    "full": Setting("fully supervised, split as in the zero-shot settings"),
    "cross": Setting("across data sets, every word counts alike", split=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedJob:
    """Say which data set below which root, the setting, and which model looks at it."""

    data_set: str
    root: Path
    setting: str = "inductive"
    model: Path | None = None
    heads: int | None = None
    limit: int | None = None
    batch: int = 1
    classes: Path | None = None
    per_word: bool = False
    device: str = "auto"

    def __post_init__(self) -> None:
        """Refuse a setting that does not exist and numbers below 1, before anything slow."""
        if self.setting not in SETTINGS:
            raise TrainingFailed(f"--setting must be one of {', '.join(SETTINGS)}.")
        for name in ("heads", "limit", "batch"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise TrainingFailed(f"--{name} must be at least 1, not {value}.")


def check_published(job: PublishedJob, *, out: TextIO) -> None:
    """Print what was counted and one line of JSON; raises TrainingFailed naming what is missing."""
    if job.classes is not None:
        match_classes(job.data_set, job.classes)
    notes = check_set(job.data_set, job.root)
    out.write("\n".join([f"Every file that {job.data_set} lists is in {job.root}.", *notes]) + "\n")
    row = {"event": "checked", "name": job.data_set, "notes": list(notes)}
    out.write(json.dumps(row, ensure_ascii=False) + "\n")


def measure(job: PublishedJob, *, out: TextIO, progress: TextIO) -> dict[str, object]:
    """Print a table and one line of JSON of the validation part; return what the line holds.

    Nothing is printed on `out` before all images were looked at. Raises CascadeClipError in one
    sentence for a wrong folder, class list, model, image or label.
    """
    if job.model is None:
        raise TrainingFailed("Say --model: a model folder, or a checkpoint of the paper's code.")
    if job.classes is not None:
        match_classes(job.data_set, job.classes)
    examples = open_set(job.data_set, job.root, "val")
    device = choose_device(job.device)
    loaded = load_model(job.model, device, heads=job.heads)
    # The released checkpoints were trained with embeddings stored in half precision.
    text = embed_words(_reader(loaded, examples, job.model), examples, half=job.model.is_file())
    found = assess(
        loaded.network,
        text,
        examples,
        _view(job, loaded.info),
        device=device,
        limit=job.limit,
        progress=lambda done, total: tell(progress, done, total),
    )
    row = _row(job, loaded.info) | found.to_json()
    for line in _table(job, loaded.info, found):
        out.write(line + "\n")
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row


def _reader(loaded: LoadedModel, examples: PublishedSet, path: Path) -> TextEncoder:
    if loaded.text is None:
        raise CheckpointError(
            f"{path.name} holds no text encoder and so knows no words: choose a checkpoint that "
            "holds one, or a model folder."
        )
    unknown = [phrase for phrase in examples.phrases if not loaded.text.knows(phrase)]
    if unknown:
        raise CheckpointError(
            f"{loaded.info.name} cannot read {len(unknown)} of the {len(examples.words)} words "
            f"({', '.join(unknown[:3])} ...): choose a model with CLIP's whole vocabulary."
        )
    return loaded.text


def _view(job: PublishedJob, info: ModelInfo) -> Sliding:
    """Look as the model's card says; the paper's models have windows of 512, 426 apart."""
    setting = SETTINGS[job.setting]
    return Sliding(
        window=info.window,
        stride=info.stride,
        short=info.short or info.window,
        calibration=setting.calibration,
        split=setting.split,
        batch=job.batch,
        mean=info.mean,
        std=info.std,
        average=info.average,
        readout=info.readout,
    )


def _row(job: PublishedJob, info: ModelInfo) -> dict[str, object]:
    return {
        "event": "benchmark",
        "name": job.data_set,
        "part": "val",
        "setting": job.setting,
        "model": info.name,
        "version": info.version,
        "window": info.window,
        "stride": info.stride,
    }


def _table(job: PublishedJob, info: ModelInfo, found: Assessment) -> list[str]:
    setting = SETTINGS[job.setting]
    return [
        f"{info.name} {info.version} on {job.data_set} val, images: {found.count}",
        f"setting: {setting.title}; percent",
        *found.rows(per_word=job.per_word),
    ]
