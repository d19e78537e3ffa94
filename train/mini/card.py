"""The model card of the mini model: what it was made from, what it can do and cannot."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path

from cascadeclip.core.errors import ArtMissing
from cascadeclip.train.benchmark import BenchmarkJob, benchmark
from cascadeclip.train.mini.head import HeadRecipe
from cascadeclip.train.mini.pretrain import STAGES
from cascadeclip.train.mini.recipe import SHORT
from cascadeclip.train.mini.towers import SIDE

BENCHMARK_COUNT = 200


def write_card(folder: Path, work: Path, *, unseen_style: Path | None = None) -> None:
    """Measure the model in `folder` on fresh scenes and write its README.md.

    `unseen_style` is art that no training scene was drawn with. Raise ArtMissing where the art
    of the toy world is not installed.
    """
    rows = [_measure(folder, None, seed) for seed in (0, 1)]
    if unseen_style is not None:
        try:
            rows.append(_measure(folder, unseen_style, 0))
        except ArtMissing as error:
            raise ArtMissing(f"The held-out style cannot be drawn: {error}") from error
    template = (files("cascadeclip.resources") / "mini_card.md").read_text(encoding="utf-8")
    size = (folder / "model.safetensors").stat().st_size / 1e6
    text = template.format(
        size=f"{size:.1f}",
        steps=_steps(work),
        figures="\n".join(_line(row) for row in rows),
        count=BENCHMARK_COUNT,
        side=SIDE,
        short=SHORT,
        apart=SHORT - SIDE,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _measure(folder: Path, art: Path | None, seed: int) -> dict[str, object]:
    job = BenchmarkJob(count=BENCHMARK_COUNT, seed=seed, art=art, model=folder, device="cpu")
    return benchmark(job, out=io.StringIO(), progress=io.StringIO())


def _line(row: dict[str, object]) -> str:
    cells = [str(row["art"]), str(row["seed"])]
    for name in ("full", "full_plain", "small"):
        figures = row[name]
        if not isinstance(figures, dict):
            raise TypeError("a benchmark row holds tables")
        keys = ("miou_seen", "miou_unseen", "hiou", "pixel_accuracy")
        cells.append(" / ".join(str(figures[key]) for key in keys))
    return f"| {' | '.join(cells)} |"


def _steps(work: Path) -> str:
    seconds = json.loads((work / "seconds.json").read_text(encoding="utf-8"))
    rows = [(stage.name, stage.side, stage.steps, stage.batch) for stage in STAGES]
    head = HeadRecipe()
    rows.append(("head", 96, head.steps, head.batch))
    return "\n".join(
        f"| {name} | {side} px | {steps} | {batch} | {steps * batch:,} | {seconds[name]} |"
        for name, side, steps, batch in rows
    )
