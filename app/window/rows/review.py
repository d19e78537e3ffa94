"""Deciding about suggestions and masks."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import LINE, Row

ROWS = (
    Row("undo", "Edit", "Undo", ("Ctrl+Z",), edits=True),
    Row("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), edits=True),
    Row(LINE, "Edit", ""),
    Row("accept", "Edit", "Accept suggestion", ("Return", "Enter"), scope="image", edits=True),
    Row("reject", "Edit", "Reject suggestion", ("Backspace",), scope="image", edits=True),
    Row(
        "accept_all",
        "Edit",
        "Accept all",
        ("Shift+Return", "Shift+Enter"),
        scope="image",
        edits=True,
    ),
    Row("next_suggestion", "Edit", "Next suggestion", ("Tab",), scope="canvas"),
    Row("previous_suggestion", "Edit", "Previous suggestion", ("Shift+Tab",), scope="canvas"),
    Row("delete", "Edit", "Delete mask", ("Delete",), scope="image", edits=True),
    Row("deselect", "Edit", "Deselect", ("Escape",), scope="image"),
)
