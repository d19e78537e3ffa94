"""YOLO segmentation: one text file of outlines per image, and data.yaml."""

from __future__ import annotations

import json
from functools import lru_cache

from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import traced
from cascadeclip.core.formats.plan import ExportImage, ExportMask
from cascadeclip.core.outlines import Polygon, join

EMPTY = "Images without masks that nobody reviewed, left out: they would be learnt as empty"


class YoloExport(FolderExport):
    """Write `labels/*/*.txt` beside `images/*/`, the words numbered from 0.

    A line is a word and one outline, its points as shares of width and height; parts of a mask
    are joined by lines without width, since a line of text cannot hold two outlines.
    """

    kind = "yolo"

    def begin(self) -> None:
        """Write data.yaml; without a split the same images train and validate."""
        names = [split for split in self.plan.splits if split]
        rows = [f"{split}: images/{split}" for split in names]
        if "train" not in names:
            rows.append(f"train: images/{names[0] if names else 'train'}")
        if "val" not in names:
            rows.append(f"val: images/{names[-1] if names else 'train'}")
        rows.append("names:")
        rows += [
            f"  {one.number - 1}: {json.dumps(one.name, ensure_ascii=False)}"
            for one in self.plan.words
        ]
        self.folder.text("data.yaml", "\n".join(rows) + "\n")

    def add(self, image: ExportImage) -> None:
        """Write one image."""
        unknown = image.row.status != "reviewed" or image.left_out
        if not image.masks and unknown:
            self.plan.notes.count(EMPTY)
            return
        part = image.split or "train"
        parts = traced(image.masks)
        lines = [_line(one, outlines) for one, outlines in zip(image.masks, parts, strict=True)]
        self.folder.text_later(f"labels/{part}/{image.stem}.txt", "".join(lines))
        self.folder.place_image(image, f"images/{part}/{image.stem}{image.ending}")
        self.annotations += len(lines)


def _line(mask: ExportMask, outlines: list[Polygon]) -> str:
    columns, rows = join(outlines).T.tolist()
    texts = [""] * (2 * len(columns))
    texts[0::2] = map(_shares(mask.rle.width).__getitem__, columns)
    texts[1::2] = map(_shares(mask.rle.height).__getitem__, rows)
    return f"{mask.category - 1}{''.join(texts)}\n"


@lru_cache(maxsize=4)
def _shares(side: int) -> list[str]:
    """Return as text, a space before it, which share of a side each place on it is.

    Written anew for every point of an outline this took a third of an export.
    """
    return [f" {place / side:.8g}" for place in range(side + 1)]
