"""Work on all images."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("prelabel", "Model", "Pre-label all images", ("Ctrl+B",), needs="project", edits=True),
    Row("sweep", "Model", "Accept on all images...", needs="project", edits=True),
)
