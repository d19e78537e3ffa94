"""The folders of VOC: images, label images by word and by object, and lists of names."""

from __future__ import annotations

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import (
    UNREVIEWED,
    classes_json,
    objects,
    owners,
    palette,
    values,
)
from cascadeclip.core.formats.plan import ExportImage


class VocExport(FolderExport):
    """Write `JPEGImages`, `SegmentationClass`, `SegmentationObject` and `ImageSets`.

    0 is background, 255 what nobody reviewed; `labelmap.txt` and `classes.json` name the rest.
    """

    kind = "voc"

    def begin(self) -> None:
        """Write what the values stand for."""
        self._palette = palette(self.plan.words)
        self._sets: dict[str, list[str]] = {split: [] for split in self.plan.splits if split}
        self._all: list[str] = []
        rows = ["# label:color_rgb:parts:actions", "background:0,0,0::"]
        for one in self.plan.words:
            red, green, blue = one.colour
            rows.append(f"{one.name.replace(':', ' ')}:{red},{green},{blue}::")
        # By its colour: readers that know no 255 stop at a colour that has no name.
        rows.append(f"unreviewed:{','.join(map(str, self._palette[UNREVIEWED]))}::")
        self.folder.text("labelmap.txt", "\n".join(rows) + "\n")
        self.folder.json("classes.json", classes_json(self.plan.words))

    def add(self, image: ExportImage) -> None:
        """Write one image. Raise FormatError when it has more objects than a byte can number."""
        if len(image.masks) >= UNREVIEWED:
            raise FormatError(
                f"{image.name} has {len(image.masks)} masks and VOC holds {UNREVIEWED - 1};"
                " export COCO instead."
            )
        owner = owners(image, self.plan.notes)
        by_word = values(image, owner)
        name = image.flat
        self.folder.labels(f"SegmentationClass/{name}.png", by_word, self._palette)
        self.folder.labels(f"SegmentationObject/{name}.png", objects(by_word, owner), _OBJECTS)
        self.folder.place_image(image, f"JPEGImages/{name}.jpg", jpeg=True)
        self._all.append(name)
        if image.split:
            self._sets[image.split].append(name)
        self.annotations += len(image.masks)

    def finish(self) -> None:
        """Write the lists of names."""
        for split, names in {**self._sets, "trainval": self._all}.items():
            text = "".join(f"{name}\n" for name in names)
            self.folder.text(f"ImageSets/Segmentation/{split}.txt", text)


def _spread(number: int) -> tuple[int, int, int]:
    """Return a colour for a number: its bits dealt out to the channels, highest first."""
    red = green = blue = 0
    for bit in range(8):
        red |= (number >> (3 * bit) & 1) << (7 - bit)
        green |= (number >> (3 * bit + 1) & 1) << (7 - bit)
        blue |= (number >> (3 * bit + 2) & 1) << (7 - bit)
    return red, green, blue


_OBJECTS = [_spread(number) for number in range(UNREVIEWED + 1)]
