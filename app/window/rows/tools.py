"""What the left button does on the image."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("select", "Edit", "Select", ("V",), icon="select", checkable=True, group="tool"),
    Row("brush", "Edit", "Brush", ("B",), icon="brush", checkable=True, edits=True, group="tool"),
    Row(
        "eraser", "Edit", "Eraser", ("X",), icon="eraser", checkable=True, edits=True, group="tool"
    ),
    Row("smaller", "Edit", "Smaller brush", ("[",)),
    Row("larger", "Edit", "Larger brush", ("]",)),
)
