"""`benchmark mini --variant dense-...`: what the mini CLIP segments without any training."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from typing import TextIO

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model.config import DENSE
from cascadeclip.core.model.dense import dense_from_cascade
from cascadeclip.train.assess import Assessment, assess
from cascadeclip.train.evaluate import tell
from cascadeclip.train.events import Stopped, StoppedByRequest
from cascadeclip.train.experiments.scale import (
    MiniScale,
    bundled,
    mini_training,
    mini_view,
    scene_set,
    word_embeddings,
)

ALL = "dense"
NAMES = (ALL, *DENSE)


def run_untrained(
    options: argparse.Namespace,
    scale: MiniScale,
    out: TextIO,
    progress: TextIO,
    stopped: Stopped,
) -> None:
    """Measure one variant, or with "dense" all four, on the scenes of every experiment.

    Prints a table and a line of JSON each. Raise TrainingFailed for options that only training
    has, StoppedByRequest after a stop.
    """
    if options.steps is not None:
        raise TrainingFailed(f"{options.variant} is not trained; leave --steps out.")
    names = DENSE if options.variant == ALL else (options.variant,)
    rows = []
    out.write("variant          mIoU   seen  unseen   hIoU  pixels  seconds   (percent)\n")
    for name in names:
        began = time.process_time()
        found = measure(name, scale, progress, stopped)
        rows.append(_row(name, found, time.process_time() - began))
        out.write(_line(rows[-1]) + "\n")
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def measure(name: str, scale: MiniScale, progress: TextIO, stopped: Stopped) -> Assessment:
    """Measure a variant of the bundled model's CLIP; nothing is calibrated, for none is trained."""

    def watch(done: int, total: int) -> None:
        if stopped():
            raise StoppedByRequest("Stopped; nothing was written.")
        tell(progress, done, total)

    view = replace(mini_view(mini_training("full")), readout="softmax")
    network = dense_from_cascade(bundled().cascade, name)
    examples = scene_set(scale, test=True)
    return assess(network, word_embeddings(scale), examples, view, progress=watch)


def _row(name: str, found: Assessment, seconds: float) -> dict[str, object]:
    row = {"event": "benchmark", "name": "mini", "variant": name, "seconds": round(seconds, 1)}
    return row | {"trained_parameters": 0} | found.to_json()


def _line(row: dict[str, object]) -> str:
    keys = ("miou", "miou_seen", "miou_unseen", "hiou", "pixel_accuracy", "seconds")
    widths = (7, 6, 7, 6, 7, 8)
    cells = (
        f"{'-' if row[key] is None else row[key]:>{wide}}"
        for key, wide in zip(keys, widths, strict=True)
    )
    return f"{row['variant']:<14}" + " ".join(cells)
