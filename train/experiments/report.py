"""The ablation tables as Markdown, with mean and spread, beside what the paper says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.experiments.runs import Figures, read_figures, runs_of
from cascadeclip.train.experiments.scale import MiniScale, mini_training
from cascadeclip.train.experiments.tables import Row, Table

UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold a row with the figures of its seeds."""

    row: Row
    figures: tuple[Figures, ...]

    def spread(self, name: str) -> tuple[float, float]:
        """Return mean and standard deviation over the seeds of a figure."""
        values = [getattr(one, name) for one in self.figures]
        return mean(values), stdev(values) if len(values) > 1 else 0.0


def measured(
    table: Table, seeds: int, steps: int | None, scale: MiniScale, work: Path
) -> tuple[Measured, ...]:
    """Collect what the runs of a table reached; raise TrainingFailed where some are missing."""
    rows = []
    for row in table.rows:
        found = [read_figures(run, work) for run in runs_of(row, seeds, steps, scale)]
        there = tuple(one for one in found if one is not None)
        if len(there) < len(found):
            raise TrainingFailed(
                f"Table {table.number} lacks {len(found) - len(there)} runs of {row.label!r}; "
                "run it to the end first."
            )
        rows.append(Measured(row, there))
    return tuple(rows)


def section(table: Table, rows: Sequence[Measured]) -> str:
    """Write the section of one table: heading, rows, and whether the paper's choice is best."""
    lines = [
        f"## Table {table.number}: {table.title}",
        "",
        "| row | preset | seeds | S | U | hIoU | pixels | learnt | paper S / U |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_line(one) for one in rows),
        "",
        _verdict(table, rows),
        "",
    ]
    return "\n".join(lines)


def _line(one: Measured) -> str:
    cells = [one.row.label, f"`{one.row.preset}`", str(len(one.figures))]
    cells += [_spread(one, name) for name in ("seen", "unseen", "harmonic", "accuracy")]
    cells += [f"{one.figures[0].trained / 1e6:.2f} M", one.row.paper or UNKNOWN]
    return f"| {' | '.join(cells)} |"


def _spread(one: Measured, name: str) -> str:
    middle, wide = one.spread(name)
    return f"{middle:.1f} ± {wide:.1f}"


def _verdict(table: Table, rows: Sequence[Measured]) -> str:
    """Say which rows the paper's choice is told apart from, by hIoU against the spread."""
    alike = [one for one in rows if one.row.setting == "inductive" and not one.row.training]
    choice = next(one for one in alike if one.row.preset == table.choice)
    found: dict[str, list[str]] = {"below": [], "level": [], "above": []}
    for one in alike:
        if one is not choice:
            gap, spread = _gap(choice, one)
            side = "level" if abs(gap) <= 2 * spread else "below" if gap > 0 else "above"
            found[side].append(f"`{one.row.preset}` ({_signed(-gap)} ± {spread:.1f})")
    parts = [
        f"below it, as in the paper: {_listed(found['below'])}",
        f"not told apart (within twice the spread): {_listed(found['level'])}",
        f"**above it, not the paper's order**: {_listed(found['above'])}",
    ]
    told = [part for part, side in zip(parts, found, strict=True) if found[side]]
    return f"hIoU against the paper's choice, `{choice.row.preset}` - {'; '.join(told)}."


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}"  # no minus zero


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _gap(first: Measured, second: Measured) -> tuple[float, float]:
    """Return how far the first's mean hIoU is above the second's, and that difference's spread."""
    one, other = first.spread("harmonic"), second.spread("harmonic")
    return one[0] - other[0], (one[1] ** 2 + other[1] ** 2) ** 0.5


def put_section(text: str, table: Table, new: str) -> str:
    """Put a table's section into a document in the place of its older one, or at its end."""
    pattern = re.compile(rf"^## Table {table.number}: .*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(text):
        return pattern.sub(lambda _: new + "\n", text, count=1).rstrip() + "\n"
    return text.rstrip() + "\n\n" + new.rstrip() + "\n"


def method(scale: MiniScale, steps: int | None) -> str:
    """Say in one line what every run is."""
    training = mini_training()
    return (
        f"{scale.words} words, {scale.train_scenes} scenes to learn from, "
        f"{scale.test_scenes} to measure on, {steps or training.steps} steps of "
        f"{training.batch}, {training.side} px"
    )
