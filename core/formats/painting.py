"""Many masks on one image, each pixel given to at most one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.options import Notes
from cascadeclip.core.formats.plan import Category, ExportImage, ExportMask
from cascadeclip.core.outlines import Polygon, trace_all

Owners = NDArray[np.integer[Any]]  # of one byte where that is enough

_BYTE = 256  # values of one byte
_EXACT = 1 << 24  # so far OpenCV's counts, which are 32-bit fractions, are whole numbers

OVERLAP = "Pixels in several masks, given to the smallest one"
# The value of pixels that nobody has looked at: training leaves them out, they are no background.
UNREVIEWED = 255
COVERED = "Masks wholly covered by smaller ones, left out"


def owners(image: ExportImage, notes: Notes) -> Owners:
    """Return HxW numbers: 0 where there is no mask, else 1 + the place in `image.masks`.

    The smaller mask lies above the larger one, the newer above the older of equal size: things
    stay visible on the ground they stand on. What is lost by that is told in `notes`.
    """
    # Columns one after the other, as masks have them: reading and encoding take half the time.
    # One byte a pixel where that is enough: what follows takes the time of reading them.
    kind = np.dtype(np.uint8 if len(image.masks) < _BYTE else np.int32)
    found: Owners = np.zeros((image.row.height, image.row.width), kind, order="F")
    order = sorted(range(len(image.masks)), key=lambda at: (-image.masks[at].area, at))
    for at in order:
        top, left, mask = masks.decode_box(image.masks[at].rle)
        place = found[top : top + mask.shape[0], left : left + mask.shape[1]]
        np.copyto(place, kind.type(at + 1), where=mask)
    visible = counts(found, len(image.masks) + 1)[1:]
    notes.count(OVERLAP, sum(one.area for one in image.masks) - int(visible.sum()))
    notes.count(COVERED, int(np.count_nonzero(visible == 0)))
    return found


def counts(numbers: Owners, size: int) -> NDArray[np.int64]:
    """Return how many pixels have each number from 0 to below `size`."""
    if numbers.dtype == np.uint8 and numbers.size <= _EXACT:
        found = cv2.calcHist([numbers.T], [0], None, [_BYTE], [0, _BYTE])
        return np.asarray(found.ravel()[:size], np.int64)
    return np.bincount(numbers.ravel(order="K"), minlength=size)


def mapped(owner: Owners, table: Owners) -> Owners:
    """Return HxW values: for each owner that of the table, along the columns as they lie."""
    if owner.dtype == np.uint8 and table.dtype == np.uint8:
        whole = np.zeros(_BYTE, np.uint8)
        whole[: table.size] = table
        return np.asarray(cv2.LUT(owner.T, whole).T, np.uint8)  # several times as quick as numpy
    return table[owner.T].T


def mapped_colours(owner: Owners, ids: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return HxWx3 pixels, blue first, of red + 256 green + 65536 blue for each owner's id."""
    table = np.ascontiguousarray(ids, "<u4").view(np.uint8).reshape(-1, 4)[:, 2::-1]
    if owner.dtype != np.uint8:
        return table[owner]
    whole = np.zeros((_BYTE, 1, 3), np.uint8)
    whole[: len(table), 0] = table
    return np.asarray(cv2.applyColorMap(cv2.transpose(owner.T), whole), np.uint8)


def of_categories(owner: Owners, found: Sequence[ExportMask], kind: np.dtype[Any]) -> Owners:
    """Return HxW category numbers of the type `kind`, 0 where there is no mask."""
    return mapped(owner, np.array([0, *(one.category for one in found)], kind))


def objects(by_word: NDArray[np.uint8], owner: Owners) -> NDArray[np.uint8]:
    """Return HxW owners of at most one byte, `UNREVIEWED` where `by_word` is that."""
    unknown = (by_word == UNREVIEWED).view(np.uint8) * np.uint8(UNREVIEWED)
    return np.asarray(owner | unknown, np.uint8)  # what is unknown nobody owns


def traced(found: Sequence[ExportMask]) -> list[list[Polygon]]:
    """Return the outlines (points x, y) of each mask of an image, one for each part."""
    return trace_all([one.rle for one in found])


def values(image: ExportImage, owner: Owners) -> NDArray[np.uint8]:
    """Return HxW category numbers, 0 for background and `UNREVIEWED` where nobody said anything.

    Background is only what a person left without a mask in an image marked as reviewed; masks
    that are left out are no background either.
    """
    background = 0 if image.row.status == "reviewed" else UNREVIEWED
    table = np.array([background, *(one.category for one in image.masks)], np.uint8)
    found = np.asarray(mapped(owner, table), np.uint8)
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
