"""Label images: one indexed PNG per image, and what its values stand for."""

from __future__ import annotations

from cascadeclip.core.formats.folder_export import FolderExport
from cascadeclip.core.formats.painting import classes_json, owners, palette, values
from cascadeclip.core.formats.plan import ExportImage


class SemanticExport(FolderExport):
    """Write `labels/*.png` (0 background, 1..N words, 255 unreviewed) and `classes.json`."""

    kind = "semantic"

    def begin(self) -> None:
        """Write what the values stand for."""
        self._palette = palette(self.plan.words)
        self.folder.json("classes.json", classes_json(self.plan.words))

    def add(self, image: ExportImage) -> None:
        """Write one label image."""
        owner = owners(image, self.plan.notes)
        part = f"{image.split}/" if image.split else ""
        self.folder.labels(f"labels/{part}{image.stem}.png", values(image, owner), self._palette)
        self.folder.place_image(image, f"images/{part}{image.stem}{image.ending}")
        self.annotations += len(image.masks)
