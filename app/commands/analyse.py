"""cascadeclip analyse: looks into a model, each a picture and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cascadeclip.app.commands.common import FOLDER, device_option

out_option = click.option(
    "--out", metavar="DIR", type=FOLDER, required=True, help="Where picture and numbers go."
)


@click.group("analyse")
def command() -> None:
    """Look into a model: its layers, its patches, its cost.

    MODEL is a model folder, a released checkpoint, or "mini" for the bundled model. Every analysis
    writes a PNG and a JSON file of the numbers.
    """


@command.command("cka")
@click.argument("model")
@click.option("--images", metavar="FOLDER", type=FOLDER, help="Look at these images.")
@click.option("--scenes", type=click.IntRange(min=1), help="Or at so many generated scenes.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=32, show_default=True, help="Most images."
)
@click.option(
    "--before",
    default="tower",
    show_default=True,
    help="The other side: tower (frozen, no prompts), fresh (new prompts), or a MODEL.",
)
@out_option
def cka(
    model: str, images: Path | None, scenes: int | None, limit: int, before: str, out: Path
) -> None:
    """Draw how alike the layers of the image tower are, before and after training.

    Linear CKA over patches, as in Fig. 4 of the paper.
    """
    arguments = ["cka", model, "--limit", str(limit), f"--before={before}", f"--out={out}"]
    if images is not None:
        arguments.append(f"--images={images}")
    if scenes is not None:
        arguments.append(f"--scenes={scenes}")
    _run(arguments)


@command.command("similarity")
@click.argument("model")
@click.argument("image", type=FOLDER)
@click.option("--point", metavar="X,Y", required=True, help="Pixels from the left and the top.")
@out_option
def similarity(model: str, image: Path, point: str, out: Path) -> None:
    """Draw which patches resemble the one under a point, layer by layer.

    Cosine similarity of every block's output, of the stages' maps and of the tower's last map, as
    in Fig. 1 and 6 of the paper.
    """
    _run(["similarity", model, str(image), f"--point={point}", f"--out={out}"])


@command.command("cost")
@click.argument("model", required=False)
@click.option(
    "--words", type=click.IntRange(min=1), default=171, show_default=True, help="How many."
)
@click.option("--side", type=click.IntRange(min=1), help="Side in pixels; else the model's window.")
@click.option(
    "--repeats", type=click.IntRange(min=1), default=10, show_default=True, help="Timed passes."
)
@device_option
@out_option
def cost(
    model: str | None, words: int, side: int | None, repeats: int, device: str, out: Path
) -> None:
    """Count parameters and multiplications, and measure images a second.

    They stand beside Table 12 of the paper, counted as published and as computed here. Without a
    MODEL: the paper's ViT-B/16 with random weights at 512 pixels.
    """
    arguments = ["cost", *([] if model is None else [model]), f"--words={words}"]
    arguments += [f"--repeats={repeats}", f"--device={device}", f"--out={out}"]
    if side is not None:
        arguments.append(f"--side={side}")
    _run(arguments)


def _run(arguments: Sequence[str]) -> None:
    from cascadeclip.app.training import run_lines

    for line in run_lines(["analyse", *arguments]):
        click.echo(line)
