"""A COCO instances file, written row by row and put in place whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.whole_file import WholeFile
from cascadeclip.core.values import Rle


@dataclass(frozen=True, slots=True)
class CocoCategory:
    """Name a category: `id` from 1, without gaps; `more` holds keys of special formats."""

    id: int
    name: str
    more: Mapping[str, object] = field(default_factory=dict)


class CocoFile:
    """Write images and annotations as they come; leave the block without an error to keep them.

    Ids are given from 1. Annotations stream to the disk; the rows of images are small and wait in
    memory for their turn. `discard` inside the block, or an error, leaves the old file as it was.
    """

    def __init__(self, out: Path, *, description: str, licence: str = "Not stated") -> None:
        self.out = out
        self.images: list[dict[str, Any]] = []
        self.annotations = 0
        self.categories: list[CocoCategory] = []
        self._head = _head(description, licence)
        self._file, self._stack = WholeFile(out), ExitStack()

    def __enter__(self) -> Self:
        """Open a new file beside the final one. Raise FormatError where that cannot be."""
        if self.out.is_dir():
            raise FormatError(f"{self.out} is a folder; name a file, such as annotations.json.")
        if self.out.exists() and self.out.suffix != ".json":
            raise FormatError(f"{self.out} exists and is no .json file; choose another name.")
        self._stack.enter_context(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the finished file in its place, or remove every trace of it."""
        with self._stack:
            if error is not None:
                raise error
            if self._file.kept:
                self._finish()

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        self._file.discard()

    def add_image(self, file_name: str, width: int, height: int) -> int:
        """Add an image of `width` x `height` upright pixels; return its id."""
        number = len(self.images) + 1
        self.images.append(
            {
                "id": number,
                "file_name": file_name,
                "width": width,
                "height": height,
                "license": 1,
                "date_captured": "",
            }
        )
        return number

    def add_annotation(
        self,
        image_id: int,
        category_id: int,
        rle: Rle,
        *,
        attributes: Mapping[str, object] | None = None,
        polygons: Sequence[Sequence[float]] | None = None,
    ) -> int:
        """Add one object with its exact mask, or with `polygons` in its place; return its id.

        Area and box are those of the mask. Raise FormatError when it is empty.
        """
        area = masks.area(rle)
        if area == 0:
            raise FormatError("An annotation has no pixels and cannot be exported; delete it.")
        runs = {"size": [rle.height, rle.width], "counts": rle.counts.decode("ascii")}
        row: dict[str, object] = {
            "id": self.annotations + 1,
            "image_id": image_id,
            "category_id": category_id,
            "segmentation": runs if polygons is None else polygons,
            "area": float(area),
            "bbox": [float(side) for side in masks.bbox(rle)],
            "iscrowd": 0,
        }
        if attributes:
            row["attributes"] = dict(attributes)
        self.add_row(row)
        return self.annotations

    def add_row(self, row: Mapping[str, object]) -> None:
        """Add an annotation as it stands, for formats that are COCO's but not of objects."""
        self.annotations += 1
        self._write(("," if self.annotations > 1 else "") + "\n" + json.dumps(row))

    def set_categories(self, categories: Iterable[CocoCategory]) -> None:
        """Say which categories there are, used or not."""
        self.categories = list(categories)

    def _finish(self) -> None:
        rows = [
            {"id": one.id, "name": one.name, "supercategory": "object", **one.more}
            for one in self.categories
        ]
        self._write('\n],\n"images": ' + _lines(self.images))
        self._write(',\n"categories": ' + _lines(rows) + "\n}\n")

    def _write(self, text: str) -> None:
        self._file.write(self._head + text)
        self._head = ""


def _head(description: str, licence: str) -> str:
    now = datetime.now(tz=UTC)
    info = {
        "description": description,
        "url": "",
        "version": f"cascadeclip {_version()}",
        "year": now.year,
        "contributor": "",
        "date_created": now.strftime("%Y-%m-%d %H:%M:%S"),
    }
    licences = [{"id": 1, "name": licence, "url": ""}]
    return f'{{\n"info": {json.dumps(info)},\n"licenses": {json.dumps(licences)},\n"annotations": ['


def _version() -> str:
    try:
        return version("cascadeclip")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _lines(rows: list[dict[str, Any]]) -> str:
    return "[" + ",".join("\n" + json.dumps(row) for row in rows) + "\n]"
