"""COCO instances: run lengths of both kinds, outlines, crowds."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError, MaskInvalid
from cascadeclip.core.formats.importing import foreign
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told
from cascadeclip.core.values import Rle

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

CROWD = "Crowd regions, each taken as one mask"
CVAT_CROWD = "Masks that CVAT marks as crowd, taken as they are"
HOMELESS = "Annotations of images that the file does not list"
_NO_MASK = "Annotations without a mask"

Json = dict[str, Any]


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
        for name, file in foreign.files_below(place, (".json",), told)
        if "/" not in name and name.startswith("instances")
    ]
    if not files:
        raise FormatError(f"{path} has no annotations/instances*.json; name the file itself.")
    return files


def _read_file(path: Path, told: Told) -> list[ForeignImage]:
    data = foreign.read_json(path)
    if not isinstance(data, dict):
        raise FormatError(f"{path.name} is no COCO file: it holds no images and categories.")
    names = {
        _key(one.get("id")): foreign.word_of(one.get("name"))
        for one in foreign.objects(data.get("categories"), "categories")
    }
    by_image: dict[object, list[Json]] = defaultdict(list)
    for one in foreign.objects(data.get("annotations"), "annotations"):
        by_image[_key(one.get("image_id"))].append(one)
    found = []
    for image in foreign.objects(data.get("images"), "images"):
        rows = by_image.pop(_key(image.get("id")), [])
        load = partial(_load, image=image, rows=rows, names=names, told=told)
        found.append(ForeignImage((str(image.get("file_name", "")),), load))
    told.drop(HOMELESS, sum(len(rows) for rows in by_image.values()))
    return found


def _load(
    row: ImageRow, *, image: Json, rows: list[Json], names: dict[object, str], told: Told
) -> list[ForeignMask] | None:
    if not foreign.fits(image.get("width"), image.get("height"), row):
        told.drop(foreign.SIZE, len(rows))
        return None
    found: list[ForeignMask] = []
    for one in rows:
        word = names.get(_key(one.get("category_id")), "")
        outlines = one.get("segmentation")
        if not word:
            told.drop(foreign.NAMELESS)
        elif not outlines:
            told.drop(foreign.BOXES if one.get("bbox") else _NO_MASK)
        elif isinstance(outlines, dict) and outlines.get("size") != [row.height, row.width]:
            told.drop(foreign.SIZE)
        else:
            count = len(found)
            foreign.keep(found, word, partial(_mask, outlines, row), told)
            if one.get("iscrowd") and len(found) > count:
                told.notes.count(CVAT_CROWD if _is_cvat(one) else CROWD)
    return found


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
