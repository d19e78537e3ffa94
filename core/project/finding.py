"""Find the file of one image when it is opened, also when it was moved or renamed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import ImageUnreadable, ProjectError
from cascadeclip.core.images import digest, walk_images

if TYPE_CHECKING:
    from cascadeclip.core.project.project import Project
    from cascadeclip.core.project.rows import ImageRow

# Somebody waits for the image: a longer search is `cascadeclip check`.
SECONDS = 3.0
FILES = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """Hold where the file of an image is; `said` is a sentence when it is not as it was."""

    path: Path
    said: str = ""


def find(
    project: Project, image_id: int, *, stopped: Callable[[], bool] | None = None
) -> Found:  # fmt: skip
    """Return the file of an image; one that is not there is looked for by its content.

    The search goes through the folders of the project's images, nearest first, for at most
    `SECONDS` and `FILES`; what it finds is written down where the project can be changed. A file
    with other content than was added is returned, and said. Raises ImageUnreadable when there is
    none, ProjectError for no such image.
    """
    row = project.images.get(image_id)
    file = project.images.absolute(image_id)
    if file.is_file():
        return Found(file, _changed(project, row, file))
    place = _search(project, row, file, stopped)
    if place is None:
        raise ImageUnreadable(
            f"{file.name} is not where it was, nor near it; look in other folders with: "
            f"cascadeclip check {project.folder} --search FOLDER --relink"
        )
    with suppress(ProjectError):  # only read here, or another was quicker: found all the same
        project.images.relink(image_id, place)
    return Found(place, f"{row.path} has moved: it is {place} now.")


def _changed(project: Project, row: ImageRow, file: Path) -> str:
    """Say that the content is another; a file that was merely touched is remembered."""
    known = project.images.facts(row.id)
    now = file.stat()
    if known in ((now.st_size, now.st_mtime_ns), (None, None)):
        return ""
    if digest(file) == row.digest:
        if not project.read_only:
            project.images.remember(row.id)
        return ""
    return (
        f"{file.name} has changed since its masks were made; "
        f"see: cascadeclip check {project.folder}"
    )


def _search(
    project: Project, row: ImageRow, file: Path, stopped: Callable[[], bool] | None
) -> Path | None:
    until, seen = time.monotonic() + SECONDS, set[Path]()
    for files in _near(project, file):
        for one in files:
            if one not in seen and _is_it(project, row, one):
                return one
            seen.add(one)
        if len(seen) > FILES or time.monotonic() > until or (stopped is not None and stopped()):
            return None
    return None


def _near(project: Project, file: Path) -> Iterator[list[Path]]:
    """Yield the image files around, folder by folder, those where it was first."""
    for place in (file.parent, *project.images.folders(), project.folder):
        yield from walk_images(place)


def _is_it(project: Project, row: ImageRow, file: Path) -> bool:
    size = project.images.facts(row.id)[0]
    try:
        same = size is None or file.stat().st_size == size
        return same and digest(file) == row.digest and not project.images.has(file)
    except (OSError, ImageUnreadable):
        return False
