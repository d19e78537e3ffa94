"""COCO instances: run lengths of both kinds, outlines, crowds, boxes.

A file may be larger than the memory: the first walk through it keeps images, words and where the
annotations of each image stand; they are read when the turn of their image comes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, MaskInvalid
from cascadeclip.core.formats.importing import foreign, streaming
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told
from cascadeclip.core.values import Rle

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

CVAT_CROWD = "Masks that CVAT marks as crowd, taken as they are"
HOMELESS = "Annotations of images that the file does not list"
_NO_MASK = "Annotations without a mask"
_LISTS = ("images", "categories", "annotations")

Json = dict[str, Any]


@dataclass(slots=True)
class _File:
    """Hold what is kept of a file."""

    path: Path
    seen: set[str] = field(default_factory=set)
    images: list[Json] = field(default_factory=list)
    names: dict[object, str] = field(default_factory=dict)
    places: dict[object, list[streaming.Span]] = field(default_factory=lambda: defaultdict(list))


def read(path: Path, told: Told) -> list[ForeignImage]:
    """Read a COCO file, or those in the `annotations` of a folder. Raise FormatError."""
    found: list[ForeignImage] = []
    for file in _files(path, told):
        found += _read_file(file, told)
    return found


def _files(path: Path, told: Told) -> list[Path]:
    if not path.is_dir():
        return [path]
    place = path / "annotations" if (path / "annotations").is_dir() else path
    files = [
        file
        for name, file in foreign.files_below(place, (".json",), told, within=path)
        if "/" not in name and name.startswith("instances")
    ]
    if not files:
        raise FormatError(f"{path} has no annotations/instances*.json; name the file itself.")
    return files


def _read_file(path: Path, told: Told) -> list[ForeignImage]:
    file = _File(path)
    for key, value, span in streaming.Walk(path, skimmed=("annotations",)):
        if key in _LISTS:
            _take(file, key, value, span)
    missing = [name for name in _LISTS if name not in file.seen]
    if missing:
        raise FormatError(f"{path.name} is no COCO file: it has no list of {missing[0]}.")
    found = []
    for image in file.images:
        places = file.places.pop(_key(image.get("id")), [])
        load = partial(_load, image=image, places=places, file=file, told=told)
        found.append(ForeignImage((str(image.get("file_name", "")),), load))
    for number, places in file.places.items():
        told.drop(HOMELESS, len(places), which=f"image {number}")
    return found


def _take(file: _File, key: str, value: object, span: streaming.Span) -> None:
    file.seen.add(key)
    if span == streaming.BEGIN:
        return
    if not isinstance(value, dict):
        raise FormatError(f"{file.path.name} has no proper list of {key}.")
    if key == "annotations":
        whole = value
        if isinstance(value.get("image_id"), str):  # skimming leaves text out
            (whole,) = streaming.read_again(file.path, [span])
        file.places[_key(whole.get("image_id"))].append(span)
    elif key == "images":
        file.images.append(value)
    else:
        file.names[_key(value.get("id"))] = foreign.word_of(value.get("name"))


def _load(
    row: ImageRow, *, image: Json, places: list[streaming.Span], file: _File, told: Told
) -> list[ForeignMask] | None:
    if not foreign.fits(image.get("width"), image.get("height"), row):
        told.drop(foreign.SIZE, len(places))
        return None
    found: list[ForeignMask] = []
    for one in streaming.read_again(file.path, places):
        which = f"annotation {_key(one.get('id'))}"
        word = file.names.get(_key(one.get("category_id")), "")
        outlines = one.get("segmentation")
        if not word:
            told.drop(foreign.NAMELESS, which=which)
        elif not outlines:
            _box(found, word, one, row, told)
        elif isinstance(outlines, dict) and outlines.get("size") != [row.height, row.width]:
            told.drop(foreign.SIZE, which=which)
        else:
            crowd = bool(one.get("iscrowd"))
            cvat = crowd and _is_cvat(one)
            kind = foreign.CROWD if crowd and not cvat else foreign.MASK
            kept = foreign.keep(
                found, word, partial(_mask, outlines, row), told, which=which, kind=kind
            )
            told.notes.count(CVAT_CROWD, int(cvat and kept))
    return found


def _box(found: list[ForeignMask], word: str, one: Json, row: ImageRow, told: Told) -> None:
    which = f"annotation {_key(one.get('id'))}"
    sides = one.get("bbox")
    if not sides:
        told.drop(_NO_MASK, which=which)
        return
    foreign.keep_box(found, word, sides, row, told, which=which, score=one.get("score"))


def _mask(value: object, row: ImageRow) -> Rle:
    if isinstance(value, list):
        return foreign.from_outlines(value, row)
    counts = value.get("counts") if isinstance(value, dict) else None
    if isinstance(counts, list):
        return masks.from_runs(counts, height=row.height, width=row.width)
    if isinstance(counts, str) and counts.isascii():
        return masks.canonical(Rle(row.height, row.width, counts.encode("ascii")))
    raise MaskInvalid("The mask is damaged: it has no run lengths.")


def _is_cvat(one: Json) -> bool:
    attributes = one.get("attributes")
    return isinstance(attributes, dict) and "occluded" in attributes


def _key(value: object) -> object:
    """Return what can be looked up: numbers and texts, not lists."""
    return value if isinstance(value, int | str) else None
