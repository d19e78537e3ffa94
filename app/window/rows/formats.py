"""What leaves a project and comes into it."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("export_coco", "File", "Export COCO...", ("Ctrl+E",), needs="project"),
    Row("export", "File", "Export...", needs="project"),
    Row("import", "File", "Import...", needs="project", edits=True),
    Row("undo_import", "File", "Undo import...", needs="project", edits=True),
)
