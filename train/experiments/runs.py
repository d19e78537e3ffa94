"""The runs behind the tables: each once, kept by what its figures depend on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.replacing import replacing
from cascadeclip.train.events import Stopped
from cascadeclip.train.experiments.scale import (
    MiniScale,
    Outcome,
    mini_network,
    mini_training,
    run_variant,
)
from cascadeclip.train.experiments.tables import Row, Table
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.presets import find_preset

SECONDS_PER_RUN = 75.0  # of one core, at the default scale, before any run has told better
SEEDS = 3


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
    with replacing(work / f"{run.key}.json") as draft:
        draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
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
