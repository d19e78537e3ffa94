"""How far a project is, read without opening it: for a list of projects."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

DATABASE = "project.db"


@dataclass(frozen=True, slots=True)
class Glance:
    """Hold how many images a project has and how many are reviewed; `image` is one of them."""

    images: int
    reviewed: int
    masks: int
    image: Path | None = None


def glance(folder: Path) -> Glance | None:
    """Count what is in the project in `folder`; None when it cannot be read.

    Nothing is locked, migrated or written. The image is the first with masks, else the first.
    """
    try:
        place = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(place, uri=True, timeout=1)) as database:
            images, reviewed = database.execute(
                "SELECT count(*), coalesce(sum(status = 'reviewed'), 0) FROM images"
            ).fetchone()
            (masks,) = database.execute("SELECT count(*) FROM annotations").fetchone()
            row = database.execute(
                """SELECT path FROM images WHERE id = coalesce(
                    (SELECT min(image_id) FROM annotations), (SELECT min(id) FROM images))"""
            ).fetchone()
    except (sqlite3.Error, OSError, ValueError):
        return None
    return Glance(images, reviewed, masks, folder / row[0] if row else None)
