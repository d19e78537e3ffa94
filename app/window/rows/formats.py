"""What leaves a project and comes into it."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (Row("export_coco", "File", "Export COCO...", ("Ctrl+E",), needs="project"),)
