"""cascadeclip models import: a checkpoint of the paper's code becomes a model of our own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.adopting import Conversion, adopt_checkpoint, check_name, register
from cascadeclip.app.commands.common import open_project

if TYPE_CHECKING:
    from cascadeclip.core.model import ModelInfo

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--name", required=True, help="What the model is called from now on.")
@click.option("--project", metavar="PROJECT", type=FILE, help="Add it to this project's versions.")
@click.option("--out", metavar="DIR", type=FILE, help="Where the model goes; else beside others.")
@click.option("--heads", type=click.IntRange(min=1), help="Attention heads of the image tower.")
@click.option(
    "--decoder-heads", type=click.IntRange(min=1), default=8, show_default=True,
    help="Attention heads of the decoders.",
)  # fmt: skip
@click.option("--words", metavar="FILE", type=FILE, help="The words it was trained on, one a line.")
@click.option("--licence", default="", help="The licence of the weights, for the model's card.")
@click.option("--half", is_flag=True, help="Store half precision: half the size, not to the digit.")
def import_command(
    file: Path,
    name: str,
    project: Path | None,
    out: Path | None,
    heads: int | None,
    decoder_heads: int,
    words: Path | None,
    licence: str,
    half: bool,  # noqa: FBT001 - click calls by name
) -> None:
    """Convert FILE, a checkpoint of Cascade-CLIP's, ZegCLIP's or SPT-SEG's code (.pth).

    No code of the file runs, and nothing is downloaded: the file holds both towers of CLIP. What
    never reached the output of the released network is dropped; the numbers are told.
    """
    how = Conversion(heads, decoder_heads, _read_words(words), licence, half)
    folder = _target(name, project, out)
    adopted = adopt_checkpoint(file, folder, name, how)
    if project is not None:
        with open_project(project, writing=True) as opened:
            register(opened, adopted, activate=False)
    click.echo(f"{file.name} is now the model {name} in {folder}.")
    click.echo("\n".join(_told(adopted.info)))


def _told(info: ModelInfo) -> list[str]:
    lines = [
        f"The file holds {info.file_parameters:,} parameters, {info.file_trained:,} of them "
        f"trained there; {info.file_dropped:,} have no effect and were dropped."
    ]
    if not info.clip_digest:
        lines.append("Its image tower is none of the CLIPs kept here, so it was not checked.")
    if not info.trained_words:
        lines.append("Its trained words are unknown: say --words to calibrate them.")
    return lines


def _read_words(path: Path | None) -> tuple[str, ...]:
    from cascadeclip.core.errors import VocabularyError

    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"{path.name} cannot be read as a list of words; give one word a line."
        ) from error
    return tuple(line.strip() for line in lines if line.strip())


def _target(name: str, project: Path | None, out: Path | None) -> Path:
    """Choose the folder; refuse names that are no folder names, and places that are taken."""
    from cascadeclip.core.errors import CheckpointError
    from cascadeclip.core.places import home_folder

    check_name(name)
    if project is not None:
        with open_project(project, writing=True) as opened:
            if any(row.name == name for row in opened.versions.all()):
                raise CheckpointError(f"The project has a model {name} already; choose another.")
    base = home_folder() if project is None else project
    folder = out or base / "models" / name
    if folder.exists():
        raise CheckpointError(f"{folder} exists already, and models never change; choose another.")
    return folder
