"""cascadeclip export: the annotations in somebody else's format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from cascadeclip.core.formats import ExportOptions

# Written out here, so that `--help` need not load what writes them; a test compares the two.
FORMATS = (
    "coco",
    "coco-polygon",
    "coco-stuff",
    "coco-panoptic",
    "semantic",
    "yolo",
    "voc",
    "labelme",
)


@click.command("export")
@project_argument
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    required=True,
    help="coco: exact masks (RLE), in one file unless split or with images; the others likewise, "
    "or a folder.",
)
@click.option("--out", type=FOLDER, required=True, help="What to write; replaced whole.")
@click.option("--reviewed-only", is_flag=True, help="Only images marked as reviewed.")
@click.option("--min-area", default=0, metavar="PIXELS", help="Leave out smaller masks.")
@click.option("--words", default="", help='The first words in their order: "dog, cat".')
@click.option("--stuff", default="", help='Panoptic: words without objects: "grass, sky".')
@click.option("--split", default="", help="Shares: train=0.8,val=0.2; the same in every export.")
@click.option(
    "--split-by",
    type=click.Choice(["image", "folder"]),
    default="image",
    show_default=True,
    help="What stays together: equal files, or whole folders.",
)
@click.option(
    "--images",
    type=click.Choice(["none", "copy", "link"]),
    help="Usual: copy for yolo, voc and labelme, else none.",
)
@click.option("--no-provenance", is_flag=True, help="COCO: leave out where masks come from.")
@click.option("--suggestions", is_flag=True, help="COCO: pending suggestions as a results file.")
def command(project: Path, kind: str, out: Path, **chosen: Any) -> None:  # noqa: ANN401 - click's
    """Write the annotations of PROJECT to a file or a folder.

    Suggestions nobody accepted are part of it only as a file of their own.
    """
    from cascadeclip.core.formats import export

    options = _options(**chosen)
    with (
        open_project(project) as opened,
        gentle_stop() as stop,
        progress_bar("Exporting") as report,
    ):
        result = export(opened, out, kind, options=options, progress=report, stopped=stop)
        if result.path is None:
            stop.check("Nothing was written.")
    click.echo(
        f"Wrote {out}: {counted(result.images, 'image')}, "
        f"{counted(result.annotations, 'annotation')}."
    )
    for note in result.notes:
        click.echo(note)
    if result.turned:
        click.echo(
            f"{counted(result.turned, 'image')} turned by an orientation tag: "
            "the masks are of the upright pixels."
        )


def _options(
    *,
    words: str,
    stuff: str,
    split: str,
    split_by: str,
    no_provenance: bool,
    **same: Any,  # noqa: ANN401 - the options that are called the same there
) -> ExportOptions:
    from cascadeclip.core.formats import ExportOptions

    return ExportOptions(
        words=_listed(words),
        stuff=_listed(stuff),
        shares=_shares(split),
        group=split_by,
        provenance=not no_provenance,
        **same,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _shares(text: str) -> tuple[tuple[str, float], ...]:
    try:
        pairs = [part.partition("=") for part in _listed(text)]
        return tuple((name.strip(), float(share)) for name, _, share in pairs)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no split; write shares such as train=0.8,val=0.2."
        ) from error
