"""What will be exported, in which order and under which names; decided before anything is written.

The masks are read image by image while the files are written: memory does not grow with them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.options import ExportOptions, Notes
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.values import Rle
from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import AnnotationRow, ClassRow, ImageRow


@dataclass(frozen=True, slots=True)
class Category:
    """Hold a word as the files know it: `number` from 1 without gaps, `colour` (r, g, b)."""

    number: int
    name: str
    phrases: tuple[str, ...]
    colour: tuple[int, int, int]
    stuff: bool = False


@dataclass(frozen=True, slots=True)
class ExportMask:
    """Hold one mask of an image with its category number."""

    category: int
    rle: Rle
    area: int
    attributes: dict[str, object]
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ExportImage:
    """Hold one image on its way out.

    `name` is its path in the folder of all images, with forward slashes; `stem` is that without
    the ending, and no other image has it in any case of letters. `split` is "" without a split.
    """

    row: ImageRow
    file: Path
    name: str
    stem: str
    split: str
    masks: tuple[ExportMask, ...]
    suggestions: tuple[ExportMask, ...] = ()
    left_out: tuple[Rle, ...] = ()

    @property
    def flat(self) -> str:
        """Return the stem for formats that know no folders."""
        return self.stem.replace("/", "__")

    @property
    def ending(self) -> str:
        """Return the ending of the file, such as ".jpg"."""
        return PurePosixPath(self.name).suffix


class Plan:
    """Decide images, names, categories and split of an export. Raise FormatError."""

    def __init__(self, project: Project, options: ExportOptions) -> None:
        self.project = project
        self.options = options
        self.notes = Notes()
        every = list(every_image(project))
        self.names = FileNames.of_images(project.folder, every)
        self._stems = stems([(row.id, self.names.of(row)) for row in every])
        self.rows = [row for row in every if not options.reviewed_only or row.status == "reviewed"]
        self.categories = _categories(
            shown=project.classes.all(),
            known=project.classes.all(include_hidden=True),
            used=project.annotations.used_classes(),
            options=options,
        )

    @property
    def splits(self) -> tuple[str, ...]:
        """Return the names of the parts, ("",) without a split."""
        return tuple(name for name, _ in self.options.shares) or ("",)

    @cached_property
    def description(self) -> str:
        """Return what the files say about themselves."""
        root = self.names.root
        where = "" if root is None else f" File names are relative to {root!r} of the project."
        return f"Exported by cascadeclip. Masks and sizes are of upright pixels.{where}"

    @property
    def words(self) -> list[Category]:
        """Return the categories in the order of their numbers."""
        return list(self.categories.values())

    def images(self) -> Iterator[ExportImage]:
        """Read image after image with its masks. Raise FormatError for an empty mask."""
        for row in self.rows:
            name = self.names.of(row)
            folder = str(PurePosixPath(row.path).parent)
            found, left_out = self._masks(row)
            yield ExportImage(
                row=row,
                file=Path(os.path.normpath(self.project.folder / row.path)),
                name=name,
                stem=self._stems[row.id],
                split=self.options.split_of(row.digest, folder),
                masks=tuple(found),
                suggestions=tuple(self._suggestions(row)),
                left_out=tuple(left_out),
            )

    def _masks(self, row: ImageRow) -> tuple[list[ExportMask], list[Rle]]:
        found: list[ExportMask] = []
        left_out: list[Rle] = []
        for one in self.project.annotations.of_image(row.id):
            area = masks.area(one.rle)
            if area == 0:
                raise FormatError("An annotation has no pixels and cannot be exported; delete it.")
            if area < self.options.min_area:
                self.notes.count("Masks left out as too small")
                left_out.append(one.rle)
                continue
            told = _attributes(one) if self.options.provenance else {}
            number = self.categories[one.class_id].number
            found.append(ExportMask(number, one.rle, area, told))
        return found, left_out

    def _suggestions(self, row: ImageRow) -> Iterator[ExportMask]:
        if not self.options.suggestions:
            return
        for one in self.project.suggestions.of_image(row.id):
            category = self.categories.get(one.class_id)
            if category is not None:
                area = masks.area(one.rle)
                yield ExportMask(category.number, one.rle, area, {}, score=one.score)


@dataclass(frozen=True, slots=True)
class FileNames:
    """Turn paths relative to the project into paths relative to the folder of all images."""

    base: Path
    root: str | None

    @classmethod
    def of_images(cls, folder: Path, rows: Iterable[ImageRow]) -> FileNames:
        """Find the folder that holds all images.

        Of all of the project, so that names stay the same when only reviewed ones are exported.
        """
        base = folder.resolve()
        folders = {base / PurePosixPath(row.path).parent for row in rows}
        try:
            common = os.path.commonpath([os.path.normpath(place) for place in folders])
            return cls(base, _slashes(os.path.relpath(common, base)))
        except ValueError:  # no images, or images on several drives
            return cls(base, None)

    def of(self, row: ImageRow) -> str:
        """Return the path with forward slashes."""
        if self.root is None:
            return row.path
        return _slashes(os.path.relpath(self.base / row.path, self.base / self.root))


def stems(names: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Give every image a name without its ending: "a.png" and "a.jpg" become a and a_jpg."""
    taken: set[str] = set()
    found: dict[int, str] = {}
    for row_id, name in names:
        path = PurePosixPath(name)
        # No drive and no folder of any system: on another one the files are unpacked.
        plain = path.with_suffix("") if path.name else path
        inside = [re.sub(r"[:\\]", "_", part) for part in plain.parts if part not in ("/", "..")]
        stem = "/".join(inside) or "image"
        tries = [stem, f"{stem}_{path.suffix[1:]}", f"{stem}_{row_id}", f"{stem}_image_{row_id}"]
        chosen = next(one for one in tries if _key(one) not in taken)
        taken.add(_key(chosen))
        found[row_id] = chosen
    return found


def _key(stem: str) -> str:
    return stem.replace("/", "__").casefold()


def _categories(
    *,
    shown: Sequence[ClassRow],
    known: Sequence[ClassRow],
    used: set[int],
    options: ExportOptions,
) -> dict[int, Category]:
    """Number the words from 1: the vocabulary's, then hidden and negative ones in use."""
    wanted = [row for row in shown if not row.negative]
    ids = {row.id for row in wanted}
    wanted += [row for row in known if row.id in used and row.id not in ids]
    by_name = {phrase_key(row.name): row for row in wanted}
    stuff = {_named(by_name, word).id for word in options.stuff}
    first = list(dict.fromkeys(_named(by_name, word).id for word in options.words))
    order = {class_id: place for place, class_id in enumerate(first)}
    wanted.sort(key=lambda row: order.get(row.id, len(order)))
    return {
        row.id: Category(number, row.name, row.phrases, _rgb(row.colour), row.id in stuff)
        for number, row in enumerate(wanted, 1)
    }


def _named(by_name: dict[str, ClassRow], word: str) -> ClassRow:
    row = by_name.get(phrase_key(word))
    if row is None:
        raise FormatError(f'"{word}" is no word that would be exported; look at the vocabulary.')
    return row


def _rgb(colour: str) -> tuple[int, int, int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return 128, 128, 128
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _attributes(row: AnnotationRow) -> dict[str, object]:
    """Return where a mask comes from, in plain numbers and text: readers flatten attributes.

    The templates stay out, for up to eighty sentences would stand at every mask.
    """
    origin = row.provenance
    told: dict[str, object | None] = {
        "origin": origin.origin,
        "edited_pixels": origin.edited_pixels,
        "model_version": origin.model_version,
        "model_score": None if origin.score is None else round(origin.score, 4),
        "threshold": None if origin.threshold is None else round(origin.threshold, 4),
        "phrases": " | ".join(origin.phrases) or None,
        "author": origin.author,
        "seconds": None if origin.seconds is None else round(origin.seconds, 1),
        "created": row.created,
        "updated": row.updated,
    }
    return {name: value for name, value in told.items() if value is not None}
