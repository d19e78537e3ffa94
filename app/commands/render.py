"""cascadeclip render: a picture of an image with its masks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import FOLDER, counted, open_project, project_argument

if TYPE_CHECKING:
    from cascadeclip.core.overlay import Layer
    from cascadeclip.core.project import ImageRow, Project


@click.command("render")
@project_argument
@click.argument("image")
@click.option("--out", type=FOLDER, required=True, help="The PNG file to write.")
def command(project: Path, image: str, out: Path) -> None:
    """Draw the masks of one IMAGE of PROJECT over it.

    IMAGE is a path as `export` writes it, the end of one, or `first`. Annotations are filled,
    pending suggestions outlined.
    """
    from cascadeclip.core.errors import ProjectError
    from cascadeclip.core.images import open_image
    from cascadeclip.core.overlay import draw_layers, save_png

    with open_project(project) as opened:
        row = _find(opened, image)
        if row is None:
            raise ProjectError(f"{project} has no image {image!r}; try: first")
        layers = _layers(opened, row.id)
        pixels = open_image(opened.images.absolute(row.id))
    save_png(draw_layers(pixels, layers), out)
    click.echo(f"Wrote {out}: {row.path}, {counted(len(layers), 'mask')}.")


def _find(project: Project, image: str) -> ImageRow | None:
    if image == "first":
        rows = project.images.page(limit=1)
        return rows[0] if rows else None
    wanted = Path(image).as_posix()
    for row in project.images.page(search=Path(image).name, limit=1000):
        if row.path == wanted or row.path.endswith(f"/{wanted}"):
            return row
    return None


def _layers(project: Project, image_id: int) -> list[Layer]:
    from cascadeclip.core.overlay import Layer

    words = {row.id: row for row in project.classes.all(include_hidden=True)}
    filled = [
        Layer(one.rle, words[one.class_id].colour, words[one.class_id].name)
        for one in project.annotations.of_image(image_id)
    ]
    outlined = [
        Layer(one.rle, words[one.class_id].colour, words[one.class_id].name, filled=False)
        for one in project.suggestions.of_image(image_id)
    ]
    return [*filled, *outlined]
