"""COCO's detection format: exact masks, outlines, or one annotation per word and image."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.formats.coco_file import CocoCategory, CocoFile
from cascadeclip.core.formats.folder import Folder
from cascadeclip.core.formats.options import Notes
from cascadeclip.core.formats.painting import counts, of_categories, owners, traced
from cascadeclip.core.formats.plan import ExportImage, ExportMask, Plan
from cascadeclip.core.formats.whole_file import WholeFile
from cascadeclip.core.outlines import redrawn

# Below this the outlines are no longer the mask; it goes out as run lengths.
LEAST_IOU = 0.999


@dataclass(frozen=True, slots=True)
class Coded:
    """Hold one annotation: its mask and, unless that is to be run lengths, its outlines."""

    mask: ExportMask
    polygons: list[list[int]] | None = None


Encode = Callable[[ExportImage, Notes], Iterator[Coded]]


def as_runs(image: ExportImage, notes: Notes) -> Iterator[Coded]:
    """Give every mask as compressed run lengths, bit for bit."""
    del notes
    for one in image.masks:
        yield Coded(one)


class AsPolygons:
    """Give every mask as outlines; how near they are stands in its attributes and in the notes."""

    def __init__(self) -> None:
        self.count, self.total, self.least = 0, 0.0, 1.0

    def __call__(self, image: ExportImage, notes: Notes) -> Iterator[Coded]:
        """Give the masks of one image."""
        for one, parts in zip(image.masks, traced(image.masks), strict=True):
            near = masks.iou(redrawn(parts, one.rle.height, one.rle.width), one.rle)
            self.count += 1
            self.total += near
            self.least = min(self.least, near)
            told = replace(one, attributes={**one.attributes, "polygon_iou": round(near, 4)})
            if near < LEAST_IOU:
                notes.count("Masks kept as run lengths, as outlines do not fit them")
            exact = near >= LEAST_IOU
            yield Coded(told, [part.ravel().tolist() for part in parts] if exact else None)

    def tell(self, notes: Notes) -> None:
        """Say how near the outlines came."""
        if self.count:
            notes.say(
                f"Overlap (IoU) of outlines and masks: {self.total / self.count:.4f} on average,"
                f" {self.least:.4f} at least."
            )


def per_word(image: ExportImage, notes: Notes) -> Iterator[Coded]:
    """Give one mask for each word in the image; no pixel has two."""
    last = max((one.category for one in image.masks), default=0)
    kind = np.dtype(np.uint8 if last <= np.iinfo(np.uint8).max else np.int32)
    numbers = of_categories(owners(image, notes), image.masks, kind)
    areas = counts(numbers, last + 1)
    for category in (np.flatnonzero(areas[1:]) + 1).tolist():
        rle = masks.encode(numbers == category)
        yield Coded(ExportMask(category, rle, int(areas[category]), {}))


class CocoExport:
    """Write one file, or with a split or images a folder of them with their images."""

    def __init__(self, plan: Plan, out: Path, kind: str, images: str, encode: Encode) -> None:
        self.annotations = 0
        self._plan, self._out, self._encode = plan, out, encode
        self._alone = images == "none" and not plan.options.shares
        self._stack = ExitStack()
        self._folder = None
        if not self._alone:
            self._folder = Folder(out, kind=kind, images=images, notes=plan.notes)
        self._files: dict[str, CocoFile] = {}
        self._results: dict[str, ResultsFile] = {}

    def __enter__(self) -> Self:
        """Open the files. Raise FormatError where that cannot be."""
        with self._stack:  # closes what is open when one of them fails
            if self._folder is not None:
                self._stack.enter_context(self._folder)
            for split in self._plan.splits:
                path, beside = self._paths(split)
                if self._plan.options.suggestions:
                    self._results[split] = self._stack.enter_context(ResultsFile(beside))
                file = CocoFile(path, description=self._plan.description)
                self._files[split] = self._stack.enter_context(file)
                file.set_categories(CocoCategory(one.number, one.name) for one in self._plan.words)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put all files in their places, or none."""
        if isinstance(self._encode, AsPolygons):
            self._encode.tell(self._plan.notes)
        self._stack.__exit__(kind, error, trace)

    def add(self, image: ExportImage) -> None:
        """Write one image. Raise FormatError, ImageUnreadable."""
        file = self._files[image.split]
        name = image.name
        if self._folder is not None and self._folder.images != "none":
            # Datumaro and CVAT tell files apart by their names without the ending.
            name = f"{image.stem}{image.ending}"
        number = file.add_image(name, image.row.width, image.row.height)
        for one in self._encode(image, self._plan.notes):
            file.add_annotation(
                number,
                one.mask.category,
                one.mask.rle,
                attributes=one.mask.attributes,
                polygons=one.polygons,
            )
            self.annotations += 1
        for suggestion in image.suggestions:
            self._results[image.split].add(number, suggestion)
        if self._folder is not None:
            part = f"{image.split}/" if image.split else ""
            self._folder.place_image(image, f"images/{part}{name}")

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        for file in self._files.values():
            file.discard()
        for results in self._results.values():
            results.discard()
        if self._folder is not None:
            self._folder.discard()

    def _paths(self, split: str) -> tuple[Path, Path]:
        if self._folder is None:
            return self._out, self._out.with_name(f"{self._out.stem}.suggestions.json")
        end = f"_{split}" if split else ""
        return (
            self._folder.path(f"annotations/instances{end}.json"),
            self._folder.path(f"annotations/suggestions{end}.json"),
        )


class ResultsFile:
    """Write suggestions with scores as a COCO results file, put in place whole."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._file, self._stack = WholeFile(out), ExitStack()
        self._count = 0

    def __enter__(self) -> Self:
        """Open the file beside. Raise FormatError where that cannot be."""
        self._stack.enter_context(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in its place, or remove it."""
        with self._stack:
            if error is not None:
                raise error
            self._file.write("\n]\n" if self._count else "[]\n")

    def add(self, image_id: int, mask: ExportMask) -> None:
        """Write one suggestion; its box is left to the reader, who would take its area from it."""
        row = {
            "image_id": image_id,
            "category_id": mask.category,
            "segmentation": {
                "size": [mask.rle.height, mask.rle.width],
                "counts": mask.rle.counts.decode("ascii"),
            },
            "score": round(float(mask.score or 0.0), 6),
        }
        self._file.write((",\n" if self._count else "[\n") + json.dumps(row))
        self._count += 1

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        self._file.discard()
