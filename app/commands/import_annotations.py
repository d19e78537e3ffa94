"""cascadeclip import: annotations made with other programs."""

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
    from cascadeclip.core.formats.importing import ImportPreview
    from cascadeclip.core.project.rows import BatchRow

# Written out here, so that `--help` need not load what reads them; a test compares the two.
FORMATS = ("coco", "voc", "yolo", "labelme", "semantic")
POLICIES = ("add", "replace", "skip")
CROWDS = ("keep", "leave")
_NAMED = 5


@click.command("import")
@project_argument
@click.argument("path", type=FOLDER, required=False)
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
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
@click.option(
    "--crowds",
    type=click.Choice(CROWDS),
    default="keep",
    show_default=True,
    help="COCO: take a region of many things as one mask, or leave it out.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--list", "listed", is_flag=True, help="List the imports, the newest first.")
@click.option("--undo", is_flag=True, help="Take back the last import on all its images.")
@click.option("--number", type=int, help="With --undo: another import, by its number in --list.")
def command(
    project: Path,
    path: Path | None,
    kind: str | None,
    listed: bool,
    undo: bool,
    number: int | None,
    **rules: Any,  # noqa: ANN401 - click's
) -> None:
    """Add annotations made elsewhere to PROJECT.

    PATH is a file or a folder. Images are found by their names; none is added. Boxes become
    suggestions. Each changed image can be undone in one step, and --undo takes all of it back but
    what was changed since.
    """
    if number is not None and not undo:
        raise click.UsageError("--number says which import --undo takes back.")
    if undo or listed:
        if path is not None or kind is not None:
            raise click.UsageError("--undo and --list need no PATH or format.")
        if listed:
            _list(project)
        else:
            _undo(project, number)
        return
    if path is None or kind is None:
        raise click.UsageError("Name what to import: --format and PATH (or --undo).")
    for line in _lines(_import(project, path, kind, **rules)):
        click.echo(line)


def _import(project: Path, path: Path, kind: str, *, dry_run: bool, **rules: str) -> ImportPreview:
    from cascadeclip.core.formats.importing import import_annotations

    with (
        open_project(project, writing=not dry_run) as opened,
        gentle_stop() as stop,
        progress_bar("Importing") as report,
    ):
        preview = import_annotations(
            opened, path, kind, dry_run=dry_run, progress=report, stopped=stop, **rules
        )
        if not preview.done:
            stop.check("Nothing was changed.")
    return preview


def _list(project: Path) -> None:
    from cascadeclip.core.formats.importing import imports

    with open_project(project) as opened:
        found = imports(opened)
    for one in found:
        parts = [
            f"{_when(one)} UTC",
            one.source or "source not known",
            counted(one.images, "image"),
        ]
        if one.added is not None:
            parts += [f"{one.added} added", f"{one.removed} taken out", f"{one.suggested} boxes"]
        if not one.stands:
            parts.append("taken back")
        click.echo(f"{one.id:>4}  {', '.join(parts)}")
    if not found:
        click.echo("There are no imports.")


def _undo(project: Path, number: int | None) -> None:
    from cascadeclip.core.formats.importing import undo_import

    with (
        open_project(project, writing=True) as opened,
        gentle_stop() as stop,
        progress_bar("Taking back") as report,
    ):
        done = undo_import(opened, number, progress=report, stopped=stop)
        if done is not None and not done.done:
            stop.check("Nothing was changed.")
    if done is None:
        click.echo("There is no import to take back.")
        return
    found = done.found
    click.echo(
        f"Took back the import of {_when(done.batch)} UTC on "
        f"{counted(found.images, 'image')}. Words that came with it stay."
    )
    if found.kept:
        click.echo(f"Masks and boxes changed since, and kept: {found.kept}.")
    if found.unknown:
        click.echo(f"Images left alone, as it is too long ago there: {found.unknown}.")


def _when(batch: BatchRow) -> str:
    return batch.created[:16].replace("T", " ")


def _lines(preview: ImportPreview) -> list[str]:
    verb = "Imported" if preview.done else "Would import"
    lines = [
        f"{verb} {counted(preview.added, 'annotation')} into "
        f"{counted(preview.images_matched, 'image')}; "
        f"{preview.replaced} taken out, {preview.skipped} left alone or there already."
    ]
    if preview.classes_new:
        lines.append(f"New words: {', '.join(preview.classes_new)}.")
    if preview.suggested or preview.withdrawn:
        lines.append(
            f"Boxes as suggestions, to be accepted or drawn anew: {preview.suggested}; "
            f"{preview.withdrawn} earlier ones taken out."
        )
    examples = dict(preview.examples)
    for what, count in preview.dropped:
        some = "; ".join(examples.get(what, ()))
        lines.append(f"Not imported: {what}: {count}" + (f" ({some})." if some else "."))
    lines += preview.notes
    if preview.unmatched:
        lines.append(f"Names without an image: {len(preview.unmatched)}.")
        lines += [f"  {name}: {reason}" for name, reason in preview.unmatched[:_NAMED]]
        if len(preview.unmatched) > _NAMED:
            lines.append(f"  and {len(preview.unmatched) - _NAMED} more")
    return lines
