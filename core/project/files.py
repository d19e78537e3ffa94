"""Are the image files still there, and still the same? Those that moved are found by digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import ImageUnreadable
from cascadeclip.core.images import digest, find_images
from cascadeclip.core.project.images import FileFacts
from cascadeclip.core.project.paging import PAGE
from cascadeclip.core.project.rows import ImageRow

if TYPE_CHECKING:
    from cascadeclip.core.project.project import Project

Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class FileReport:
    """Hold what became of the image files; every image is in one of the first four.

    `moved` pairs an image with its new file. `touched` are `fine`, but their time or size was not
    the remembered one, so that they had to be read.
    """

    fine: tuple[ImageRow, ...] = ()
    changed: tuple[ImageRow, ...] = ()
    moved: tuple[tuple[ImageRow, Path], ...] = ()
    missing: tuple[ImageRow, ...] = ()
    touched: tuple[ImageRow, ...] = ()

    @property
    def well(self) -> bool:
        """Tell whether every file is where it was, as it was."""
        return not (self.changed or self.moved or self.missing)


def look(
    project: Project,
    *,
    quick: bool = False,
    thorough: bool = False,
    search: Sequence[Path] = (),
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> FileReport:
    """Compare every image file with what is remembered of it.

    A file of the same size and time is taken as unchanged, unless `thorough`; any other is read
    and its digest decides. What is missing is searched by digest below the folders of the images,
    the project and `search`; `quick` does not search, nor read files of which neither size nor
    time is known. When `stopped()` turns true the rest is left out. Raises ProjectError.
    """
    lists: dict[str, list[ImageRow]] = {
        name: [] for name in ("fine", "touched", "changed", "missing")
    }
    total, offset = project.images.count(), 0
    while page := project.images.file_facts(offset=offset, limit=PAGE):
        for done, facts in enumerate(page, start=offset + 1):
            if stopped is not None and stopped():
                page = page[:0]
                break
            for name in _states(project, facts, quick=quick, thorough=thorough):
                lists[name].append(facts.image)
            if progress is not None:
                progress(done, total)
        if not page:
            break
        offset += len(page)
    found = {} if quick else _search(project, lists["missing"], search)
    return FileReport(
        fine=tuple(lists["fine"]),
        changed=tuple(lists["changed"]),
        moved=tuple((row, found[row.id]) for row in lists["missing"] if row.id in found),
        missing=tuple(row for row in lists["missing"] if row.id not in found),
        touched=tuple(lists["touched"]),
    )


def mend(project: Project, report: FileReport, *, take_changed: bool = False) -> FileReport:
    """Write what is known now: moved images by their new path, and what was merely touched.

    With `take_changed` the changed files count from now on, as long as they have the size their
    masks were made for. Returns what is left over. Raises ProjectError.
    """
    for row in report.touched:
        project.images.remember(row.id)
    for row, file in report.moved:
        project.images.relink(row.id, file)
    left = []
    for row in report.changed:
        try:
            if not take_changed or not project.images.take_changed(row.id):
                left.append(row)
        except ImageUnreadable:
            left.append(row)
    return FileReport(changed=tuple(left), missing=report.missing)


def sentence(report: FileReport, folder: Path) -> str:
    """Say in one sentence what is wrong with the files; empty when nothing is."""
    gone = len(report.missing) + len(report.moved)
    parts = []
    if gone:
        parts.append(f"{_images(gone)} not where {'it was' if gone == 1 else 'they were'}")
    if report.changed:
        count = len(report.changed)
        parts.append(
            f"{_images(count)} no longer the file{'' if count == 1 else 's'} the masks were made on"
        )
    if not parts:
        return ""
    return f"{' and '.join(parts)}; see: cascadeclip check {folder}"


def _images(count: int) -> str:
    return "1 image is" if count == 1 else f"{count} images are"


def _states(project: Project, facts: FileFacts, *, quick: bool, thorough: bool) -> tuple[str, ...]:
    file = project.folder / facts.image.path
    try:
        now = file.stat()
    except OSError:
        return ("missing",)
    known = facts.size is not None
    same = (now.st_size, now.st_mtime_ns) == (facts.size, facts.modified)
    if (same and not thorough) or (quick and not known):
        return ("fine",)
    try:
        if digest(file) != facts.image.digest:
            return ("changed",)
    except ImageUnreadable:
        return ("missing",)
    return ("fine",) if same else ("fine", "touched")


def _search(
    project: Project, missing: Sequence[ImageRow], search: Sequence[Path]
) -> dict[int, Path]:
    """Find files with the digests of missing images, by image id; a file serves one image."""
    wanted: dict[str, list[ImageRow]] = {}
    for row in missing:
        wanted.setdefault(row.digest, []).append(row)
    sizes = project.images.sizes(row.id for row in missing)
    found: dict[int, Path] = {}
    for file in _candidates(project, search) if wanted else ():
        if not wanted:
            break
        try:
            if sizes is not None and file.stat().st_size not in sizes:
                continue
            rows = wanted.get(digest(file))
        except (OSError, ImageUnreadable):
            continue
        if rows:
            # Of several images with the same pixels the one of this name goes first.
            rows.sort(key=lambda row: Path(row.path).name != file.name)
            found[rows.pop(0).id] = file
            if not rows:
                wanted = {key: left for key, left in wanted.items() if left}
    return found


def _candidates(project: Project, search: Sequence[Path]) -> Iterable[Path]:
    """Yield the image files around that are none of the project's images."""
    places = [place.resolve() for place in (*search, *project.images.folders(), project.folder)]
    outer = [
        place
        for place in dict.fromkeys(places)
        if place.is_dir() and not any(other in place.parents for other in places if other.is_dir())
    ]
    for place in outer:
        for file in find_images(place):
            if not project.images.has(file):
                yield file
