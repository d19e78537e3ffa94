"""cascadeclip models export-onnx: the image tower as a file that other programs can run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadeclip.app.commands.common import FOLDER, open_project, say

if TYPE_CHECKING:
    from cascadeclip.core.model.checkpoint import LoadedModel


@click.command("export-onnx")
@click.argument("project", type=FOLDER, required=False)
@click.option("--model", type=FOLDER, help="A model folder, in the place of a project's model.")
@click.option("--out", type=FOLDER, required=True, help="A folder that does not exist yet.")
@click.option(
    "--precision", type=click.Choice(["fp32", "int8", "fp16"]), default="fp32", show_default=True
)
def export_onnx_command(
    project: Path | None, model: Path | None, out: Path, precision: str
) -> None:
    """Write the image tower of a model as ONNX.

    It is the active model of PROJECT, else the bundled one. The file holds the tower alone: words
    are decoded from what it gives.
    """
    from cascadeclip.core.engine.backends.onnx_files import FILE, tower_file
    from cascadeclip.core.errors import FormatError
    from cascadeclip.core.model import load_model

    if project is not None and model is not None:
        raise click.UsageError("Name a project or --model, not both.")
    if out.exists():
        raise FormatError(f"{out} exists already: name a folder that does not.")
    loaded = load_model(model or _active(project))
    say(f"Exporting {loaded.info.name} {loaded.info.version}, which takes a while ...")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # beside, so that a run that is stopped leaves nothing half made
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".onnx-") as place:
            file = tower_file(loaded.network, loaded.info.window, precision, Path(place))
            shutil.move(file.parent, out)
    except OSError as error:
        raise FormatError(f"{out} cannot be written: {error.strerror or error}.") from error
    click.echo("\n".join(_description(loaded, out / FILE, precision)))


def _active(project: Path | None) -> Path:
    from cascadeclip.core.engine.models import active_model

    if project is None:
        return active_model(None)
    with open_project(project) as opened:
        return active_model(opened)


def _description(loaded: LoadedModel, file: Path, precision: str) -> list[str]:
    """Say what the graph takes and gives, as the graph itself has it."""
    import onnx

    whole = onnx.load(str(file), load_external_data=False)
    graph = whole.graph
    opset = next(one.version for one in whole.opset_import if one.domain in ("", "ai.onnx"))
    size = sum(one.stat().st_size for one in file.parent.iterdir()) / 1e6
    info = loaded.info
    mean, std = (", ".join(f"{value:.2f}" for value in some) for some in (info.mean, info.std))
    return [
        f"Wrote {file}: {precision}, {size:.1f} MB, opset {opset}.",
        *(f"takes  {one.name}  float32 {_shape(one)}" for one in graph.input),
        f"       RGB 0..255, less the mean ({mean}), divided by ({std})",
        *(f"gives  {one.name}  float32 {_shape(one)}" for one in graph.output),
        "       stages: windows x stages x patches, row by row, x values; cls: the whole window",
    ]


def _shape(value: object) -> str:
    sides = value.type.tensor_type.shape.dim  # type: ignore[attr-defined]
    return " x ".join(side.dim_param or str(side.dim_value) for side in sides)
