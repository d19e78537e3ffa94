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
@device_option
def mini(count: int, seed: int, art: Path | None, model: Path | None, device: str) -> None:
    """Measure a model on fresh scenes of the toy world.

    Prints mIoU of the words it was trained on (seen) and of the others (unseen), and their
    harmonic mean (hIoU), over all words and over the demo's alone; the last line is JSON.
    """
    from cascadeclip.app.training import run_lines

    arguments = ["benchmark", "mini", "--count", str(count), "--seed", str(seed)]
    arguments += ["--device", device]
    if art is not None:
        arguments += ["--art", str(art)]
    if model is not None:
        arguments += ["--model", str(model)]
    for line in run_lines(arguments):
        click.echo(line)
