"""cascadeclip import: annotations made with other programs."""

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
    from cascadeclip.core.formats.importing import ImportPreview

# Written out here, so that `--help` need not load what reads them; a test compares the two.
FORMATS = ("coco", "voc", "yolo", "labelme", "semantic")
POLICIES = ("add", "replace", "skip")
_NAMED = 5


@click.command("import")
@project_argument
@click.argument("path", type=FOLDER)
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    required=True,
    help="What PATH is; docs/formats.md says what is read.",
)
@click.option(
    "--policy",
    type=click.Choice(POLICIES),
    default="add",
    show_default=True,
    help="replace: the masks of its images become those of the file; skip: images with masks "
    "are left alone.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def command(project: Path, path: Path, kind: str, policy: str, dry_run: bool) -> None:
    """Add annotations made elsewhere to PROJECT.

    PATH is a file or a folder. Images are found by their names; none is added. Each changed image
    can be undone in one step.
    """
    from cascadeclip.core.formats.importing import import_annotations

    with (
        open_project(project, writing=not dry_run) as opened,
        gentle_stop() as stop,
        progress_bar("Importing") as report,
    ):
        preview = import_annotations(
            opened, path, kind, policy=policy, dry_run=dry_run, progress=report, stopped=stop
        )
        if not preview.done:
            stop.check("Nothing was changed.")
    for line in _lines(preview):
        click.echo(line)


def _lines(preview: ImportPreview) -> list[str]:
    verb = "Imported" if preview.done else "Would import"
    lines = [
        f"{verb} {counted(preview.added, 'annotation')} into "
        f"{counted(preview.images_matched, 'image')}; "
        f"{preview.replaced} taken out, {preview.skipped} left alone or there already."
    ]
    if preview.classes_new:
        lines.append(f"New words: {', '.join(preview.classes_new)}.")
    lines += [f"Not imported: {what}: {count}." for what, count in preview.dropped]
    lines += preview.notes
    if preview.unmatched:
        lines.append(f"Names without an image: {len(preview.unmatched)}.")
        lines += [f"  {name}: {reason}" for name, reason in preview.unmatched[:_NAMED]]
        if len(preview.unmatched) > _NAMED:
            lines.append(f"  and {len(preview.unmatched) - _NAMED} more")
    return lines
