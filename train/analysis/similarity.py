"""Which patches resemble the one under a point, layer by layer (Fig. 1 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cascadeclip.core import images
from cascadeclip.core.errors import AnalysisFailed
from cascadeclip.train.analysis.blocks import block_outputs

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Resemblance:
    """Hold cosine similarities (-1..1) to one patch, each hxw, of every layer and stage.

    `layers` are the blocks' outputs from the first to the last, `stages` the maps the decoders
    read, `final` the tower's own last map, which is the last stage's where that stage is one
    block (`single_end`). `cell` is row and column of the patch. `covered`
    says how many cells (down, right) the image fills; what lies beyond is padding.
    """

    layers: tuple[Map, ...]
    stages: tuple[Map, ...]
    final: Map
    single_end: bool
    cell: tuple[int, int]
    covered: tuple[float, float]


def read_point(text: str) -> tuple[float, float]:
    """Read "X,Y" in pixels. Raise AnalysisFailed for anything else."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise AnalysisFailed(
            f"{text!r} is no point; give two numbers in pixels, such as --point 120,80."
        ) from None
    return x, y


def resemblance(
    model: LoadedModel, rgb: NDArray[np.uint8], point: tuple[float, float]
) -> Resemblance:
    """Compare the patch under `point` (x, y in pixels of HxWx3 `rgb`) with all patches.

    The image is scaled so that its short side is the model's window, and padded to whole
    patches. Raise AnalysisFailed for a point outside the image.
    """
    height, width = rgb.shape[:2]
    x, y = point
    if not (0 <= x < width and 0 <= y < height):
        raise AnalysisFailed(
            f"The point {x:g},{y:g} lies outside the image of {width} x {height} pixels; "
            "choose one inside."
        )
    info, network = model.info, model.cascade
    patch = network.config.patch
    small = images.resize_short(rgb, info.window, average=info.average)
    rows, columns = small.shape[:2]
    cell = (int(y * rows / height) // patch, int(x * columns / width) // patch)
    pixels = torch.from_numpy(images.normalise(small, info.mean, info.std))[None]
    padded = functional.pad(pixels, (0, -columns % patch, 0, -rows % patch))
    outputs, encoding = block_outputs(network, padded)
    with torch.inference_mode():
        stages = network.aggregation(encoding.maps)
    grid = encoding.grid
    return Resemblance(
        layers=tuple(_compare(one[0, 1:], grid, cell) for one in outputs),
        stages=tuple(_compare(one, grid, cell) for one in stages[0]),
        final=_compare(encoding.maps[-1][0], grid, cell),
        single_end=len(network.config.stages[-1]) == 1,
        cell=cell,
        covered=(rows / patch, columns / patch),
    )


def _compare(patches: Tensor, grid: tuple[int, int], cell: tuple[int, int]) -> Map:
    unit = functional.normalize(patches.float(), dim=-1)
    chosen = unit[cell[0] * grid[1] + cell[1]]
    result: Map = (unit @ chosen).view(grid).cpu().numpy()
    return result
