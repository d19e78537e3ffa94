"""cascadeclip benchmark voc, coco-stuff and context: a model as the paper measures it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cascadeclip.app.commands.common import FOLDER, device_option

SETTINGS = ("inductive", "transductive", "full", "cross")
SPLITS = ("released", "paper")
TITLES = {
    "voc": "PASCAL VOC 2012, 20 words",
    "coco-stuff": "COCO-Stuff 164k, 171 words",
    "context": "PASCAL Context, 59 words",
}
_HELP = """Measure a model on {title}.

    DIR holds the data set in its published folders; its validation images are looked at through
    sliding windows. Prints mIoU of the words that were trained on (seen) and of the others
    (unseen), their harmonic mean and the share of pixels that are right; the last line is JSON.
    """
_OPTIONS = (
    click.option("--root", metavar="DIR", type=FOLDER, required=True, help="Where the data is."),
    click.option(
        "--setting",
        type=click.Choice(SETTINGS),
        default="inductive",
        show_default=True,
        help="How the model was trained; cross: on another data set.",
    ),
    click.option(
        "--model", metavar="PATH", type=FOLDER, help="A model folder or a released checkpoint."
    ),
    click.option(
        "--heads",
        type=click.IntRange(min=1),
        help="Heads of a checkpoint's image tower, which it does not tell; else width / 64.",
    ),
    click.option("--limit", type=click.IntRange(min=1), help="Only the first images."),
    click.option("--batch", type=click.IntRange(min=1), help="Windows at a time; else 1."),
    click.option(
        "--classes", metavar="FILE", type=FOLDER, help="A class list that must match the set's."
    ),
    click.option("--check", is_flag=True, help="Only look whether all files are there."),
    click.option("--per-word", is_flag=True, help="Print the IoU of every word."),
    device_option,
)
_SPLIT = click.option(
    "--split",
    type=click.Choice(SPLITS),
    default="released",
    show_default=True,
    help="Unseen words: those of the released code, or those the paper names.",
)


def add_to(group: click.Group) -> None:
    """Add one command for each published data set."""
    for name, title in TITLES.items():
        work: Callable[..., None] = _command(name)
        for option in reversed((*_OPTIONS, *((_SPLIT,) if name == "context" else ()))):
            work = option(work)
        group.command(name, help=_HELP.format(title=title))(work)


def _command(name: str) -> Callable[..., None]:
    def work(**options: Any) -> None:  # noqa: ANN401 - what click read
        from cascadeclip.app.training import run_lines

        for line in run_lines(["benchmark", name, *_arguments(options)]):
            click.echo(line)

    return work


def _arguments(options: dict[str, str | int | bool | Path | None]) -> list[str]:
    """Write options as `python -m cascadeclip.train` reads them; what was not given is left out."""
    arguments: list[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            arguments.append(option)
        elif value is not None and value is not False:
            arguments += [option, str(value)]
    return arguments
