"""python -m cascadeclip.train: retrain, fit, evaluate, benchmark."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TextIO

from cascadeclip.core.errors import CascadeClipError
from cascadeclip.train.analysis import command as analysis_command
from cascadeclip.train.benchmark_options import add_published
from cascadeclip.train.events import (
    Emit,
    Event,
    Failed,
    Phase,
    Stopped,
    StoppedByRequest,
    to_json,
)
from cascadeclip.train.experiments import command as experiments
from cascadeclip.train.fit import command as fit_command
from cascadeclip.train.simulate import options as simulate_options

STOPPED, REFUSED, BROKEN = 130, 2, 1


class Stopper:
    """Answer whether to stop: after SIGTERM or SIGINT, when a file appears, or unheard.

    A process that torchrun started also stops when torchrun is gone.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._asked = False
        self._starter = os.getppid() if "TORCHELASTIC_RUN_ID" in os.environ else None

    def __call__(self) -> bool:
        """Tell whether somebody asked."""
        if self._asked or self._starter not in (None, os.getppid()):
            return True
        return self._file is not None and self._file.exists()

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Remember the wish; also serves as a signal handler."""
        self._asked = True

    def listen(self) -> None:
        """Take the signals of this process."""
        signal.signal(signal.SIGINT, self.ask)
        signal.signal(signal.SIGTERM, self.ask)


class Mouth:
    """Write events as lines; when nobody listens any more, ask the run to stop."""

    def __init__(self, out: TextIO, stopper: Stopper) -> None:
        self._out = out
        self._stopper = stopper

    def __call__(self, event: Event) -> None:
        """Write one event at once."""
        try:
            self._out.write(to_json(event) + "\n")
            self._out.flush()
        except (BrokenPipeError, ValueError):
            self._stopper.ask()


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None) -> int:
    """Run one subcommand and return the exit code: 0, or 2 with a sentence, 130 when stopped."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, TextIO], int] = options.run
    return run(options, out or sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cascadeclip.train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_retrain(commands.add_parser("retrain", help="learn from the corrections of a project"))
    fit = commands.add_parser("fit", help="train on a labelled set as the paper does")
    fit_command.add_arguments(fit)
    fit.set_defaults(run=_spoken(fit_command.run))
    presets = commands.add_parser("presets", help="list the named variants, or print one whole")
    fit_command.add_preset_arguments(presets)
    presets.set_defaults(run=_guarded(run_presets))
    _add_evaluate(commands.add_parser("evaluate", help="measure a model on corrected images"))
    simulate = commands.add_parser("simulate", help="measure the work that is saved")
    simulate_options.add_arguments(simulate)
    simulate.set_defaults(run=_guarded(run_simulate))
    _add_benchmark(commands.add_parser("benchmark", help="measure a model on known images"))
    analyse = commands.add_parser("analyse", help="look into a model: likeness, cost")
    analysis_command.add_arguments(analyse, _guarded)
    return parser


def _add_retrain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", type=Path, required=True, help="project folder")
    parser.add_argument(
        "--recipe",
        default="quick",
        help="calibrate, prototypes, pixels, quick (default), self-training, full",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=None, help="steps instead of the recipe's")
    parser.add_argument("--out", type=Path, default=None, help="folder of the new version")
    parser.add_argument("--stop-file", type=Path, default=None, help="stop when this file appears")
    parser.add_argument(
        "--enough-file", type=Path, default=None, help="train no further when this file appears"
    )
    parser.set_defaults(run=_spoken(run_retrain))


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", type=Path, required=True, help="project folder")
    parser.add_argument("--model", default=None, help='version name, or "mini"; default: active')
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.set_defaults(run=_guarded(run_evaluate))


def _add_benchmark(parser: argparse.ArgumentParser) -> None:
    which = parser.add_subparsers(required=True, metavar="NAME")
    _add_mini(which.add_parser("mini", help="fresh scenes of the toy world"))
    add_published(which, _guarded)


def _add_mini(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=200, help="how many scenes")
    parser.add_argument("--seed", type=int, default=0, help="which scenes")
    parser.add_argument("--art", type=Path, default=None, help="folder with another style")
    parser.add_argument("--model", type=Path, default=None, help="model folder; default: bundled")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    experiments.add_arguments(parser)
    parser.set_defaults(run=_guarded(run_benchmark))


def run_retrain(options: argparse.Namespace, emit: Emit, stopped: Stopped) -> None:
    """Retrain a project and say whether the new version is better."""
    from cascadeclip.core.project import Project
    from cascadeclip.train.job import Job
    from cascadeclip.train.parallel import joined
    from cascadeclip.train.recipes import find_recipe
    from cascadeclip.train.retrain import assist, retrain

    job = Job(
        recipe=find_recipe(options.recipe, options.steps),
        device=options.device,
        seed=options.seed,
        out=options.out.absolute() if options.out is not None else None,
        enough=Stopper(options.enough_file),
    )
    with joined(options.device) as peers, Project.open(options.project) as project:
        job = replace(job, peers=peers)
        if peers.leads:
            emit(retrain(project, job, emit, stopped))
        else:
            assist(project, job, stopped)


def run_presets(options: argparse.Namespace, out: TextIO) -> int:
    """Print the presets, or everything that one of them sets."""
    for line in fit_command.describe_presets(options):
        out.write(line + "\n")
    return 0


def run_evaluate(options: argparse.Namespace, out: TextIO) -> int:
    """Print how good a model is on the corrected images of a project."""
    from cascadeclip.core.project import Project
    from cascadeclip.train.evaluate import evaluate

    with Project.open(options.project) as project:
        evaluate(
            project, version=options.model, device=options.device, out=out, progress=sys.stderr
        )
    return 0


def run_simulate(options: argparse.Namespace, out: TextIO) -> int:
    """Print what a simulated annotator needs before and after learning."""
    from cascadeclip.train.simulate.command import run

    run(options, out, sys.stderr)
    return 0


def run_benchmark(options: argparse.Namespace, out: TextIO) -> int:
    """Print how good a model, or a variant trained for it, is on scenes of the toy world."""
    if experiments.wanted(options):
        experiments.run(options, out, sys.stderr, _interruptible())
        return 0
    from cascadeclip.train.benchmark import BenchmarkJob, benchmark

    job = BenchmarkJob(
        count=options.count,
        seed=options.seed,
        art=options.art,
        model=options.model,
        device=options.device,
    )
    benchmark(job, out=out, progress=sys.stderr)
    return 0


def _leads() -> bool:
    """Tell whether this process speaks: torchrun numbers those it starts."""
    return os.environ.get("RANK", "0") == "0"


def _silent(event: Event) -> None:
    """Say nothing but what goes wrong, beside: the first of several processes speaks for all."""
    if isinstance(event, Failed):
        sys.stderr.write(f"process {os.environ['RANK']}: {event.sentence}\n")


def _interruptible() -> Stopped:
    """Let the first Ctrl+C end a run at its next step."""
    stopper = Stopper(None)
    if threading.current_thread() is threading.main_thread():
        stopper.listen()
    return stopper


def _spoken(
    work: Callable[[argparse.Namespace, Emit, Stopped], None],
) -> Callable[[argparse.Namespace, TextIO], int]:
    """Let work speak events on the output; whatever else prints goes to standard error."""

    def spoken(options: argparse.Namespace, out: TextIO) -> int:
        stopper = Stopper(options.stop_file)
        if out is sys.stdout:
            stopper.listen()
            sys.stdout = sys.stderr
        emit: Emit = Mouth(out, stopper) if _leads() else _silent
        emit(Phase("starting"))  # before the imports: the person sees at once that it begins
        try:
            work(options, emit, stopper)
        except CascadeClipError as error:
            emit(Failed(str(error)))
            return STOPPED if isinstance(error, StoppedByRequest) else REFUSED
        except Exception as error:  # noqa: BLE001 - the edge of the process: one sentence
            traceback.print_exc()
            emit(Failed(f"Training broke off ({type(error).__name__}: {error})."))
            return BROKEN
        return 0

    return spoken


def _guarded(
    run: Callable[[argparse.Namespace, TextIO], int],
) -> Callable[[argparse.Namespace, TextIO], int]:
    """Turn our own errors into one sentence on standard error and exit code 2."""

    def guarded(options: argparse.Namespace, out: TextIO) -> int:
        try:
            return run(options, out)
        except CascadeClipError as error:
            sys.stderr.write(f"{error}\n")
            return STOPPED if isinstance(error, StoppedByRequest) else REFUSED
        except KeyboardInterrupt:
            sys.stderr.write("Stopped.\n")
            return STOPPED
        except BrokenPipeError:  # whoever read along has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    return guarded


def _be_modest() -> None:
    """Leave the machine usable: whoever waits sleeps, and the window's work goes first."""
    # read when torch is loaded; spinning threads made a shared pair of cores ten times slower
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if hasattr(os, "nice"):
        os.nice(5)


if __name__ == "__main__":
    _be_modest()
    sys.exit(main())
