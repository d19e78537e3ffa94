"""Projects: opened, filled."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("open_folder", "File", "Open folder...", ("Ctrl+O",), needs=""),
    Row("open_project", "File", "Open project...", ("Ctrl+Shift+O",), needs=""),
    Row("open_demo", "File", "Open the demo", needs=""),
    Row("add_images", "File", "Add images...", needs="project", edits=True),
)
