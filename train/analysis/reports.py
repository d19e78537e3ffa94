"""What an analysis says: a picture, numbers, and lines to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cascadeclip.train.analysis import cka, plots
from cascadeclip.train.analysis.similarity import Map, Resemblance

if TYPE_CHECKING:
    from torch import Tensor

    from cascadeclip.core.model import CascadeCLIP, LoadedModel

ESTIMATOR = (
    "linear CKA over patches, unbiased HSIC summed over minibatches "
    f"of up to {cka.PATCHES_PER_BATCH} patches from up to {cka.IMAGES_PER_BATCH} images"
)
NAMES = {"tower": "the frozen tower without prompts", "fresh": "fresh prompts"}
PANEL_SIDE = 170


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Hold the name of the files, the picture, what goes into the JSON, and what is printed."""

    name: str
    picture: plots.Picture
    numbers: dict[str, object]
    lines: list[str] = field(default_factory=list)


def cka_report(model: LoadedModel, before: CascadeCLIP, name: str, images: Tensor) -> Report:
    """Compare the layers of both towers on normalised square images Bx3xSxS (Fig. 4)."""
    config = model.cascade.config
    tables = {
        "before": cka.layer_likeness(before, images),
        "after": cka.layer_likeness(model.cascade, images),
    }
    middle = tuple(block for block in config.taken if block < config.layers - 1)
    summary = {kind: cka.means(one.matrix, middle) for kind, one in tables.items()}
    first = NAMES.get(name, name)
    after = tables["after"]
    numbers: dict[str, object] = {
        "analysis": "cka",
        "model": _about(model),
        "before": first,
        "estimator": ESTIMATOR,
        "images": after.images,
        "patches": after.patches,
        "means": {kind: _rounded(one) for kind, one in summary.items()},
        "matrices": {kind: _table(one.matrix, 6) for kind, one in tables.items()},
    }
    picture = plots.matrices(
        f"CKA between layers: {model.info.name} {model.info.version}",
        f"linear, over {after.patches} patches of {after.images} images",
        {f"before: {_short(first)}": tables["before"].matrix, "after training": after.matrix},
        axis="layer",
    )
    lines = [f"{model.info.name} {model.info.version}, {after.images} images; before is {first}"]
    lines.append(f"{'mean CKA of':28}{'before':>8}{'after':>8}")
    for key in summary["after"]:
        row = f"{summary['before'][key]:8.3f}{summary['after'][key]:8.3f}"
        lines.append(f"{key.replace('_', ' '):28}{row}")
    return Report("cka", picture, numbers, lines)


def _short(name: str) -> str:
    return {NAMES["tower"]: "no prompts"}.get(name, name[-24:])


def similarity_report(
    model: LoadedModel,
    image: str,
    rgb: NDArray[np.uint8],
    point: tuple[float, float],
    found: Resemblance,
) -> Report:
    """Show what resembles the patch under `point` (pixels of `rgb`), layer by layer."""
    named = {f"layer {index + 1}": one for index, one in enumerate(found.layers)}
    named |= {f"stage {index + 1}": one for index, one in enumerate(found.stages)}
    if found.single_end:
        named[f"stage {len(found.stages)}, final"] = named.pop(f"stage {len(found.stages)}")
    else:
        named["final map"] = found.final
    shown = [plots.Panel("image", "", _marked(rgb, point))]
    shown += [
        plots.Panel(name, _range(one, found), _drawn(one, found)) for name, one in named.items()
    ]
    title = f"Patches like the one at {point[0]:g}, {point[1]:g}: {model.info.name}"
    note = "cosine similarity; every map from its least (dark) to its largest value (light)"
    picture = plots.panels(title, f"{image}; {note}", shown, columns=8, side=PANEL_SIDE)
    numbers: dict[str, object] = {
        "analysis": "similarity",
        "model": _about(model),
        "image": image,
        "point": list(point),
        "cell": list(found.cell),
        "maps": {name: _table(one, 4) for name, one in named.items()},
    }
    lines = [f"{model.info.name} {model.info.version}, {image}, patch {found.cell} (row, column)"]
    lines.append(f"{'map':16}{'least':>8}{'mean':>8}{'spread':>8}")
    for name, one in named.items():
        inside = _inside(one, found)
        lines.append(f"{name:16}{inside.min():8.3f}{inside.mean():8.3f}{inside.std():8.3f}")
    return Report("similarity", picture, numbers, lines)


def _inside(values: Map, found: Resemblance) -> Map:
    """Cut off the padding."""
    down, right = (int(np.ceil(cells)) for cells in found.covered)
    return values[:down, :right]


def _range(values: Map, found: Resemblance) -> str:
    inside = _inside(values, found)
    return f"{inside.min():.2f} to {inside.max():.2f}"


def _drawn(values: Map, found: Resemblance) -> plots.Picture:
    """Colour a map, cell by cell, cut to what the image fills; a ring marks the patch."""
    inside = _inside(values, found)
    scale = 24
    rows, columns = inside.shape
    large = plots.enlarged(
        plots.colours(inside, float(inside.min()), float(inside.max())),
        columns * scale,
        rows * scale,
    )
    down, right = (max(1, round(cells * scale)) for cells in found.covered)
    picture = Image.fromarray(large[:down, :right])
    row, column = found.cell
    _ring(picture, ((column + 0.5) * scale, (row + 0.5) * scale))
    return np.asarray(picture)


def _marked(rgb: NDArray[np.uint8], point: tuple[float, float]) -> plots.Picture:
    picture = Image.fromarray(rgb)
    factor = max(1, 800 / max(picture.size))
    size = (round(picture.width * factor), round(picture.height * factor))
    picture = picture.resize(size)
    _ring(picture, (point[0] * factor, point[1] * factor))
    return np.asarray(picture)


def _ring(picture: Image.Image, middle: tuple[float, float]) -> None:
    radius, x, y = max(picture.size) / 40, *middle
    pen = ImageDraw.Draw(picture)
    for width, colour in ((radius * 0.7, "#000000"), (radius * 0.35, "#ffffff")):
        reach = radius + width / 2
        pen.ellipse(
            (x - reach, y - reach, x + reach, y + reach), outline=colour, width=round(width) or 1
        )


def _about(model: LoadedModel) -> dict[str, str]:
    return {"name": model.info.name, "version": model.info.version}


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _table(values: NDArray[np.floating], digits: int) -> list[list[float]]:
    rows: list[list[float]] = np.round(values.astype(np.float64), digits).tolist()
    return rows
