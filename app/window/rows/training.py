"""Training."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (Row("retrain", "Model", "Retrain...", ("Ctrl+R",), needs="project", edits=True),)
