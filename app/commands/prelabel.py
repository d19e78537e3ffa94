"""cascadeclip prelabel: suggestions for all images of a project."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import (
    Stop,
    counted,
    device_option,
    gentle_stop,
    list_failures,
    open_project,
    progress_bar,
    project_argument,
    say,
    say_of_files,
)

if TYPE_CHECKING:
    from cascadeclip.core.engine.prelabel import PrelabelResult
    from cascadeclip.core.engine.prelabel.desk import Desk
    from cascadeclip.core.engine.prelabel.values import Work
    from cascadeclip.core.project import Project

SHARE = click.FloatRange(0, 1)
THRESHOLD = 0.5
ELSEWHERE = "RAY_ADDRESS"


@click.command("prelabel")
@project_argument
@click.option("--threshold", type=SHARE, help="Least probability of a pixel; else the project's.")
@click.option("--accept-above", type=SHARE, help="Accept suggestions of at least this score.")
@device_option
@click.option("--include-reviewed", is_flag=True, help="Also images marked as reviewed.")
@click.option(
    "--no-edges", is_flag=True, help="Quicker: outlines follow neither edges nor colours."
)
@click.option(
    "--ray",
    "cluster",
    is_flag=True,
    help="Look on a Ray cluster: that of RAY_ADDRESS, else one of this machine. Its machines must "
    "have this program, and see the images and the project under the same paths.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="With --ray: models at once; else one per graphics card, or for four cores.",
)
def command(
    project: Path,
    threshold: float | None,
    accept_above: float | None,
    device: str,
    include_reviewed: bool,
    no_edges: bool,
    cluster: bool,
    workers: int | None,
) -> None:
    """Suggest masks for the images of PROJECT.

    Images that have suggestions of the same model, words and threshold are skipped, so a stopped
    run goes on where it was. Masks you drew or accepted are never changed. Images most worth
    labelling come first, as far as a model has looked at them before.
    """
    if workers is not None and not cluster:
        raise click.UsageError("--workers goes with --ray.")
    with open_project(project, writing=True) as opened, gentle_stop() as stop:
        say_of_files(opened)
        from cascadeclip.core.engine import open_engine
        from cascadeclip.core.engine.prelabel.desk import Desk, recipe_for
        from cascadeclip.core.engine.prelabel.threads import Threads

        if cluster:
            _measure_for_workers(opened, device)
        engine = open_engine(opened, "cpu" if cluster else device, say=None if cluster else say)
        where = "a cluster" if cluster else engine.device
        how = "" if cluster else f": {engine.backend}, {engine.reason}".removesuffix(", ")
        say(f"{engine.name} {engine.version} on {where}{how}")
        used = threshold if threshold is not None else _stored_threshold(opened)
        recipe = recipe_for(opened, engine, threshold=used, refine_edges=not no_edges)
        desk = Desk(opened, recipe, accept_above=accept_above, include_reviewed=include_reviewed)
        run = _on_cluster(opened, device, workers) if cluster else _here(Threads(engine, recipe))
        del engine  # a cluster needs none here
        with progress_bar("Suggesting") as report:
            result = run(desk, report, stop)
        _tell(result, accepted=accept_above is not None)
        stop.check()


Run = Callable[["Desk", Callable[[int, int], None], Stop], "PrelabelResult"]


def _measure_for_workers(project: Project, device: str) -> None:
    """Measure once here what every worker would else do without; other machines are their own."""
    from cascadeclip.core.engine.models import active_model, measure_model

    if not os.environ.get(ELSEWHERE):
        measure_model(active_model(project), device, say)


def _here(work: Work) -> Run:
    from cascadeclip.core.engine.prelabel.run import run

    return lambda desk, report, stop: run(desk, work, progress=report, stopped=stop)


def _on_cluster(project: Project, device: str, workers: int | None) -> Run:
    from cascadeclip.core.engine.prelabel.choice import choice_of
    from cascadeclip.core.engine.prelabel.cluster import prelabel_on_cluster

    choice = choice_of(project)
    return lambda desk, report, stop: prelabel_on_cluster(
        desk, choice, device=device, workers=workers, progress=report, stopped=stop
    )


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
