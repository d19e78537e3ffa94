"""cascadeclip prelabel: suggestions for all images of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import (
    counted,
    device_option,
    gentle_stop,
    list_failures,
    open_project,
    progress_bar,
    project_argument,
    say_of_files,
)

if TYPE_CHECKING:
    from cascadeclip.core.engine.prelabel import PrelabelResult
    from cascadeclip.core.project import Project

SHARE = click.FloatRange(0, 1)
THRESHOLD = 0.5


@click.command("prelabel")
@project_argument
@click.option("--threshold", type=SHARE, help="Least probability of a pixel; else the project's.")
@click.option("--accept-above", type=SHARE, help="Accept suggestions of at least this score.")
@device_option
@click.option("--include-reviewed", is_flag=True, help="Also images marked as reviewed.")
def command(
    project: Path,
    threshold: float | None,
    accept_above: float | None,
    device: str,
    include_reviewed: bool,
) -> None:
    """Suggest masks for the images of PROJECT.

    Images that have suggestions of the same model, words and threshold are skipped, so a stopped
    run goes on where it was. Masks you drew or accepted are never changed.
    """
    with open_project(project, writing=True) as opened, gentle_stop() as stop:
        say_of_files(opened)
        from cascadeclip.core.engine import open_engine
        from cascadeclip.core.engine.prelabel import prelabel

        engine = open_engine(opened, device)
        click.echo(f"{engine.name} {engine.version} on {engine.device}", err=True)
        used = threshold if threshold is not None else _stored_threshold(opened)
        with progress_bar("Suggesting") as report:
            result = prelabel(
                opened,
                engine,
                threshold=used,
                accept_above=accept_above,
                progress=report,
                stopped=stop,
                include_reviewed=include_reviewed,
            )
        _tell(result, accepted=accept_above is not None)
        stop.check()


def _stored_threshold(project: Project) -> float:
    value = project.settings.get("threshold", THRESHOLD)
    return float(value) if isinstance(value, int | float) else THRESHOLD


def _tell(result: PrelabelResult, *, accepted: bool) -> None:
    list_failures(result.failed)
    line = f"{counted(result.suggestions, 'suggestion')} for {counted(result.images, 'image')}"
    if result.skipped:
        line += f", {result.skipped} skipped"
    if accepted:
        line += f", {result.accepted} accepted"
    click.echo(f"{line}.")
