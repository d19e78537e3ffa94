"""cascadeclip check: is the database whole, are the image files still there and the same?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import (
    FOLDER,
    counted,
    gentle_stop,
    open_project,
    progress_bar,
    project_argument,
)

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.files import FileReport

UNWELL = 2


@click.command("check")
@project_argument
@click.option("--relink", is_flag=True, help="Use the new places of images that moved.")
@click.option(
    "--take-changed", is_flag=True, help="Go on with changed files whose masks still fit."
)
@click.option("--thorough", is_flag=True, help="Read every file, also where its time is the same.")
@click.option("--search", type=FOLDER, multiple=True, help="Also look for missing images here.")
@click.pass_context
def command(
    context: click.Context,
    project: Path,
    relink: bool,
    take_changed: bool,
    thorough: bool,
    search: tuple[Path, ...],
) -> None:
    """Check the database and the images of PROJECT.

    Images that were moved or renamed are found by their content; nothing is changed unless you
    say so. Exit code 2 when something is left to do.
    """
    from cascadeclip.core.errors import ProjectError
    from cascadeclip.core.project.damage import damaged
    from cascadeclip.core.project.files import look

    writing = relink or take_changed
    with open_project(project, writing=writing) as opened, gentle_stop() as stop:
        verdict = opened.integrity()
        if verdict:
            raise ProjectError(damaged(opened.folder / "project.db", verdict))
        click.echo(f"The database is whole: {counted(opened.annotations.count(), 'mask')}.")
        with progress_bar("Checking") as report:
            found = look(opened, thorough=thorough, search=search, progress=report, stopped=stop)
        stop.check("Nothing was changed.")
        _tell(found, relink=relink)
        left = _mend(opened, found, relink=relink, take_changed=take_changed)
    if left:
        context.exit(UNWELL)


def _tell(found: FileReport, *, relink: bool) -> None:
    for row, file in found.moved:
        click.echo(f"{'Moved' if relink else 'Found'}: {row.path} is now {file}")
    for row in found.changed:
        click.echo(f"Changed since it was added: {row.path}")
    for row in found.missing:
        click.echo(f"Missing: {row.path}")
    parts = [f"{counted(len(found.fine), 'image')} as they were"]
    for rows, what in ((found.moved, "moved"), (found.changed, "changed"),
                       (found.missing, "missing")):  # fmt: skip
        if rows:
            parts.append(f"{len(rows)} {what}")
    click.echo(f"{', '.join(parts)}.")


def _mend(opened: Project, found: FileReport, *, relink: bool, take_changed: bool) -> bool:
    """Do what was asked for; tell whether something is left and what to do about it."""
    from dataclasses import replace

    from cascadeclip.core.project.files import mend

    left = found
    if not opened.read_only:
        done = mend(
            opened, found if relink else replace(found, moved=()), take_changed=take_changed
        )
        left = replace(done, moved=() if relink else found.moved)
    if left.moved:
        click.echo("Use the new places with --relink.", err=True)
    if left.changed and take_changed:
        click.echo(
            f"{counted(len(left.changed), 'changed image')} cannot be taken: masks of another "
            "size; put the old file back.", err=True,
        )  # fmt: skip
    elif left.changed:
        click.echo("Put the old files back, or take the new ones with --take-changed.", err=True)
    if left.missing:
        click.echo("Name folders to look in with --search.", err=True)
    return not left.well
