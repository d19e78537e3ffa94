"""`benchmark mini` with variants: train one at mini scale, or run the paper's tables again."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.replacing import replacing
from cascadeclip.train.events import Event, Step, Stopped, StoppedByRequest

if TYPE_CHECKING:
    from cascadeclip.train.experiments.scale import MiniScale
    from cascadeclip.train.experiments.tables import Table

WORK = Path("build/ablations")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of variants and tables to those of the benchmark."""
    parser.add_argument(
        "--variant",
        default=None,
        help="train this variant, then measure it; dense and dense-... are not trained",
    )
    parser.add_argument(
        "--setting", default="inductive", help="inductive, transductive or full (variants)"
    )
    parser.add_argument("--steps", type=int, default=None, help="steps instead of the scale's")
    parser.add_argument("--words", type=int, default=None, help="words instead of the scale's")
    parser.add_argument("--table", default=None, help="re-run a table of the paper, or all")
    parser.add_argument("--seeds", type=int, default=None, help="seeds per row (tables)")
    parser.add_argument("--work", type=Path, default=WORK, help="where finished runs are kept")
    parser.add_argument("--out", type=Path, default=None, help="Markdown file of the tables")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of the training")
    parser.add_argument(
        "--part", default="1/1", help="i/n: run every n-th run only, for n commands side by side"
    )


def wanted(options: argparse.Namespace) -> bool:
    """Tell whether the options ask for training instead of measuring a model."""
    return options.table is not None or options.variant is not None


def run(options: argparse.Namespace, out: TextIO, progress: TextIO, stopped: Stopped) -> None:
    """Do what the options ask for; raise StoppedByRequest after a stop."""
    import torch

    from cascadeclip.train.experiments.untrained import NAMES, run_untrained

    torch.set_num_threads(max(1, options.threads))
    if options.table is not None:
        run_tables(options, out, stopped)
    elif options.variant in NAMES:
        run_untrained(options, _scale(options), out, progress, stopped)
    else:
        run_one(options, out, progress, stopped)


def run_one(options: argparse.Namespace, out: TextIO, progress: TextIO, stopped: Stopped) -> None:
    """Print a variant's full configuration, train it, measure it; a line of JSON comes last."""
    from cascadeclip.train.experiments.scale import mini_network, mini_training, run_variant
    from cascadeclip.train.fit.config import FitConfig
    from cascadeclip.train.presets import find_preset, full_configuration

    preset, scale = find_preset(options.variant), _scale(options)
    changes = {"setting": options.setting, "seed": options.seed}
    changes |= {} if options.steps is None else {"steps": options.steps}
    training = FitConfig.changed(mini_training(), changes)
    for line in full_configuration(preset, mini_network(), training):
        out.write(line + "\n")

    def emit(event: Event) -> None:
        if isinstance(event, Step) and event.step % 20 == 0:
            progress.write(f"step {event.step} of {event.total}, loss {event.loss:.3f}\n")

    outcome = run_variant(preset, training, scale, emit=emit, stopped=stopped)
    if outcome is None:
        raise StoppedByRequest("The training was stopped; nothing was written.")
    for line in outcome.assessment.rows():
        out.write(line + "\n")
    row = {
        "event": "benchmark",
        "name": "mini",
        "variant": preset.name,
        "setting": training.setting,
        "seed": training.seed,
        "seconds": round(outcome.seconds, 1),
        "trained_parameters": outcome.trained,
    }
    out.write(json.dumps(row | outcome.assessment.to_json(), ensure_ascii=False) + "\n")


def run_tables(options: argparse.Namespace, out: TextIO, stopped: Stopped) -> None:
    """Print the budget, run what is missing, print the tables and write them to --out."""
    from cascadeclip.train.experiments.report import measured, method, section
    from cascadeclip.train.experiments.runs import SEEDS, budget, plan, run_all

    def tell(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    tables, scale, (part, parts) = _tables(options), _scale(options), _part(options.part)
    seeds = SEEDS if options.seeds is None else options.seeds
    runs = plan(tables, seeds, options.steps, scale)
    left, hours = budget(runs, options.work)
    tell(f"{len(runs)} runs, {left} still to do: about {hours:.1f} hours of one core.")
    tell(f"Each: {method(scale, options.steps)}.")
    if not run_all(runs[part::parts], options.work, tell, stopped):
        raise StoppedByRequest(
            f"Stopped; finished runs are kept in {options.work}, and the same command goes on."
        )
    if parts > 1:
        return  # whoever runs the whole afterwards writes the tables
    sections = [
        (table, section(table, measured(table, seeds, options.steps, scale, options.work)))
        for table in tables
    ]
    for _, text in sections:
        tell("\n" + text.rstrip())
    if options.out is not None:
        _write(options.out, sections)


def _tables(options: argparse.Namespace) -> tuple[Table, ...]:
    from cascadeclip.train.experiments.tables import find_tables

    if options.seeds is not None and options.seeds < 1:
        raise TrainingFailed("A table needs at least one seed; raise --seeds.")
    return find_tables(options.table)


def _write(path: Path, sections: Sequence[tuple[Table, str]]) -> None:
    """Put the sections into a Markdown file, which is replaced as a whole."""
    from cascadeclip.train.experiments.report import put_section

    document = path.read_text(encoding="utf-8") if path.exists() else ""
    for table, text in sections:
        document = put_section(document, table, text)
    try:
        with replacing(path) as draft:
            draft.write_text(document, encoding="utf-8")
    except OSError as error:
        raise TrainingFailed(
            f"The tables could not be written to {path.name} ({error.strerror}); "
            "choose another --out."
        ) from error


def _scale(options: argparse.Namespace) -> MiniScale:
    from cascadeclip.train.experiments.scale import MiniScale

    scale = MiniScale()
    return scale if options.words is None else dataclasses.replace(scale, words=options.words)


def _part(text: str) -> tuple[int, int]:
    """Read "i/n" as the place from 0 and the number of parts."""
    first, _, count = text.partition("/")
    if not (first.isdecimal() and count.isdecimal() and 1 <= int(first) <= int(count)):
        raise TrainingFailed(f"--part {text!r} is none; write 1/2 and 2/2 for two commands.")
    return int(first) - 1, int(count)
