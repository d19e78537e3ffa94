"""The paper's tables of ablations as runs at mini scale: rows, seeds, what is stored."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.events import Stopped
from cascadeclip.train.fit.config import FitConfig, Setting
from cascadeclip.train.mini_scale import (
    MiniScale,
    Outcome,
    mini_network,
    mini_training,
    run_variant,
)
from cascadeclip.train.presets import find_preset

SECONDS_PER_RUN = 75.0  # of one core, at the default scale, before any run has told better
SEEDS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: what the paper calls it, our preset, the setting; `paper` is its "S / U".

    `training` are further changes of the training; more than the table's seeds are run where
    `seeds` says so.
    """

    label: str
    preset: str
    setting: Setting = "inductive"
    paper: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    seeds: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Hold one table: its number, title and rows, and the preset that the paper settles on."""

    number: int
    title: str
    rows: tuple[Row, ...]
    choice: str = "cascade"


_OURS = Row("{6-8} {9-11} {12}, NGA (ours)", "cascade")
_BASE = Row("baseline {12}", "zegclip")
_MORE = 5  # seeds where the paper's main claim is at stake
_RANDOM: dict[str, Any] = {"start": "random", "rate": 1e-3}
_ALL = (
    Table(
        4,
        "Components",
        (
            dataclasses.replace(_BASE, seeds=_MORE),
            Row("+ cascaded decoders {8} {11} {12}", "no-nga"),
            dataclasses.replace(_OURS, label="+ NGA {6-8} {9-11} {12}", seeds=_MORE),
            Row("baseline, started at random", "zegclip", training=_RANDOM, seeds=_MORE),
            Row("ours, started at random", "cascade", training=_RANDOM, seeds=_MORE),
        ),
    ),
    Table(
        5,
        "How the layers are split into stages",
        (
            Row("{8-9} {10-11} {12}", "stages-8-9+10-11+12"),
            Row("{4-7} {8-11} {12}", "stages-4-7+8-11+12"),
            Row("{7-8} {9-10} {11-12}", "stages-7-8+9-10+11-12"),
            _OURS,
        ),
    ),
    Table(
        6,
        "How many decoders",
        (
            Row("1: {12}", "zegclip"),
            Row("2: {9-11} {12}", "stages-9-11+12"),
            dataclasses.replace(_OURS, label="3: {6-8} {9-11} {12}"),
            Row("4: {3-5} {6-8} {9-11} {12}", "stages-3-5+6-8+9-11+12"),
        ),
    ),
    Table(
        7,
        "Is it the decoders or the layers",
        (
            _BASE,
            Row("three decoders on {12}", "last-x3"),
            Row("one decoder on {6-12} fused", "fused"),
            Row("three decoders on {6-12} fused", "fused-x3"),
            _OURS,
        ),
    ),
    Table(
        8,
        "Aggregation inside a stage",
        (
            Row("concatenation", "concat"),
            Row("self-attention", "self-attention"),
            Row("sum", "sum"),
            Row("trainable sum", "trainable-sum"),
            Row("NGA, fixed weights", "fixed-nga"),
            dataclasses.replace(_OURS, label="NGA, trainable weights (ours)"),
        ),
    ),
    Table(
        9,
        "Projection of the words",
        (
            Row("shared by the decoders", "shared-text"),
            dataclasses.replace(_OURS, label="independent (ours)"),
        ),
    ),
    Table(
        10,
        "With other methods and settings (the paper's figures are COCO-Stuff's)",
        (
            Row("Frozen CLIP", "frozen", paper="32.3 / 32.5"),
            Row("Frozen CLIP + cascade", "frozen+cascade", paper="36.3 / 35.3"),
            Row("SPT-SEG", "spt", paper="38.0 / 40.7"),
            Row("SPT-SEG + cascade", "spt+cascade", paper="40.2 / 43.6"),
            Row("SPT-SEG, transductive", "spt", "transductive", "40.4 / 57.5"),
            Row("SPT-SEG + cascade, transductive", "spt+cascade", "transductive", "41.7 / 62.1"),
            Row("fully supervised", "zegclip", "full", "40.7 / 63.2"),
            Row("fully supervised + cascade", "cascade", "full", "41.5 / 64.0"),
            Row("ours, inductive", "cascade", paper="41.2 / 43.4"),
            Row("ours, transductive", "cascade", "transductive", "41.7 / 62.5"),
        ),
    ),
    Table(
        14,
        "Number of prompts (8 here stand for the paper's 50)",
        (
            Row("2", "prompts-2"),
            Row("4", "prompts-4"),
            dataclasses.replace(_OURS, label="8 (ours)"),
            Row("16", "prompts-16"),
        ),
    ),
    Table(
        15,
        "Further splits",
        (
            Row("{6-9} {10-12}", "stages-6-9+10-12"),
            Row("{1-2} {3-5} {6-8} {9-11} {12}", "stages-1-2+3-5+6-8+9-11+12"),
            Row("{8} {11} {12}", "no-nga"),
            _OURS,
        ),
    ),
    Table(
        16,
        "Width of the Gaussian (sigma)",
        (
            Row("0.5", "sigma-0.5"),
            dataclasses.replace(_OURS, label="1 (ours)"),
            Row("2", "sigma-2"),
            Row("4", "sigma-4"),
        ),
    ),
    Table(
        17,
        "Weights NGA starts from",
        (
            Row("1, 1, 1", "trainable-sum"),
            Row(".011, .135, .607 (Eq. 4 as printed)", "nga-as-printed"),
            dataclasses.replace(_OURS, label=".135, .607, 1 (as released)"),
        ),
    ),
    Table(
        18,
        "Weights of the loss, focal : dice",
        (
            Row("20 : 1", "loss-20-1"),
            Row("100 : 0", "loss-100-0"),
            Row("100 : 5", "loss-100-5"),
            dataclasses.replace(_OURS, label="100 : 1 (ours)"),
        ),
    ),
)
TABLES: dict[int, Table] = {table.number: table for table in _ALL}


@dataclass(frozen=True, slots=True)
class Run:
    """Hold one training: a row's variant with a seed."""

    preset: str
    training: FitConfig
    scale: MiniScale

    @property
    def key(self) -> str:
        """Name the run by everything that its figures depend on."""
        preset = find_preset(self.preset)
        parts = (
            preset.network_config(mini_network()).to_json(),
            json.loads(preset.fit_config(self.training).to_json()) | {"preset": ""},
            dataclasses.asdict(self.scale),
        )
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what one run reached: percentages, seconds of one core, parameters that learnt."""

    seen: float
    unseen: float
    harmonic: float
    accuracy: float
    seconds: float
    trained: int


def find_tables(wanted: str) -> tuple[Table, ...]:
    """Return the table of a number, or all for "all"; raise TrainingFailed for others."""
    if wanted == "all":
        return tuple(TABLES.values())
    if not wanted.isdecimal() or int(wanted) not in TABLES:
        numbers = ", ".join(str(number) for number in TABLES)
        raise TrainingFailed(f"There is no table {wanted!r} to run; choose all, {numbers}.")
    return (TABLES[int(wanted)],)


def runs_of(row: Row, seeds: int, steps: int | None, scale: MiniScale) -> list[Run]:
    """List the runs of a row, one per seed."""
    base = mini_training(row.setting)
    changes = dict(row.training) | ({} if steps is None else {"steps": steps})
    return [
        Run(row.preset, FitConfig.changed(base, {**changes, "seed": seed}), scale)
        for seed in range(max(seeds, row.seeds))
    ]


def read_figures(run: Run, work: Path) -> Figures | None:
    """Read what a run reached, None where it has not been run."""
    path = work / f"{run.key}.json"
    try:
        return Figures(**json.loads(path.read_text(encoding="utf-8"))["figures"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise TrainingFailed(f"{path.name} is damaged; remove it to run this again.") from error


def run_once(run: Run, work: Path, stopped: Stopped) -> Figures | None:
    """Return a run's figures, running it if nobody has; None after a stop."""
    known = read_figures(run, work)
    if known is not None:
        return known
    outcome = run_variant(
        find_preset(run.preset), run.training, run.scale, emit=lambda event: None, stopped=stopped
    )
    if outcome is None:
        return None
    figures = _figures(outcome)
    content = {
        "preset": run.preset,
        "training": dataclasses.asdict(run.training),
        "scale": dataclasses.asdict(run.scale),
        "figures": dataclasses.asdict(figures),
    }
    work.mkdir(parents=True, exist_ok=True)
    beside = work / f"{run.key}.part"
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    beside.replace(work / f"{run.key}.json")
    return figures


def _figures(outcome: Outcome) -> Figures:
    found = outcome.assessment
    return Figures(
        seen=round(100 * found.seen, 2),
        unseen=round(100 * found.unseen, 2),
        harmonic=round(100 * found.harmonic, 2),
        accuracy=round(100 * found.accuracy, 2),
        seconds=round(outcome.seconds, 1),
        trained=outcome.trained,
    )


def plan(tables: Sequence[Table], seeds: int, steps: int | None, scale: MiniScale) -> list[Run]:
    """List every run that the tables need, each once, seed after seed."""
    found: dict[str, tuple[int, Run]] = {}
    for table in tables:
        for row in table.rows:
            for run in runs_of(row, seeds, steps, scale):
                found.setdefault(run.key, (run.training.seed, run))
    return [run for _, run in sorted(found.values(), key=lambda pair: pair[0])]


def budget(runs: Sequence[Run], work: Path) -> tuple[int, float]:
    """Return how many of the runs are still to do and the hours of one core they will take."""
    known = [read_figures(run, work) for run in runs]
    done = [one.seconds for one in known if one is not None]
    each = 1.15 * sum(done) / len(done) if done else SECONDS_PER_RUN
    left = len(runs) - len(done)
    return left, left * each / 3600


def run_all(runs: Sequence[Run], work: Path, tell: Callable[[str], None], stopped: Stopped) -> bool:
    """Run what is missing, one after another; False after a stop."""
    for number, run in enumerate(runs, 1):
        figures = run_once(run, work, stopped)
        if figures is None:
            return False
        tell(
            f"{number}/{len(runs)} {run.preset} {run.training.setting} seed {run.training.seed}: "
            f"{figures.seen:.1f} / {figures.unseen:.1f} / {figures.harmonic:.1f}, "
            f"{figures.seconds:.0f} s"
        )
    return True
