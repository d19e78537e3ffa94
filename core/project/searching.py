"""Finding images by a part of their path, without reading all paths."""

from __future__ import annotations

# The index knows three characters that follow each other.
_INDEXED = 3


def containing(search: str) -> tuple[str, str]:
    """Return the condition on `images` that the path contains `search`, and the value to bind.

    A-Z equals a-z, and no character stands for others. Less than three characters are looked for
    in every path.
    """
    if len(search) >= _INDEXED and "\0" not in search:  # a text ends there for the index
        phrase = search.replace('"', '""')
        return (
            "images.id IN (SELECT rowid FROM image_search WHERE image_search MATCH lower(?))",
            f'"{phrase}"',
        )
    for mark in "\\%_":
        search = search.replace(mark, "\\" + mark)
    return "images.path LIKE ? ESCAPE '\\'", f"%{search}%"
