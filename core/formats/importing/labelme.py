"""labelme: JSON files of outlines and of small mask images."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, MaskInvalid
from cascadeclip.core.formats.folder import MARKER
from cascadeclip.core.formats.importing import foreign
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told
from cascadeclip.core.values import Rle

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

OTHER = "Shapes that are neither outlines nor masks (points, lines, circles)"
IGNORED = "Shapes that only say what to ignore"
_NO_WORDS = ("__ignore__", "_background_")
STRANGE = "JSON files that are none of labelme"
_MOST = 256 << 20  # a file may hold its image as text

Json = dict[str, Any]


def read(path: Path, told: Told) -> list[ForeignImage]:
    """Read one file, or all of a folder and its folders. Raise FormatError."""
    if not path.is_dir():
        image = _read_file(path, path.name, told)
        if image is None:
            raise FormatError(f"{path.name} is no file of labelme: it has no shapes.")
        return [image]
    found = []
    for name, file in foreign.files_below(path, (".json",), told):
        if name != MARKER:
            image = _read_file(file, name, told)
            if image is None:
                told.drop(STRANGE)
            else:
                found.append(image)
    return found


def _read_file(path: Path, name: str, told: Told) -> ForeignImage | None:
    data = foreign.read_json(path, most=_MOST)
    if not isinstance(data, dict) or not isinstance(data.get("shapes"), list):
        return None
    named = data.get("imagePath")
    other = re.split(r"[/\\]", named)[-1] if isinstance(named, str) else ""
    names = (name.removesuffix(path.suffix), other.rpartition(".")[0])
    return ForeignImage(names, partial(_load, path=path, told=told), bare=True)


def _load(row: ImageRow, *, path: Path, told: Told) -> list[ForeignMask] | None:
    data = foreign.read_json(path, most=_MOST)  # again: all files at once may be too much to hold
    shapes = foreign.objects(data["shapes"], "shapes")
    if not foreign.fits(data.get("imageWidth"), data.get("imageHeight"), row):
        told.drop(foreign.SIZE, len(shapes))
        return None
    found: list[ForeignMask] = []
    for place, group in _groups(shapes):
        which = f"shape {place}"
        word = foreign.word_of(group[0].get("label"))
        kind = group[0].get("shape_type", "polygon")
        if word in _NO_WORDS:
            told.drop(IGNORED, len(group), which=which)
        elif not word:
            told.drop(foreign.NAMELESS, len(group), which=which)
        elif kind == "rectangle":
            sides = _sides(group[0].get("points"))
            foreign.keep_box(found, word, sides, row, told, which=which)
        elif kind == "polygon":
            points = [_flat(one.get("points")) for one in group]
            make = partial(foreign.from_outlines, points, row)
            foreign.keep(found, word, make, told, which=which)
        elif kind == "mask":
            foreign.keep(found, word, partial(_mask, group[0], row), told, which=which)
        else:
            told.drop(OTHER, len(group), which=which)
    return found


def _groups(shapes: Sequence[Json]) -> list[tuple[int, list[Json]]]:
    """Put outlines of one word and one group number together: they are parts of one mask.

    The number of the first shape, counted from 1, comes with them.
    """
    found: dict[object, tuple[int, list[Json]]] = {}
    for at, one in enumerate(shapes):
        group = one.get("group_id")
        kind = one.get("shape_type", "polygon")
        together = kind == "polygon" and isinstance(group, int | str)
        key = (str(one.get("label")), group) if together else at
        found.setdefault(key, (at + 1, []))[1].append(one)
    return list(found.values())


def _sides(points: object) -> object:
    """Return [x, y, width, height] of two opposite corners in any order, None for no corners."""
    flat = _flat(points)
    places = [foreign.number(value) for value in flat] if isinstance(flat, list) else []
    numbers = [value for value in places if value is not None]
    if len(numbers) != 4:
        return None
    left, right = sorted(numbers[0::2])
    top, bottom = sorted(numbers[1::2])
    return [left, top, right - left, bottom - top]


def _flat(points: object) -> object:
    if not isinstance(points, list) or not all(
        isinstance(point, list) and len(point) == 2 for point in points
    ):
        return None
    return [value for point in points for value in point]


def _mask(shape: Json, row: ImageRow) -> Rle:
    """Read a mask in a box, corners included, as an image in the PNG format as text."""
    corners = _flat(shape.get("points"))
    places = [foreign.number(value) for value in corners] if isinstance(corners, list) else []
    numbers = [round(value) for value in places if value is not None]
    if len(numbers) != 4:
        raise MaskInvalid("A mask needs two corners.")
    left, top, right, bottom = numbers
    if min(left, top) < 0 or right >= row.width or bottom >= row.height:
        raise MaskInvalid("A mask lies outside its image.")
    part = _decoded(shape.get("mask"), bottom - top + 1, right - left + 1)
    return masks.encode_part(part, top=top, left=left, height=row.height, width=row.width)


def _decoded(text: object, height: int, width: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    try:
        data = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MaskInvalid("A mask is no image.") from error
    size = (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))
    # The header is looked at first: an image can be far larger than its file.
    if data[:8] != b"\x89PNG\r\n\x1a\n" or size != (width, height):
        raise MaskInvalid("A mask is no PNG image of the size of its box.")
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None or image.shape != (height, width):
        raise MaskInvalid("A mask is a damaged image.")
    return np.asarray(image > 0)
