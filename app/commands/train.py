"""cascadeclip train: learn from the corrections of a project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from cascadeclip.app.commands.common import (
    device_option,
    gentle_stop,
    open_project,
    progress_bar,
    project_argument,
    say_of_files,
)

if TYPE_CHECKING:
    from cascadeclip.app.training import Finished, Measured, TrainingRun
    from cascadeclip.core.project import VersionRow

Activate = Literal["auto", "never", "always"]


@click.command("train")
@project_argument
@click.option(
    "--recipe",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help="quick: minutes; full: longer and better.",
)
@click.option(
    "--activate",
    type=click.Choice(["auto", "never", "always"]),
    default="auto",
    show_default=True,
    help="Use the new version: auto does when it is better on held-out images.",
)
@device_option
def command(project: Path, recipe: str, activate: str, device: str) -> None:
    """Train a new model version on corrections.

    The corrected images of PROJECT are split in two: from one part the model learns, the other
    is held out and tells, before and after, whether it became better.
    """
    from cascadeclip.app.training import TrainingRun, finish

    with open_project(project, writing=True) as opened, gentle_stop() as stop:
        say_of_files(opened)
        run = TrainingRun(project, recipe=cast("Literal['quick', 'full']", recipe), device=device)
        stop.actions.append(run.cancel)
        run.start()
        measured, finished = _follow(run, stop.check)
        row = finish(opened, finished, activate=cast("Activate", activate))
    _tell(measured, finished, row)


def _follow(run: TrainingRun, check: Callable[[str], None]) -> tuple[dict[str, Measured], Finished]:
    """Show the run as it goes; return what was measured before and after, and its end."""
    from cascadeclip.app.training import Failed, Finished, Measured, Phase, Step
    from cascadeclip.core.errors import TrainingFailed

    measured: dict[str, Measured] = {}
    with progress_bar("Training", "step") as report:
        for event in run.events():
            match event:
                case Phase():
                    click.echo(event.name, err=True)
                case Step():
                    report(event.step, event.total)
                case Measured():
                    measured[event.when] = event
                case Failed():
                    check("The model in use has not changed.")
                    raise TrainingFailed(event.sentence)
                case Finished():
                    return measured, event
    raise TrainingFailed("Training ended without a result; please train again.")


def _tell(measured: dict[str, Measured], finished: Finished, row: VersionRow) -> None:
    before, after = (measured[when].per_word if when in measured else {} for when in _WHEN)
    words = [*before, *(word for word in after if word not in before)]
    wide = max(4, *(len(word) for word in words)) if words else 4
    click.echo(f"{'held-out IoU, percent':<{wide}}  before  after")
    for word in words:
        click.echo(f"{word:<{wide}}  {_percent(before, word)}  {_percent(after, word)}")
    mean = f"{100 * finished.before:6.1f} {100 * finished.after:6.1f}"
    click.echo(f"{'mean':<{wide}}  {mean}")
    click.echo(finished.reason)
    state = "in use from now on" if row.active else "kept, not in use"
    click.echo(f"Model version {row.name}: {state}.")


_WHEN = ("before", "after")


def _percent(values: dict[str, float], word: str) -> str:
    return f"{100 * values[word]:6.1f}" if word in values else f"{'-':>6}"
