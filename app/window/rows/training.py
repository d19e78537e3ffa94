"""Training and the model versions it makes."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("retrain", "Model", "Retrain...", ("Ctrl+R",), needs="project", edits=True),
    Row("versions", "Model", "Model versions...", needs="project"),
)
