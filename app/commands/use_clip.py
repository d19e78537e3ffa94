"""cascadeclip models use-clip: suggestions from CLIP's weights alone, before any training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.adopting import adopt_clip, lower_threshold, register, taken_names
from cascadeclip.app.commands.common import FOLDER, open_project

if TYPE_CHECKING:
    from cascadeclip.core.model.cold_start import Start


@click.command("use-clip")
@click.argument("weights", metavar="NAME[:TAG]")
@click.option("--project", metavar="PROJECT", type=FOLDER, required=True, help="Which project.")
@click.option("--quality", is_flag=True, help="The better of two ways, a little slower.")
@click.option(
    "--background",
    metavar="WORDS",
    help="Words that compete for pixels and are never suggested, with commas; '' for none.",
)
@click.option(
    "--none",
    type=click.FloatRange(0, 1),
    help="Pixels whose best share is below this belong to no word; else 0.1.",
)
def use_clip_command(
    weights: str,
    project: Path,
    quality: bool,  # noqa: FBT001 - click calls by name
    background: str | None,
    none: float | None,
) -> None:
    """Let CLIP's weights NAME:TAG speak for PROJECT, without any training.

    They must be on this machine (`models download`, `models add-clip`). A model version is written
    and used from now on; say the command again with other words, and a new version is.
    """
    from cascadeclip.core.model.clip_store import ClipStore
    from cascadeclip.core.model.cold_start import find_card

    with open_project(project, writing=True) as opened:
        store = ClipStore()
        card = find_card(store, weights)
        start = _start(quality=quality, background=background, none=none)
        taken, others = taken_names(opened), [row.folder for row in opened.versions.all()]
        adopted = adopt_clip(opened.folder, store, card, start, taken=taken, others=others)
        register(opened, adopted, activate=True)
        threshold = lower_threshold(opened, adopted.threshold)
    info = adopted.info
    click.echo(f"{info.name} speaks for {project.name} from now on, as the version {adopted.name}.")
    click.echo(f"{len(start.background)} background words compete for pixels.")
    if threshold is not None:
        click.echo(f"The project's threshold is {threshold:g} now: shares of many words are small.")
    click.echo(info.note)


def _start(*, quality: bool, background: str | None, none: float | None) -> Start:
    from cascadeclip.core.model.cold_start import BACKGROUND, FAST, NONE, QUALITY, Start

    return Start(
        variant=QUALITY if quality else FAST,
        background=BACKGROUND if background is None else _words(background),
        none=NONE if none is None else none,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
