"""Looking at what the model thinks, beside its suggestions."""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("zoom_to", "View", mark("Zoom to suggestions when walking"), needs="", checkable=True),
    Row(
        "unsure", "View", mark("Show where the model is unsure"), ("Ctrl+Shift+U",), checkable=True
    ),
    Row("differences", "View", mark("Compare with the model"), ("Ctrl+Alt+C",), checkable=True),
    Row("sight", "Image", mark("What the model sees"), ("Ctrl+Alt+V",), needs="project"),
)
