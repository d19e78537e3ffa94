"""cascadeclip models: which model speaks, and going back to an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from cascadeclip.app.commands import export_onnx, import_model, use_clip, weights
from cascadeclip.app.commands.common import (
    FOLDER,
    Activate,
    activate_option,
    open_project,
    project_argument,
    say_version,
)

if TYPE_CHECKING:
    from cascadeclip.core.model import ModelInfo
    from cascadeclip.core.model.counts import Counts
    from cascadeclip.core.project import Project


@click.group("models")
def command() -> None:
    """List, describe and choose model versions."""


command.add_command(import_model.import_command)
command.add_command(use_clip.use_clip_command)
command.add_command(export_onnx.export_onnx_command)
for _command in (weights.clip_command, weights.download_command, weights.add_command):
    command.add_command(_command)


@command.command("list")
@project_argument
def list_command(project: Path) -> None:
    """List the model versions of PROJECT; the one in use has a star."""
    with open_project(project) as opened:
        active = opened.versions.active()
        rows = opened.versions.all()
    click.echo(f"{' ' if active else '*'} mini  (bundled)")
    for row in rows:
        quality = _quality(row.metrics)
        click.echo(f"{'*' if row.active else ' '} {row.name}  {row.created}  {row.recipe}{quality}")


@command.command("activate")
@project_argument
@click.argument("version")
def activate_command(project: Path, version: str) -> None:
    """Use VERSION from now on."""
    with open_project(project, writing=True) as opened:
        opened.versions.activate(opened.versions.get(version).id)
    click.echo(f"Model version {version} is in use from now on.")


@command.command("register")
@project_argument
@click.argument("folder", type=FOLDER)
@activate_option
def register_command(project: Path, folder: Path, activate: str) -> None:
    """Add the version in FOLDER to those of PROJECT, where a run of torchrun has left it."""
    from cascadeclip.app.training import finish, read_finished

    with open_project(project, writing=True) as opened:
        row = finish(opened, read_finished(folder), activate=cast("Activate", activate))
    say_version(row, row.metrics["reason"])


@command.command("rollback")
@project_argument
def rollback_command(project: Path) -> None:
    """Use the version that was in use before."""
    with open_project(project, writing=True) as opened:
        row = opened.versions.rollback()
    click.echo(f"Model version {row.name if row else 'mini'} is in use again.")


@command.command("describe")
@click.argument("place", type=FOLDER, required=False)
@click.option("--model", metavar="VERSION", help="A model version of a project; else the active.")
@click.option("--heads", type=click.IntRange(min=1), help="Attention heads (a checkpoint's tower).")
@click.option("--decoder-heads", type=click.IntRange(min=1), default=8, help="Of its decoders.")
def describe_command(
    place: Path | None, model: str | None, heads: int | None, decoder_heads: int
) -> None:
    """Tell what a model is, how large, and what it cannot do.

    PLACE is a project, a model folder or a checkpoint of the paper's code (.pth); without it the
    bundled model is told of.
    """
    from cascadeclip.core.model.checkpoint import load_model, read_info
    from cascadeclip.core.model.counts import count_folder, count_model

    if place is not None and place.is_file() and place.name != "model.safetensors":
        loaded = load_model(place, heads=heads, decoder_heads=decoder_heads)
        info, counts = loaded.info, count_model(loaded.network, loaded.text)
    else:
        folder = _place(place, model)
        info, counts = read_info(folder), count_folder(folder)
    click.echo("\n".join(_description(info, counts)))


def _place(place: Path | None, model: str | None) -> Path:
    """Return the folder of the model that is meant."""
    if place is None:
        return _folder(None, model)
    if (place / "model.json").is_file():
        return place
    if place.name == "model.safetensors":
        return place.parent
    with open_project(place) as opened:
        return _folder(opened, model)


def _folder(project: Project | None, model: str | None) -> Path:
    from cascadeclip.core.engine.models import active_model, bundled_model
    from cascadeclip.core.errors import CheckpointError

    if model is None:
        return active_model(project)
    if model == "mini":
        return bundled_model()
    if project is None:
        raise CheckpointError(f"Name the project that holds the model version {model!r}.")
    return project.versions.get(model).folder


def _description(info: ModelInfo, counts: Counts) -> list[str]:
    lines = [
        f"name           {info.name}",
        f"version        {info.version}",
        f"grown from     {info.parent or info.clip_name or '-'}",
        f"trained words  {len(info.trained_words)}",
        f"input          {info.window} x {info.window} pixels, step {info.stride}",
        f"licence        {info.licence or '-'}",
        f"used           {counts.tower + counts.head + counts.text:,} parameters: image tower "
        f"{counts.tower:,}, head {counts.head:,}, text tower {counts.text:,}",
        f"trained        {counts.learning:,} of them learn",
    ]
    if info.readout == "softmax":
        lines += [
            f"background     {', '.join(info.background) or '-'}",
            f"nobody's       pixels whose best share is below {info.none:g}",
        ]
    if info.file_parameters:
        lines += [
            f"in the file    {info.file_parameters:,} parameters, {info.file_trained:,} of them "
            "trained there",
            f"dropped        {info.file_dropped:,} parameters without effect",
        ]
    return [*lines, info.note] if info.note else lines


def _quality(metrics: dict[str, Any]) -> str:
    """Write the mIoU before and after; empty where it was not measured, as of an import."""
    before, after = (metrics.get(when) for when in ("before", "after"))
    if not before or not after:
        return ""
    return f"  held-out mIoU {100 * before['miou']:.1f} -> {100 * after['miou']:.1f}"
