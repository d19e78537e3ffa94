"""Label images: VOC's folders, and indexed PNGs with classes.json."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, ImageUnreadable
from cascadeclip.core.formats.importing import foreign
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told
from cascadeclip.core.formats.painting import UNREVIEWED
from cascadeclip.core.images import open_labels, read_header

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

UNREADABLE = "Label images that cannot be read, or are of colours in place of numbers"
UNNAMED = "Values of label images that no list names"
LOOSE = "Pixels of a word that belong to no object"
VOC_WORDS = (
    "No labelmap.txt, class_names.txt or classes.json: values are taken as VOC's own twenty words."
)
_NO_WORDS = ("background", "unreviewed", "void", "ignore", "unlabeled", "unlabelled")


def read_voc(path: Path, told: Told) -> list[ForeignImage]:
    """Read `SegmentationClass` and, where it is there, `SegmentationObject`. Raise FormatError."""
    classes, objects = path / "SegmentationClass", path / "SegmentationObject"
    if not classes.is_dir():
        raise FormatError(f"{path} has no folder SegmentationClass; name the folder that has it.")
    words = _voc_words(path, told)
    found = []
    for name, file in foreign.files_below(classes, (".png",), told, within=path):
        other = objects / name
        there = other.is_file() and foreign.inside(other, path, told)
        load = partial(_load, file=file, objects=other if there else None, words=words, told=told)
        found.append(ForeignImage((name.removesuffix(file.suffix),), load, bare=True))
    return found


def read_semantic(path: Path, told: Told) -> list[ForeignImage]:
    """Read the PNGs of `labels`, or of the folder, by its classes.json. Raise FormatError."""
    words = _listed_words(_own(path, "classes.json", told))
    place = path / "labels" if (path / "labels").is_dir() else path
    found = []
    for name, file in foreign.files_below(place, (".png",), told, within=path):
        load = partial(_load, file=file, objects=None, words=words, told=told)
        found.append(ForeignImage((name.removesuffix(file.suffix),), load, bare=True))
    return found


def _load(
    row: ImageRow, *, file: Path, objects: Path | None, words: dict[int, str], told: Told
) -> list[ForeignMask] | None:
    labels = _labels(file, row, told)
    if labels is None or np.all(labels == UNREVIEWED):
        return None
    parts = labels if objects is None else _labels(objects, row, told)
    if parts is None:
        return None
    wanted = {value for value, word in words.items() if word}
    found: list[ForeignMask] = []
    covered = np.zeros(labels.shape, bool)
    for part in np.unique(parts[(parts != 0) & (parts != UNREVIEWED)] if objects else parts):
        region = parts == part
        value = int(part) if objects is None else _most(labels[region])
        if value in wanted:
            found.append(ForeignMask(words[value], masks.encode(region)))
            covered |= region
        elif value not in words and value not in (0, UNREVIEWED):
            told.drop(UNNAMED)
    if objects is not None:
        told.drop(LOOSE, int(np.count_nonzero(np.isin(labels, sorted(wanted)) & ~covered)))
    return found


def _labels(file: Path, row: ImageRow, told: Told) -> NDArray[np.uint8] | None:
    try:
        header = read_header(file)
        if (header.width, header.height) != (row.width, row.height):
            told.drop(foreign.SIZE)
            return None
        return open_labels(file)
    except ImageUnreadable:
        told.drop(UNREADABLE)
        return None


def _most(values: NDArray[np.uint8]) -> int:
    """Return the most frequent value that is a label, 0 when there is none."""
    counts = np.bincount(values, minlength=256)
    counts[[0, UNREVIEWED]] = 0
    return int(counts.argmax()) if counts.any() else 0


def _voc_words(path: Path, told: Told) -> dict[int, str]:
    if (path / "classes.json").is_file():
        return _listed_words(_own(path, "classes.json", told))
    for name in ("labelmap.txt", "class_names.txt"):
        if (path / name).is_file():
            lines = foreign.read_text(_own(path, name, told), most=1 << 20).splitlines()
            names = [line.partition(":")[0] for line in lines if line.strip() and line[0] != "#"]
            break
    else:
        told.notes.say(VOC_WORDS)
        place = files("cascadeclip.resources") / "datasets" / "voc20.txt"
        names = ["background", *place.read_text(encoding="utf-8").split()]
    return {value: _word(name) for value, name in enumerate(names)}


def _own(path: Path, name: str, told: Told) -> Path:
    """Return a list of words by its name. Raise FormatError when it is a link that leads out."""
    if not foreign.inside(path / name, path, told):
        raise FormatError(
            f"{name} in {path} is a link to another place; put the file itself there."
        )
    return path / name


def _listed_words(path: Path) -> dict[int, str]:
    rows = foreign.objects(foreign.read_json(path, most=16 << 20), "words with their values")
    found: dict[int, str] = {}
    for row in rows:
        value = row.get("value")
        if type(value) is not int or not 0 <= value <= UNREVIEWED:
            raise FormatError(f"{path.name} has a value that no label image can have.")
        found[value] = _word(row.get("name"))
    return found


def _word(name: object) -> str:
    word = foreign.word_of(name)
    return "" if word.casefold().strip("_") in _NO_WORDS else word
