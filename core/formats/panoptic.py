"""COCO panoptic: one PNG of segment ids per image, and a JSON file that describes them.

An id is stored as red + 256 green + 65536 blue; 0 is what has no mask.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.formats.coco_file import CocoCategory, CocoFile
from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import Owners, counts, mapped_colours, owners
from cascadeclip.core.formats.plan import Category, ExportImage, ExportMask


class PanopticExport(FolderExport):
    """Write `annotations/panoptic*.json` and the PNGs in a folder of the same name beside it."""

    kind = "coco-panoptic"

    def begin(self) -> None:
        """Open one JSON file for each part of the split."""
        self._words = {one.number: one for one in self.plan.words}
        self._files: dict[str, CocoFile] = {}
        for split in self.plan.splits:
            path = self.folder.path(f"annotations/{_name(split)}.json")
            file = CocoFile(path, description=self.plan.description)
            self._files[split] = self._stack.enter_context(file)
            file.set_categories(
                CocoCategory(one.number, one.name, _described(one)) for one in self.plan.words
            )

    def add(self, image: ExportImage) -> None:
        """Write one image."""
        owner = owners(image, self.plan.notes)
        ids, segments = self._segments(image, owner)
        name = f"{image.flat}.png"
        self.folder.colours(f"annotations/{_name(image.split)}/{name}", mapped_colours(owner, ids))
        part = f"{image.split}/" if image.split else ""
        file_name = image.name if self.folder.images == "none" else image.flat + image.ending
        self.folder.place_image(image, f"images/{part}{file_name}")
        file = self._files[image.split]
        number = file.add_image(file_name, image.row.width, image.row.height)
        file.add_row({"image_id": number, "file_name": name, "segments_info": segments})
        self.annotations += len(segments)

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        for file in self._files.values():
            file.discard()
        super().discard()

    def _segments(
        self, image: ExportImage, owner: Owners
    ) -> tuple[NDArray[np.uint32], list[dict[str, object]]]:
        """Return the id of each owner, and the description of each id."""
        ids = np.zeros(len(image.masks) + 1, np.uint32)
        found: dict[int, _Segment] = {}
        stuff: dict[int, int] = {}
        seen_areas = counts(owner, len(image.masks) + 1).tolist()
        for at, one in enumerate(image.masks, 1):
            if not seen_areas[at]:
                continue
            seen = _visible(owner, at, one, seen_areas[at])
            word = self._words[one.category]
            if word.stuff and word.number in stuff:
                ids[at] = stuff[word.number]
                found[int(ids[at])] = found[int(ids[at])].with_(*seen)
                continue
            ids[at] = _free_id(word, found)
            found[int(ids[at])] = _Segment(word.number, *seen)
            if word.stuff:
                stuff[word.number] = int(ids[at])
        return ids, [one.row(number) for number, one in found.items()]


@dataclass(frozen=True, slots=True)
class _Segment:
    """Hold what is visible of a segment: pixels, and box (left, top, right, bottom)."""

    category: int
    area: int
    box: tuple[int, int, int, int]

    def with_(self, area: int, box: tuple[int, int, int, int]) -> _Segment:
        first = map(min, self.box[:2], box[:2])
        last = map(max, self.box[2:], box[2:])
        left, top, right, bottom = *first, *last
        return _Segment(self.category, self.area + area, (left, top, right, bottom))

    def row(self, number: int) -> dict[str, object]:
        left, top, right, bottom = self.box
        return {
            "id": number,
            "category_id": self.category,
            "area": self.area,
            "bbox": [left, top, right - left, bottom - top],
            "iscrowd": 0,
        }


def _visible(
    owner: Owners, at: int, mask: ExportMask, area: int
) -> tuple[int, tuple[int, int, int, int]]:
    """Return `area`, which is not 0, and box of what one owner has; only its mask's box is read."""
    left, top, width, height = masks.bbox(mask.rle)
    if area == mask.area:  # nothing lies above it
        return area, (left, top, left + width, top + height)
    part = owner[top : top + height, left : left + width] == at
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    first, last = (left + int(columns[0]), top + int(rows[0])), (columns[-1], rows[-1])
    return area, (*first, left + int(last[0]) + 1, top + int(last[1]) + 1)


def _name(split: str) -> str:
    return f"panoptic_{split}" if split else "panoptic"


def _described(word: Category) -> dict[str, object]:
    return {"isthing": int(not word.stuff), "color": list(word.colour)}


def _free_id(word: Category, taken: Container[int]) -> int:
    # Near the colour of the word, so that the PNG can be looked at.
    red, green, blue = word.colour
    number = red + 256 * green + 65536 * blue
    while number == 0 or number in taken:
        number = (number + 1) % 2**24
    return number
