"""COCO panoptic: one PNG of segment ids per image, and a JSON file that describes them.

An id is stored as red + 256 green + 65536 blue; 0 is what has no mask.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core import masks
from cascadeclip.core.formats.coco_file import CocoCategory, CocoFile
from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import owners
from cascadeclip.core.formats.plan import Category, ExportImage


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
        self.folder.rgb(f"annotations/{_name(image.split)}/{name}", _coded(ids[owner]))
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
        self, image: ExportImage, owner: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], list[dict[str, object]]]:
        """Return the id of each owner, and the description of each id."""
        ids = np.zeros(len(image.masks) + 1, np.int64)
        found: dict[int, int] = {}
        stuff: dict[int, int] = {}
        for at in np.unique(owner[owner > 0]).tolist():
            word = self._words[image.masks[at - 1].category]
            if word.stuff and word.number in stuff:
                ids[at] = stuff[word.number]
                continue
            ids[at] = _free_id(word, found)
            found[int(ids[at])] = word.number
            if word.stuff:
                stuff[word.number] = int(ids[at])
        coded = ids[owner]
        return ids, [_segment(coded == number, number, word) for number, word in found.items()]


def _name(split: str) -> str:
    return f"panoptic_{split}" if split else "panoptic"


def _described(word: Category) -> dict[str, object]:
    return {"isthing": int(not word.stuff), "color": list(word.colour)}


def _free_id(word: Category, taken: dict[int, int]) -> int:
    # Near the colour of the word, so that the PNG can be looked at.
    red, green, blue = word.colour
    number = red + 256 * green + 65536 * blue
    while number == 0 or number in taken:
        number = (number + 1) % 2**24
    return number


def _segment(mask: NDArray[np.bool_], number: int, category: int) -> dict[str, object]:
    rle = masks.encode(mask)
    return {
        "id": number,
        "category_id": category,
        "area": masks.area(rle),
        "bbox": list(masks.bbox(rle)),
        "iscrowd": 0,
    }


def _coded(ids: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.stack((ids & 255, (ids >> 8) & 255, ids >> 16), axis=2).astype(np.uint8)
