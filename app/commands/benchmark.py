"""cascadeclip benchmark: how good a model is on images whose truth is known."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands import benchmark_published
from cascadeclip.app.commands.common import FOLDER, device_option


@click.group("benchmark")
def command() -> None:
    """Measure a model on toy scenes or published data."""


benchmark_published.add_to(command)


@command.command("mini")
@click.option(
    "--count", type=click.IntRange(min=1), default=200, show_default=True, help="How many."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which ones."
)
@click.option("--art", metavar="DIR", type=FOLDER, help="Another style of art, never trained on.")
@click.option("--model", metavar="DIR", type=FOLDER, help="A model folder; else the bundled one.")
@click.option("--variant", metavar="NAME", help="Train this variant first, at mini scale.")
@click.option(
    "--setting",
    type=click.Choice(["inductive", "transductive", "full"]),
    default="inductive",
    show_default=True,
    help="How a variant is trained.",
)
@click.option("--table", metavar="N", help="Run a table of the paper again, or all of them.")
@click.option("--seeds", type=click.IntRange(min=1), help="Seeds per row of a table.")
@click.option("--steps", type=click.IntRange(min=1), help="Training steps instead of the scale's.")
@click.option("--work", metavar="DIR", type=FOLDER, help="Where finished runs of tables are kept.")
@click.option("--out", metavar="FILE", type=FOLDER, help="Write the tables to this Markdown file.")
@click.option("--part", metavar="I/N", help="Every N-th run only, for commands side by side.")
@device_option
def mini(
    count: int,
    seed: int,
    art: Path | None,
    model: Path | None,
    device: str,
    setting: str,
    **training: object,
) -> None:
    """Measure a model on fresh scenes of the toy world.

    Prints mIoU of the words it was trained on (seen) and of the others (unseen), and their
    harmonic mean (hIoU), over all words and over the demo's alone; the last line is JSON.

    With --variant a named variant of the method is trained on scenes and measured; its whole
    configuration is printed. With --table the rows of that table are, with several seeds each;
    the budget is printed first, and finished runs are not repeated.

    The variants dense-plain, dense-value, dense-fast and dense-quality (dense: all four) are the
    bundled model's CLIP alone, without any training.
    """
    from cascadeclip.app.training import run_lines

    arguments = ["benchmark", "mini", "--count", str(count), "--seed", str(seed)]
    arguments += ["--device", device]
    if art is not None:
        arguments += ["--art", str(art)]
    if model is not None:
        arguments += ["--model", str(model)]
    if training["variant"] is not None:
        arguments += ["--setting", setting]
    for option, value in training.items():
        arguments += [] if value is None else [f"--{option}", str(value)]
    for line in run_lines(arguments):
        click.echo(line)
