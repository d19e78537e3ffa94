"""Going from image to image."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("previous", "Image", "Previous image", ("A",), needs="project"),
    Row("next", "Image", "Next image", ("D",), needs="project"),
    Row("reviewed", "Image", "Reviewed", ("K",), edits=True),
)
