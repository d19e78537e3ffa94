"""labelme: one JSON file of outlines per image."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import traced
from cascadeclip.core.formats.plan import ExportImage
from cascadeclip.core.outlines import Polygon

# The version of labelme whose keys these are; it warns about files of another main version.
_VERSION = "5.5.0"


class LabelmeExport(FolderExport):
    """Write a JSON file beside each image; parts of one mask have a group number in common."""

    kind = "labelme"

    def add(self, image: ExportImage) -> None:
        """Write one image."""
        part = f"{image.split}/" if image.split else ""
        name = f"{part}{image.stem}.json"
        self.folder.place_image(image, f"{part}{image.stem}{image.ending}")
        described = self._described(image, (self.folder.out / name).parent)
        shapes = ", ".join(self._shapes(image))
        self.folder.text_later(name, f'{_json(described)[:-1]}, "shapes": [{shapes}]}}\n')
        self.annotations += len(image.masks)

    def _described(self, image: ExportImage, place: Path) -> dict[str, object]:
        path = f"{image.stem.rpartition('/')[2]}{image.ending}"
        if self.folder.images == "none":
            path = os.path.relpath(image.file, place).replace(os.sep, "/")
        return {
            "version": _VERSION,
            "flags": {},
            "imagePath": path,
            "imageData": None,
            "imageHeight": image.row.height,
            "imageWidth": image.row.width,
        }

    def _shapes(self, image: ExportImage) -> Iterator[str]:
        words = {one.number: one.name for one in self.plan.words}
        every = zip(image.masks, traced(image.masks), strict=True)
        for number, (mask, parts) in enumerate(every, 1):
            shape: dict[str, object] = {
                "label": words[mask.category],
                "group_id": number if len(parts) > 1 else None,
                "description": "",
                "shape_type": "polygon",
                "flags": {},
            }
            for part in parts:
                yield f'{_json(shape)[:-1]}, "points": {_points(part)}}}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _points(part: Polygon) -> str:
    """Return [[x, y], ...] as text: a list for each point would take most of the time."""
    return "[" + ", ".join(["[%d, %d]"] * len(part)) % tuple(part.ravel().tolist()) + "]"
