"""Which image of the project a name in somebody else's file means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cascadeclip.core.formats.importing.foreign import ForeignImage
from cascadeclip.core.formats.plan import FileNames, stems

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import ImageRow

OUTSIDE = "the name leaves the image folder"
UNKNOWN = "no image has this name"
SEVERAL = "several images could be meant"
_LONGEST = 4096

Parts = tuple[str, ...]


class Matcher:
    """Find images by name: of those with the same last part, the one that agrees furthest.

    With `ours` the names are those that an export of this program gave; they are unique.
    """

    def __init__(self, project: Project, rows: Sequence[ImageRow], *, ours: bool) -> None:
        names = FileNames.of_images(project.folder, rows)
        self._rows = {row.id: row for row in rows}
        by_id = stems([(row.id, names.of(row)) for row in rows])
        self._full = _Index((row.id, PurePosixPath(row.path).parts) for row in rows)
        self._bare = _Index((row.id, PurePosixPath(row.path).with_suffix("").parts) for row in rows)
        self._stems = _Index((row_id, tuple(stem.split("/"))) for row_id, stem in by_id.items())
        self._given = _Index(
            (row.id, tuple((by_id[row.id] + PurePosixPath(row.path).suffix).split("/")))
            for row in rows
        )
        self._flat = _Index((row_id, (stem.replace("/", "__"),)) for row_id, stem in by_id.items())
        self._ours = ours

    def find(self, image: ForeignImage) -> ImageRow | str:
        """Return the image that is meant, or why there is none."""
        reason = UNKNOWN
        for name in image.names:
            parts = _parts(name)
            if parts is None:
                reason = OUTSIDE
                continue
            for index in self._indexes(bare=image.bare):
                found = index.find(parts)
                if isinstance(found, int):
                    return self._rows[found]
                reason = found if found == SEVERAL else reason
                if found == SEVERAL:
                    break
        return reason

    def _indexes(self, *, bare: bool) -> tuple[_Index, ...]:
        if bare and self._ours:
            return self._stems, self._flat
        if bare:
            return self._bare, self._flat
        return (self._full, self._given) if self._ours else (self._full,)


class _Index:
    def __init__(self, names: Iterable[tuple[int, Parts]]) -> None:
        self._by_last: dict[str, list[tuple[int, Parts]]] = defaultdict(list)
        for row_id, parts in names:
            if parts:
                self._by_last[parts[-1]].append((row_id, parts))

    def find(self, wanted: Parts) -> int | str:
        candidates = self._by_last.get(wanted[-1], [])
        if not candidates:
            return UNKNOWN
        agreeing = [(_common(parts, wanted), row_id) for row_id, parts in candidates]
        best = max(count for count, _ in agreeing)
        chosen = [row_id for count, row_id in agreeing if count == best]
        return chosen[0] if len(chosen) == 1 else SEVERAL


def _parts(name: str) -> Parts | None:
    """Return the parts of a name, None when it is none or climbs out of its folder."""
    if len(name) > _LONGEST or not name.isprintable() or re.match(r"[A-Za-z]:|[/\\]", name):
        return None
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    return None if not parts or ".." in parts else parts


def _common(a: Parts, b: Parts) -> int:
    count = 0
    for one, other in zip(reversed(a), reversed(b), strict=False):
        if one != other:
            break
        count += 1
    return count
