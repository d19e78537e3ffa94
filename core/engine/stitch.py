"""Join the logits of windows into one probability map of the whole image.

The map is a canvas of square cells, a few per patch. Each cell samples every window that covers
it bilinearly, reads probabilities off the logits, and averages: the order of the paper's sliding
evaluation (upsample, sigmoid, average of probabilities), at a resolution that does not grow with
the image. A model without training has a softmax over all phrases in the sigmoid's place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.images import Window


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a window lies in the image resized to `height` x `width` pixels."""

    height: int
    width: int
    window: Window


def canvas_size(height: int, width: int, cell: float) -> tuple[int, int]:
    """Return the rows and columns of cells of about `cell` pixels that fill the image."""
    return max(1, round(height / cell)), max(1, round(width / cell))


def stitch(
    logits: NDArray[np.float32],
    places: Sequence[Place],
    canvas: tuple[int, int],
    *,
    patch: int,
    readout: str = "sigmoid",
) -> NDArray[np.float32]:
    """Turn logits `WxPxhxw` of W windows into probabilities `Px(canvas)`, 0..1.

    `places[i]` says where window i lies, its patches are `patch` pixels a side; cells that no
    window covers get 0. `readout` is one of READOUTS.
    """
    return average(logits, places, canvas, patch=patch, read=READOUTS[readout])


def average(
    maps: Sequence[NDArray[np.float32]] | NDArray[np.float32],
    places: Sequence[Place],
    canvas: tuple[int, int],
    *,
    patch: int,
    read: Callable[[torch.Tensor], NDArray[np.float32]],
) -> NDArray[np.float32]:
    """Join the maps `Pxhxw` of W windows into one `Px(canvas)`, averaged where windows overlap.

    `read` turns a window's map, sampled at the cells it covers, into the values to be averaged.
    """
    total: NDArray[np.float32] | None = None
    covered = np.zeros(canvas, dtype=np.float32)
    for grid, place in zip(maps, places, strict=True):
        box = place.window
        y = (np.arange(canvas[0]) + 0.5) * (place.height / canvas[0]) - box.top
        x = (np.arange(canvas[1]) + 0.5) * (place.width / canvas[1]) - box.left
        rows, down = _samples(y, box.height, patch, grid.shape[1])
        columns, across = _samples(x, box.width, patch, grid.shape[2])
        part = read(_enlarged(grid, down, across))
        if total is None and part.shape[1:] == canvas:
            return part  # one window is the whole image: nothing to average
        if total is None:
            total = np.zeros((len(part), *canvas), dtype=np.float32)
        total[:, rows, columns] += part
        covered[rows, columns] += 1
    assert total is not None
    total /= np.maximum(covered, 1)
    return total


def _samples(
    centres: NDArray[np.floating], side: int, patch: int, patches: int
) -> tuple[slice, NDArray[np.float32]]:
    """Return which cells lie in a window of `side` pixels, and their `n x patches` weights.

    `centres` are those of the cells, in pixels from the window's edge. Beyond the outer patch
    centres the edge value is repeated (bilinear, align_corners false).
    """
    inside = np.flatnonzero((centres >= 0) & (centres < side))
    at = np.clip(centres[inside] / patch - 0.5, 0, patches - 1)
    low = np.minimum(at.astype(np.intp), max(patches - 2, 0))
    high = np.minimum(low + 1, patches - 1)
    weights = np.zeros((len(inside), patches), dtype=np.float32)
    row = np.arange(len(inside))
    np.add.at(weights, (row, low), (1 - (at - low)).astype(np.float32))
    np.add.at(weights, (row, high), (at - low).astype(np.float32))
    first = int(inside[0]) if len(inside) else 0
    return slice(first, first + len(inside)), weights


def _enlarged(
    grid: NDArray[np.float32], down: NDArray[np.float32], across: NDArray[np.float32]
) -> torch.Tensor:
    """Return `down` grid `across`^T for every map of `Pxhxw`; numpy would take them one by one."""
    wide = torch.from_numpy(grid) @ torch.from_numpy(across).T
    return torch.from_numpy(down) @ wide


def plain(values: torch.Tensor) -> NDArray[np.float32]:
    """Return values as they are, for `average`."""
    return np.asarray(values.numpy())


def _sigmoid(logits: torch.Tensor) -> NDArray[np.float32]:
    return np.asarray(logits.sigmoid_().numpy())


def _softmax(logits: torch.Tensor) -> NDArray[np.float32]:
    return np.asarray(logits.softmax(dim=0).numpy())


READOUTS: Mapping[str, Callable[[torch.Tensor], NDArray[np.float32]]] = {
    "sigmoid": _sigmoid,
    "softmax": _softmax,
}
"""How logits `Px...` of one window become probabilities, by the names of ModelInfo.readout."""
