"""Export of a project's annotations as COCO instances with exact masks."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cascadeclip.core.formats.coco_file import CocoCategory, CocoFile
from cascadeclip.core.project.paging import every_image

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import AnnotationRow, ClassRow, ImageRow


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Hold what an export wrote.

    `path` is None when it was stopped: then nothing was written. `turned` counts images whose
    file carries an orientation tag: their masks and sizes are those of the upright pixels.
    """

    images: int
    annotations: int
    path: Path | None
    turned: int = 0


def export_coco(
    project: Project,
    out: Path,
    *,
    reviewed_only: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ExportResult:
    """Write every annotation of `project` to the JSON file `out`, replaced whole.

    Masks are compressed run lengths of upright pixels, `file_name` is relative to the folder that
    holds all images of the project, images without annotations are kept, ids count from 1.
    `progress(done, total)` is called after every image, `stopped()` asked before each. Raise
    FormatError when the file cannot be written or an annotation is empty.
    """
    rows = [row for row in every_image(project) if not reviewed_only or row.status == "reviewed"]
    names = _file_names(project)
    categories = _Categories(
        shown=project.classes.all(), known=project.classes.all(include_hidden=True)
    )
    turned = 0
    with CocoFile(out, description=_description(names.root)) as file:
        for done, row in enumerate(rows, 1):
            if stopped is not None and stopped():
                file.discard()
                return ExportResult(0, 0, None)
            number = file.add_image(names.of(row), row.width, row.height)
            turned += row.orientation != 1
            for one in project.annotations.of_image(row.id):
                category = categories.number(one.class_id)
                file.add_annotation(number, category, one.rle, attributes=_attributes(one))
            if progress is not None:
                progress(done, len(rows))
        file.set_categories(categories.rows())
    return ExportResult(len(rows), file.annotations, out, turned)


class _Categories:
    """Number the words of the project from 1, those of the vocabulary in their order.

    Hidden and negative words follow when an annotation needs them.
    """

    def __init__(self, *, shown: Sequence[ClassRow], known: Sequence[ClassRow]) -> None:
        self._names = {row.id: row.name for row in known}
        wanted = [row.id for row in shown if not row.negative]
        self._numbers = {class_id: number for number, class_id in enumerate(wanted, 1)}

    def number(self, class_id: int) -> int:
        """Return the category id of a class."""
        return self._numbers.setdefault(class_id, len(self._numbers) + 1)

    def rows(self) -> list[CocoCategory]:
        """Return the categories, in the order of their ids."""
        return [
            CocoCategory(number, self._names[class_id])
            for class_id, number in self._numbers.items()
        ]


@dataclass(frozen=True, slots=True)
class _FileNames:
    """Turn paths relative to the project into paths relative to the folder of all images."""

    base: Path
    root: str | None

    def of(self, row: ImageRow) -> str:
        """Return the path with forward slashes."""
        if self.root is None:
            return row.path
        return _slashes(os.path.relpath(self.base / row.path, self.base / self.root))


def _file_names(project: Project) -> _FileNames:
    # Of all images, so that the names stay the same when only reviewed ones are exported.
    base = project.folder.resolve()
    folders = {base / PurePosixPath(row.path).parent for row in every_image(project)}
    try:
        common = os.path.commonpath([os.path.normpath(folder) for folder in folders])
        return _FileNames(base, _slashes(os.path.relpath(common, base)))
    except ValueError:  # no images, or images on several drives
        return _FileNames(base, None)


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _description(root: str | None) -> str:
    where = "" if root is None else f" File names are relative to {root!r} of the project."
    return f"Exported by cascadeclip. Masks and sizes are of upright pixels.{where}"


def _attributes(row: AnnotationRow) -> dict[str, object]:
    origin = row.provenance
    found: dict[str, object] = {"origin": origin.origin, "edited_pixels": origin.edited_pixels}
    if origin.model_version is not None:
        found["model_version"] = origin.model_version
    if origin.score is not None:
        found["model_score"] = round(origin.score, 4)
    return found
