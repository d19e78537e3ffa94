"""cascadeclip evaluate: how good a model is on the corrected images."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import device_option, project_argument


@click.command("evaluate")
@project_argument
@click.option("--model", metavar="VERSION", help="A model version, or mini; else the one in use.")
@device_option
def command(project: Path, model: str | None, device: str) -> None:
    """Measure a model on the corrected images.

    Prints the IoU per word over the images of PROJECT; the last line is JSON.
    """
    from cascadeclip.app.training import run_lines

    arguments = ["evaluate", "--project", str(project), "--device", device]
    if model is not None:
        arguments += ["--model", model]
    for line in run_lines(arguments):
        click.echo(line)
