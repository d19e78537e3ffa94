"""cascadeclip train: learn from the corrections of a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from cascadeclip.app.commands.common import (
    Activate,
    activate_option,
    device_option,
    gentle_stop,
    open_project,
    progress_bar,
    project_argument,
    say_of_files,
    say_version,
)

if TYPE_CHECKING:
    from cascadeclip.app.training import (
        Collected,
        Compared,
        Finished,
        Measured,
        Recipe,
        TrainingRun,
    )
    from cascadeclip.core.project import VersionRow


@click.command("train")
@project_argument
@click.option(
    "--recipe",
    type=click.Choice(["calibrate", "prototypes", "pixels", "quick", "self-training", "full"]),
    default="quick",
    show_default=True,
    help="calibrate: what scores mean; prototypes: marked regions are remembered, seconds; "
    "pixels: how marked pixels look, seconds; quick: a minute; self-training: guesses too; "
    "full: prompts.",
)
@activate_option
@device_option
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="So many share every step through torchrun, each with a graphics card of its own.",
)
def command(project: Path, recipe: str, activate: str, device: str, processes: int) -> None:
    """Train a new model version on corrections.

    The corrected images of PROJECT are split in two: from one part the model learns, the other
    is held out and tells, before and after, whether it became better.
    """
    from cascadeclip.app.training import TrainingRun, finish

    with open_project(project, writing=True) as opened, gentle_stop() as stop:
        say_of_files(opened)
        run = TrainingRun(
            project, recipe=cast("Recipe", recipe), device=device, processes=processes
        )
        stop.actions.append(run.cancel)
        run.start()
        said, finished = _follow(run, stop.check)
        row = finish(opened, finished, activate=cast("Activate", activate))
    _tell(said, finished, row)


@dataclass(slots=True)
class _Said:
    """Hold what a run has said that the person reads at its end."""

    measured: dict[str, Measured] = field(default_factory=dict)
    compared: Compared | None = None


def _follow(run: TrainingRun, check: Callable[[str], None]) -> tuple[_Said, Finished]:
    """Show the run as it goes; return what was measured, and its end."""
    from cascadeclip.app.training import (
        Collected,
        Compared,
        Failed,
        Finished,
        Measured,
        Phase,
        Step,
    )
    from cascadeclip.core.errors import TrainingFailed

    said = _Said()
    with progress_bar("Training", "step") as report:
        for event in run.events():
            match event:
                case Phase():
                    click.echo(event.name, err=True)
                case Collected():
                    click.echo(_learnt_from(event), err=True)
                case Step():
                    report(event.step, event.total)
                case Measured():
                    said.measured[event.when] = event
                case Compared():
                    said.compared = event
                case Failed():
                    check("The model in use has not changed.")
                    raise TrainingFailed(event.sentence)
                case Finished():
                    return said, event
    raise TrainingFailed("Training ended without a result; please train again.")


def _learnt_from(event: Collected) -> str:
    words = ", ".join(f"{word} {count:.0f}" for word, count in event.words.items())
    left = f"; without corrections: {', '.join(event.protected)}" if event.protected else ""
    return (
        f"{event.masks} masks and {event.rejected} rejected suggestions on {event.complete} "
        f"complete and {event.partial} partly marked images ({words}){left}; "
        f"{event.held_out} images only measure"
    )


def _tell(said: _Said, finished: Finished, row: VersionRow) -> None:
    before, after = (
        said.measured[when].per_word if when in said.measured else {} for when in _WHEN
    )
    words = [*before, *(word for word in after if word not in before)]
    wide = max(4, *(len(word) for word in words)) if words else 4
    click.echo(f"{'held-out IoU, percent':<{wide}}  before  after")
    for word in words:
        click.echo(f"{word:<{wide}}  {_percent(before, word)}  {_percent(after, word)}")
    mean = f"{100 * finished.before:6.1f} {100 * finished.after:6.1f}"
    click.echo(f"{'mean':<{wide}}  {mean}")
    if said.compared is not None:
        _tell_more(said.compared)
    say_version(row, finished.reason)


def _tell_more(compared: Compared) -> None:
    """Write outlines, protected words, confusion and the worst images."""
    before, after = (100 * value for value in compared.boundary)
    click.echo(f"outlines within 2 pixels (F): {before:.1f} before, {after:.1f} after")
    same = 100 * compared.agreement
    click.echo(f"words without corrections answer as before on {same:.1f} % of other images")
    for true, said, share in compared.confused[:3]:
        click.echo(f"{true} taken for {said}: {100 * float(share):.0f} % of its pixels")
    for number, old, new in compared.worst[:3]:
        click.echo(f"image {number:.0f}: {100 * old:.0f} % right before, {100 * new:.0f} % after")


_WHEN = ("before", "after")


def _percent(values: dict[str, float], word: str) -> str:
    return f"{100 * values[word]:6.1f}" if word in values else f"{'-':>6}"
