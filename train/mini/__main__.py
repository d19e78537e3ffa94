"""Make the bundled mini model again from nothing: `python -m cascadeclip.train.mini`."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.core.errors import CascadeClipError


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/mini/model"),
    show_default=True,
    help="Folder of the finished model.",
)
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/mini/work"),
    show_default=True,
    help="Folder of the checkpoints; a run that was stopped goes on after its last whole stage.",
)
@click.option(
    "--scale", default=1.0, show_default=True, help="Multiply the steps; 0.01 tries the machinery."
)
@click.option(
    "--style",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Art never trained on, for the model card's last line.",
)
@click.option("--threads", default=2, show_default=True, help="CPU threads of the training.")
def main(out: Path, work: Path, scale: float, style: Path | None, threads: int) -> None:
    """Train CLIP on captions of generated scenes, then the cascade on pixels of seen words."""
    import torch

    from cascadeclip.train.mini.card import write_card
    from cascadeclip.train.mini.recipe import make

    torch.set_num_threads(threads)
    try:
        make(out, work, scale=scale)
        write_card(out, work, unseen_style=style)
    except CascadeClipError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The mini model is in {out}.")


if __name__ == "__main__":
    main()
