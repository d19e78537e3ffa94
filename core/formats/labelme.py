"""labelme: one JSON file of outlines per image."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import traced
from cascadeclip.core.formats.plan import ExportImage, ExportMask

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
        self.folder.text(name, json.dumps(described, ensure_ascii=False) + "\n")
        self.annotations += len(image.masks)

    def _described(self, image: ExportImage, place: Path) -> dict[str, object]:
        words = {one.number: one.name for one in self.plan.words}
        path = f"{image.stem.rpartition('/')[2]}{image.ending}"
        if self.folder.images == "none":
            path = os.path.relpath(image.file, place).replace(os.sep, "/")
        return {
            "version": _VERSION,
            "flags": {},
            "shapes": [
                shape
                for number, one in enumerate(image.masks, 1)
                for shape in _shapes(one, words[one.category], number)
            ],
            "imagePath": path,
            "imageData": None,
            "imageHeight": image.row.height,
            "imageWidth": image.row.width,
        }


def _shapes(mask: ExportMask, label: str, number: int) -> list[dict[str, object]]:
    parts = traced(mask)
    return [
        {
            "label": label,
            "points": part.astype(float).tolist(),
            "group_id": number if len(parts) > 1 else None,
            "description": "",
            "shape_type": "polygon",
            "flags": {},
        }
        for part in parts
    ]
