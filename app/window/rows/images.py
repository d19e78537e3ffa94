"""Going from image to image."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("previous", "Image", "Previous image", ("A",), needs="project"),
    Row("next", "Image", "Next image", ("D",), needs="project"),
    Row(
        "previous_unreviewed",
        "Image",
        "Previous unreviewed image",
        ("Ctrl+Shift+A",),
        needs="project",
    ),
    Row("next_unreviewed", "Image", "Next unreviewed image", ("Ctrl+Shift+D",), needs="project"),
    Row("find_image", "Image", "Find image", ("Ctrl+Shift+F",), needs="project"),
    Row("reviewed", "Image", "Reviewed", ("K",), edits=True),
)
