"""Everything the menus and keys can do, a module of rows for each feature.

The order here is the order in the menus; between two features of one menu comes a line.
"""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows import (
    appearance,
    batch,
    formats,
    images,
    looking,
    models,
    program,
    project,
    remembered,
    review,
    suggestions,
    tools,
    training,
    upkeep,
    view,
    words,
)
from cascadeclip.app.window.rows.row import LINE, MENUS, Row

FEATURES = (
    project,
    formats,
    upkeep,
    review,
    tools,
    words,
    view,
    appearance,
    images,
    suggestions,
    looking,
    remembered,
    batch,
    training,
    models,
    program,
)


def joined(features: tuple[tuple[Row, ...], ...]) -> tuple[Row, ...]:
    """Put the rows of the features one after the other, with lines between them in each menu."""
    rows: list[Row] = []
    begun: set[str] = set()
    for feature in features:
        opened = dict.fromkeys(row.menu for row in feature if row.menu)
        rows += [Row(LINE, menu, "") for menu in opened if menu in begun]
        begun |= opened.keys()
        rows += feature
    return tuple(rows)


ACTIONS = joined(tuple(feature.ROWS for feature in FEATURES))

# Keys that are held or typed on the image itself, for the sheet of keys; "digits" stands for
# the keys of the words.
HELD = (
    (mark("Space"), mark("Hold and drag to move the image")),
    (mark("M"), mark("Hold to see the image without masks")),
    (mark("Wheel"), mark("Zoom at the pointer")),
    (mark("Click"), mark("Accept a suggestion, select a mask")),
    (mark("Shift+Click"), mark("Choose one more mask, to merge or subtract")),
    (mark("Shift+wheel"), mark("Tolerance of the wand")),
    ("digits", mark("Word of the selected mask, and of the next one drawn")),
)

__all__ = ["ACTIONS", "FEATURES", "HELD", "LINE", "MENUS", "Row", "joined"]
