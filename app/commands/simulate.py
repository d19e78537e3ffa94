"""cascadeclip simulate: how much work the tool saves, measured without people."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import FOLDER


@click.command("simulate")
@click.argument("project", type=FOLDER, required=False)
@click.option(
    "--recipe",
    type=click.Choice(["calibrate", "prototypes", "pixels", "quick", "self-training", "full"]),
    default="quick",
    show_default=True,
    help="How it learns from the corrected images.",
)
@click.option("--after", default="5,10,20", show_default=True, help="Corrected images, by commas.")
@click.option("--orders", default=5, show_default=True, help="Orders of the images.")
@click.option("--test", default=20, show_default=True, help="Images that only measure.")
@click.option("--noise", default=0.0, show_default=True, help="Share of mislabelled accepts.")
@click.option("--jitter", default=0.05, show_default=True, help="Error of clicks, in region sizes.")
@click.option("--enough", default=0.9, show_default=True, help="IoU every word must reach.")
@click.option("--never", multiple=True, metavar="WORD", help="A word nobody corrects; repeatable.")
@click.option("--out", type=FOLDER, help="Folder for the table, the curve and all figures.")
def command(
    project: Path | None,
    recipe: str,
    after: str,
    orders: int,
    test: int,
    noise: float,
    jitter: float,
    enough: float,
    never: tuple[str, ...],
    out: Path | None,
) -> None:
    """Let a simulated annotator use the tool.

    PROJECT is one that has its truth beside it (`demo --truth`); it is only read. Without it,
    scenes of eight things the bundled model has never seen are drawn, three of them never
    corrected. Prints actions and seconds per image from nothing, from suggestions, and after
    some images were corrected and learnt from.
    """
    from cascadeclip.app.training import run_lines

    arguments = ["simulate", "--recipe", recipe, "--after", after, "--orders", str(orders)]
    arguments += ["--test", str(test), "--noise", str(noise), "--jitter", str(jitter)]
    arguments += ["--enough", str(enough)]
    for word in never:
        arguments += ["--never", word]
    if project is not None:
        arguments += ["--project", str(project.absolute())]
    if out is not None:
        arguments += ["--out", str(out.absolute())]
    for line in run_lines(arguments):
        click.echo(line)
