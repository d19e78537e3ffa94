"""cascadeclip backup: a checked copy of a project's database, or what a damaged one still holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import (
    FOLDER,
    counted,
    gentle_stop,
    progress_bar,
    project_argument,
)

if TYPE_CHECKING:
    from cascadeclip.core.project.recovery import Recovered


@click.command("backup")
@project_argument
@click.option("--out", type=FOLDER, help="The file to write, replaced whole; else a dated one.")
@click.option("--recover", is_flag=True, help="Save what can be read of a damaged database.")
def command(project: Path, out: Path | None, recover: bool) -> None:
    """Copy the database of PROJECT while it is in use.

    The copy goes to PROJECT/backups under its date and is checked before it gets its name; images
    and model files are not part of it. With --recover, what a damaged database still holds goes
    into a new file there, and the damaged one is left as it is.
    """
    if recover:
        if out is not None:
            raise click.UsageError("--recover chooses its own file; leave out --out.")
        from cascadeclip.core.project.recovery import recover as save

        _tell(save(project), project)
        return
    from cascadeclip.core.project.copies import back_up

    with gentle_stop() as stop, progress_bar("Copying", "page") as report:
        path = back_up(project, out=out, progress=report, stopped=stop)
    click.echo(f"Wrote {path}, checked: {path.stat().st_size / 1e6:.1f} MB.")


def _tell(result: Recovered, project: Path) -> None:
    saved = result.saved
    click.echo(
        f"Saved {counted(saved['annotations'], 'mask')}, {counted(saved['images'], 'image')}, "
        f"{counted(saved['suggestions'], 'suggestion')} and {counted(saved['classes'], 'word')} "
        f"in {result.path}."
    )
    for table, count in result.lost.items():
        click.echo(f"Lost in {table}: {counted(count, 'row')}.", err=True)
    if result.stubs:
        click.echo(
            f"{result.stubs} images or words of saved masks could not be read; "
            'each is named "lost ..." there.',
            err=True,
        )
    click.echo(
        f"To go on with it: move {project / 'project.db'} (and project.db-wal, if there is one) "
        f"away, and put {result.path.name} in its place as project.db."
    )
