"""What the model proposes for the open image."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row(
        "edges",
        "View",
        "Outlines follow edges and colours",
        ("Ctrl+Shift+E",),
        needs="",
        checkable=True,
    ),
    Row("suggest", "Image", "Suggest again", ("Ctrl+I",)),
    Row("templates", "Model", "Templates...", ("Ctrl+T",), needs="project", edits=True),
)
