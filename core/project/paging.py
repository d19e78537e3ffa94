"""Walk over all images of a project, one page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cascadeclip.core.project.project import Project
    from cascadeclip.core.project.rows import ImageRow

PAGE = 500


def every_image(project: Project) -> Iterator[ImageRow]:
    """Yield every image in order of id, never more than a page of them in memory.

    There is no filter by status: a review in the meantime would shift the pages.
    """
    offset = 0
    while page := project.images.page(offset=offset, limit=PAGE):
        yield from page
        offset += len(page)
