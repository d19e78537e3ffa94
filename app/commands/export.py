"""cascadeclip export: the annotations in somebody else's format."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import (
    FOLDER,
    counted,
    gentle_stop,
    open_project,
    progress_bar,
    project_argument,
)


@click.command("export")
@project_argument
@click.option(
    "--format", "kind", type=click.Choice(["coco"]), required=True, help="coco: exact masks (RLE)."
)
@click.option("--out", type=FOLDER, required=True, help="The file to write; replaced whole.")
@click.option("--reviewed-only", is_flag=True, help="Only images marked as reviewed.")
def command(project: Path, kind: str, out: Path, reviewed_only: bool) -> None:
    """Write the annotations of PROJECT to a file.

    Suggestions nobody accepted are not part of it.
    """
    from cascadeclip.core.formats import export_coco

    del kind  # there is one so far
    with (
        open_project(project) as opened,
        gentle_stop() as stop,
        progress_bar("Exporting") as report,
    ):
        result = export_coco(
            opened, out, reviewed_only=reviewed_only, progress=report, stopped=stop
        )
        if result.path is None:
            stop.check("Nothing was written.")
    click.echo(
        f"Wrote {out}: {counted(result.images, 'image')}, "
        f"{counted(result.annotations, 'annotation')}."
    )
    if result.turned:
        click.echo(
            f"{counted(result.turned, 'image')} turned by an orientation tag: "
            "the masks are of the upright pixels."
        )
