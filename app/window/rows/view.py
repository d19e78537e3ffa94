"""How the image is looked at."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("zoom_in", "View", "Zoom in", ("Ctrl+=", "Ctrl++")),
    Row("zoom_out", "View", "Zoom out", ("Ctrl+-",)),
    Row("fit", "View", "Fit image", ("Ctrl+F",), icon="fit"),
    Row("actual", "View", "100 %", ("Ctrl+0",)),
    Row("hide_masks", "View", "Hide masks", ("Ctrl+H",), icon="peek", checkable=True),
)
