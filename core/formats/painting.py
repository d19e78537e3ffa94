"""Many masks on one image, each pixel given to at most one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.options import Notes
from cascadeclip.core.formats.plan import Category, ExportImage, ExportMask
from cascadeclip.core.outlines import Polygon, trace

Number = TypeVar("Number", np.uint8, np.int32)

OVERLAP = "Pixels in several masks, given to the smallest one"
# The value of pixels that nobody has looked at: training leaves them out, they are no background.
UNREVIEWED = 255
COVERED = "Masks wholly covered by smaller ones, left out"


def owners(image: ExportImage, notes: Notes) -> NDArray[np.int32]:
    """Return HxW numbers: 0 where there is no mask, else 1 + the place in `image.masks`.

    The smaller mask lies above the larger one, the newer above the older of equal size: things
    stay visible on the ground they stand on. What is lost by that is told in `notes`.
    """
    # Columns one after the other, as masks have them: reading and encoding take half the time.
    found = np.zeros((image.row.height, image.row.width), np.int32, order="F")
    order = sorted(range(len(image.masks)), key=lambda at: (-image.masks[at].area, at))
    for at in order:
        top, left, mask = masks.decode_box(image.masks[at].rle)
        place = found[top : top + mask.shape[0], left : left + mask.shape[1]]
        np.copyto(place, at + 1, where=mask)
    visible = np.bincount(found.ravel(order="K"), minlength=len(image.masks) + 1)[1:]
    notes.count(OVERLAP, sum(one.area for one in image.masks) - int(visible.sum()))
    notes.count(COVERED, int(np.count_nonzero(visible == 0)))
    return found


def of_categories(
    owner: NDArray[np.int32], found: Sequence[ExportMask], kind: type[Number]
) -> NDArray[Number]:
    """Return HxW category numbers of the type `kind`, 0 where there is no mask."""
    numbers = np.array([0, *(one.category for one in found)], kind)
    return numbers[owner.T].T  # along the columns, as they lie in memory


def outlines(mask: ExportMask) -> list[list[float]]:
    """Return the outlines [x, y, x, y, ...] of a mask, one for each part."""
    return [polygon.ravel().astype(float).tolist() for polygon in traced(mask)]


def traced(mask: ExportMask) -> list[Polygon]:
    """Return the outlines of a mask as points; only its box is looked at."""
    top, left, part = masks.decode_box(mask.rle)
    return [polygon + (left, top) for polygon in trace(part)]


def values(image: ExportImage, owner: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Return HxW category numbers, 0 for background and `UNREVIEWED` where nobody said anything.

    Background is only what a person left without a mask in an image marked as reviewed; masks
    that are left out are no background either.
    """
    found = of_categories(owner, image.masks, np.uint8)
    if image.row.status != "reviewed":
        found[owner == 0] = UNREVIEWED
    for rle in image.left_out:
        top, left, mask = masks.decode_box(rle)
        box = np.s_[top : top + mask.shape[0], left : left + mask.shape[1]]
        found[box][mask & (owner[box] == 0)] = UNREVIEWED
    return found


def palette(words: Sequence[Category]) -> list[tuple[int, int, int]]:
    """Return 256 colours: black for 0, those of the words, a light grey for `UNREVIEWED`.

    Raise FormatError for more words than one byte can number.
    """
    if len(words) >= UNREVIEWED:
        raise FormatError(
            f"Label images hold at most {UNREVIEWED - 1} words, and there are {len(words)};"
            " export COCO instead."
        )
    colours = [(0, 0, 0), *(one.colour for one in words)]
    return colours + [(0, 0, 0)] * (UNREVIEWED - len(colours)) + [(224, 224, 224)]


def classes_json(words: Sequence[Category]) -> list[dict[str, object]]:
    """Return what each value of a label image stands for."""
    rows: list[dict[str, object]] = [
        {"value": 0, "name": "background", "colour": "#000000", "phrases": []}
    ]
    for one in words:
        colour = "#" + "".join(f"{channel:02x}" for channel in one.colour)
        row = {"value": one.number, "name": one.name, "colour": colour}
        rows.append({**row, "phrases": list(one.phrases)})
    rows.append({"value": UNREVIEWED, "name": "unreviewed", "colour": "#e0e0e0", "phrases": []})
    return rows
