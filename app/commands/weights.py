"""cascadeclip models clip, download and add-clip: weights of CLIP on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import FOLDER, Stopped, gentle_stop, progress_bar
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.model.catalogue import Offer, Source
    from cascadeclip.core.model.clip_store import ClipStore

_RESTRICTED = "Not for commercial use: this licence allows research alone."


@click.command("clip")
def clip_command() -> None:
    """List the CLIP weights that can be downloaded; those on this machine have a star.

    Nothing is asked of the network. Sizes are computed from the towers.
    """
    from cascadeclip.core.model.catalogue import about_bytes, offers
    from cascadeclip.core.model.clip_store import ClipStore

    cards = {(card.name, card.tag): card for card in ClipStore().installed()}
    rows = [
        (
            "*" if (offer.name, offer.tag) in cards else " ",
            offer.name,
            offer.tag,
            _size(about_bytes(offer, offer.source())),
            _licence(offer.licence.name, restricted=offer.licence.restricted),
        )
        for offer in offers()
    ]
    own = [
        ("*", card.name, "-", _size(card.size), card.licence)
        for card in cards.values()
        if not card.tag
    ]
    _table([*rows, *own])


@click.command("download")
@click.argument("name")
@click.argument("tag", required=False)
@click.option("--yes", is_flag=True, help="Do not ask; the licence is accepted.")
@click.option(
    "--host",
    type=click.Choice(["original", "hub"]),
    help="Where from; else the place whose checksum is published.",
)
def download_command(name: str, tag: str | None, *, yes: bool, host: str | None) -> None:
    """Download the CLIP weights NAME, TAG after saying their size and licence.

    What was interrupted goes on where it was. Afterwards nothing touches the network.
    """
    from cascadeclip.core.model.catalogue import find
    from cascadeclip.core.model.clip_store import ClipStore

    offer = find(name, tag)
    source, store = offer.source(host), ClipStore()
    if store.has(offer.name, offer.tag):
        click.echo(f"{offer.name} {offer.tag} is on this machine already.")
        return
    if not yes and not sys.stdin.isatty():
        raise CascadeClipError(
            f"Nobody is here to agree to the licence ({offer.licence.name}) and the size of "
            f"{offer.name} {offer.tag}: say --yes to download it."
        )
    click.echo("\n".join(_offered(offer, source, store)))
    if not yes and not click.confirm("Download it?"):
        raise Stopped("Nothing was downloaded.")
    _fetch(offer, source, store)


@click.command("add-clip")
@click.argument("file", type=FOLDER)
@click.option("--name", required=True, help="What to call the weights from now on.")
@click.option("--licence", default="", help="The licence they are under, to be shown with them.")
@click.option(
    "--activation",
    type=click.Choice(["gelu", "quick_gelu"]),
    help="What the towers were trained with; else quick_gelu for OpenAI's archives alone.",
)
def add_command(file: Path, name: str, licence: str, activation: str | None) -> None:
    """Check CLIP weights in FILE and keep a copy of them.

    FILE is an OpenAI archive (.pt), an open_clip checkpoint (.pt, .bin) or safetensors. No code in
    it runs.
    """
    from cascadeclip.core.model.clip_store import ClipStore

    quick = None if activation is None else activation == "quick_gelu"
    card = ClipStore().add(file, name, licence=licence, quick_gelu=quick)
    kind = "quick_gelu" if card.config["quick_gelu"] else "gelu"
    vision = card.config["vision_cfg"]
    click.echo(
        f"{card.name} is on this machine now: {vision['layers']} blocks of width "
        f"{vision['width']}, patches of {vision['patch_size']} pixels, {kind}, {_size(card.size)}."
    )
    click.echo(f"SHA-256 of the file: {card.source_digest}")


def _fetch(offer: Offer, source: Source, store: ClipStore) -> None:
    with gentle_stop() as stop, progress_bar(f"{offer.name} {offer.tag}", "MB") as report:
        card = store.fetch(
            offer,
            source,
            progress=lambda done, total: report(done // 10**6, total // 10**6),
            stopped=stop,
        )
        if card is None:
            stop.check("What arrived is kept, and the same command continues.")
            return
    click.echo(f"{card.name} {card.tag} is on this machine now, {_size(card.size)}.")
    click.echo(f"It was held against {card.checked}.")
    click.echo(f"SHA-256 of the download: {card.source_digest}")


def _offered(offer: Offer, source: Source, store: ClipStore) -> list[str]:
    from cascadeclip.core.model.catalogue import about_bytes
    from cascadeclip.core.model.clip_store import how_checked

    hub = source.host == "hub" and not source.digest
    checked = "the SHA-256 that its host tells" if hub else how_checked(source, announced=False)
    kept = store.kept_bytes(offer, source)
    here = f", {_size(kept)} of it here already" if kept else ""
    lines = [
        f"CLIP     {offer.name} {offer.tag}",
        f"size     about {_size(about_bytes(offer, source))}{here}",
        f"licence  {offer.licence.name}  {offer.licence.source}".rstrip(),
        f"from     {source.urls[0]}",
        f"to       {store.folder}",
        f"checked  against {checked}",
    ]
    return [*lines, _RESTRICTED] if offer.licence.restricted else lines


def _licence(name: str, *, restricted: bool) -> str:
    return f"{name} (not for commercial use)" if restricted else name


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{max(size / 1e6, 1):.0f} MB"


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
