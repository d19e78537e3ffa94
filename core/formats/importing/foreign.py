"""What every reader hands on, and how files of strangers are opened.

Nothing in them is believed: sizes, numbers, depth and names are checked, names of images are only
compared and never opened, and no file outside the folder that was named is read.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, MaskInvalid
from cascadeclip.core.formats.options import Notes
from cascadeclip.core.outlines import rasterise
from cascadeclip.core.values import Rle

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

BOXES = "Boxes that are no place in the image"
# What a region is: a mask, a mask of many things, or a box that stands for a mask yet to be drawn.
MASK, CROWD, BOX = "mask", "crowd", "box"
DAMAGED = "Damaged masks"
EMPTY = "Masks without pixels"
SIZE = "Masks of another size than their image"
NAMELESS = "Masks of a word that the file does not name"
LEAVES = "Files that lie outside the folder"

MOST_BYTES = 1 << 30
_MOST_SIZE_OF_NAME = 200
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ForeignMask:
    """Hold a mask and its word as somebody else spelled it; `kind` is MASK, CROWD or BOX.

    `score` (0..1) is only of use with a box.
    """

    word: str
    rle: Rle
    kind: str = MASK
    score: float = 1.0


# Gives the masks of an image of the project; None when nothing can be said about that image.
Load = Callable[["ImageRow"], list[ForeignMask] | None]


@dataclass(frozen=True, slots=True)
class ForeignImage:
    """Hold what an image may be called, best first, and how to read its masks.

    The names are paths with forward slashes; `bare` ones are without their ending.
    """

    names: tuple[str, ...]
    load: Load
    bare: bool = False


@dataclass(slots=True)
class Told:
    """Collect what is dropped, with some examples, and what else should be known.

    `where` is what is being read, such as the name of an image.
    """

    dropped: Notes
    notes: Notes
    where: str = ""
    examples: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def new(cls) -> Told:
        """Return one that is empty."""
        return cls(Notes(), Notes())

    def drop(self, reason: str, times: int = 1, *, which: str = "") -> None:
        """Count something that is not imported; `which` of them is told for the first few."""
        if times == 0:
            return
        self.dropped.count(reason, times)
        found = self.examples.setdefault(reason, [])
        example = ", ".join(part for part in (self.where, which) if part)
        if example and len(found) < _EXAMPLES and example not in found:
            found.append(example)

    @property
    def drops(self) -> int:
        """Return how much was dropped so far."""
        return self.dropped.counts.total()


def read_json(path: Path, *, most: int = MOST_BYTES) -> Any:  # noqa: ANN401 - the caller checks
    """Read a JSON file of at most `most` bytes. Raise FormatError, also for NaN and depth."""
    text = read_text(path, most=most)
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise FormatError(f"{path.name} is nested too deeply to be annotations.") from error
    except ValueError as error:
        raise FormatError(f"{path.name} is no proper JSON file ({_short(error)}).") from error


def read_text(path: Path, *, most: int = MOST_BYTES) -> str:
    """Read a text file of at most `most` bytes. Raise FormatError."""
    try:
        if not path.is_file():
            raise FormatError(f"There is no file {path}.")
        if path.stat().st_size > most:
            raise FormatError(f"{path.name} is larger than {most >> 20} MB; divide it first.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormatError(f"{path} cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name} is no text in UTF-8.") from error


def files_below(
    folder: Path, endings: tuple[str, ...], told: Told, *, within: Path | None = None
) -> Iterator[tuple[str, Path]]:
    """Yield (relative path with slashes, file) in order; links that lead out are told and left.

    Out of `within`, the folder that was named, when `folder` is one below it.
    """
    root = folder.resolve()
    if not inside(folder, within or folder, told):
        return
    for place, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            file = Path(place, name)
            if file.suffix.lower() in endings and inside(file, within or folder, told):
                yield file.relative_to(root).as_posix(), file


def inside(place: Path, folder: Path, told: Told) -> bool:
    """Tell whether a file or folder lies in `folder` after all links are followed; else count it.

    A link in the folder of a stranger may lead to anything that this person can read.
    """
    stays = place.resolve().is_relative_to(folder.resolve())
    told.drop(LEAVES, int(not stays))
    return stays


def objects(value: object, what: str) -> list[dict[str, Any]]:
    """Return a list of JSON objects. Raise FormatError when it is anything else."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise FormatError(f"The file has no proper list of {what}.")
    return value


def number(value: object) -> float | None:
    """Return a finite number as float, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def from_outlines(polygons: list[object], row: ImageRow) -> Rle:
    """Return the union of [x, y, x, y, ...] in pixels. Raise MaskInvalid."""
    return rasterise([_points(polygon) for polygon in polygons], row.height, row.width)


def _points(polygon: object) -> NDArray[np.float64]:
    # true and false are numbers to Python, but no places in an image
    if not isinstance(polygon, list) or not set(map(type, polygon)) <= {int, float}:
        raise MaskInvalid("An outline has points that are no numbers.")
    try:
        return np.array(polygon, np.float64)
    except OverflowError as error:
        raise MaskInvalid("An outline has points that are nowhere.") from error


def keep_box(
    found: list[ForeignMask],
    word: str,
    sides: object,
    row: ImageRow,
    told: Told,
    *,
    which: str,
    score: object = None,
) -> None:
    """Add a box [x, y, width, height] in pixels as far as it lies in the image, or tell why not."""
    values = [number(value) for value in sides] if isinstance(sides, list) else []
    if len(values) != 4 or None in values:
        told.drop(BOXES, which=which)
        return
    x, y, width, height = (value for value in values if value is not None)
    left, top = max(0, _rounded(x)), max(0, _rounded(y))
    right, bottom = min(row.width, _rounded(x + width)), min(row.height, _rounded(y + height))
    if right <= left or bottom <= top:
        told.drop(BOXES, which=which)
        return
    part = np.ones((bottom - top, right - left), bool)
    rle = masks.encode_part(part, top=top, left=left, height=row.height, width=row.width)
    sure = number(score)
    found.append(ForeignMask(word, rle, BOX, sure if sure is not None and 0 <= sure <= 1 else 1.0))


def keep(
    found: list[ForeignMask],
    word: str,
    make: Callable[[], Rle],
    told: Told,
    *,
    which: str = "",
    kind: str = MASK,
) -> bool:
    """Add the mask that `make` gives, or tell why not; return whether it was added."""
    try:
        rle = make()
        empty = masks.area(rle) == 0
    except MaskInvalid:
        told.drop(DAMAGED, which=which)
        return False
    if empty:
        told.drop(EMPTY, which=which)
    else:
        found.append(ForeignMask(word, rle, kind))
    return not empty


def fits(width: object, height: object, row: ImageRow) -> bool:
    """Tell whether a stated size, where it is stated at all, is that of the image."""
    stated = [value for value in (width, height) if value is not None]
    return not stated or [width, height] == [row.width, row.height]


def word_of(value: object) -> str:
    """Return a name as it can be a word of a vocabulary, "" when nothing is left of it."""
    if not isinstance(value, str):
        return ""
    for mark in ",|\n\r":
        value = value.replace(mark, " ")
    return " ".join(value.split()).lstrip("- ")[:_MOST_SIZE_OF_NAME].strip()


def _rounded(value: float) -> int:
    return math.floor(min(max(value, -1.0), 2.0**31) + 0.5)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _short(error: ValueError) -> str:
    return str(error).partition("\n")[0][:80]
