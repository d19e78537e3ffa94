"""The program itself."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("quit", "File", "Quit", ("Ctrl+Q",), needs=""),
    Row("keys", "Help", "Keys", ("F1",), needs=""),
    Row("change_keys", "Help", "Change keys...", needs=""),
    Row("tour", "Help", "Two-minute tour", needs=""),
    Row("about", "Help", "About", needs=""),
)
