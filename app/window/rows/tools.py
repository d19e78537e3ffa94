"""What the left button does on the image, and what is done to the selected mask whole."""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows.row import LINE, Row


def _tool(name: str, text: str, key: str, *, icon: str = "", edits: bool = True) -> Row:
    return Row(
        name, "Edit", text, (key,), icon=icon, checkable=True, edits=edits, group="tool"
    )  # fmt: skip


ROWS = (
    _tool("select", mark("Select"), "V", icon="select", edits=False),
    _tool("brush", mark("Brush"), "B", icon="brush"),
    _tool("eraser", mark("Eraser"), "X", icon="eraser"),
    _tool("polygon", mark("Polygon"), "P", icon="polygon"),
    _tool("box", mark("Box"), "R", icon="box"),
    _tool("positive", mark("Point that belongs to it"), "Q", icon="positive"),
    _tool("negative", mark("Point that does not"), "E", icon="negative"),
    _tool("wand", mark("Similarity wand"), "W", icon="wand"),
    _tool("knife", mark("Knife"), "C", icon="knife"),
    Row("smaller", "Edit", mark("Smaller brush, less tolerance"), ("[",)),
    Row("larger", "Edit", mark("Larger brush, more tolerance"), ("]",)),
    Row("spare", "Edit", mark("Do not paint over other masks"), ("O",), checkable=True, needs=""),
    Row(LINE, "Edit", ""),
    Row("copy", "Edit", mark("Copy mask"), ("Ctrl+C",), scope="image"),
    Row("paste", "Edit", mark("Paste mask"), ("Ctrl+V",), scope="image", edits=True),
    Row("duplicate", "Edit", mark("Duplicate mask"), ("Ctrl+D",), scope="image", edits=True),
    Row("fill_holes", "Edit", mark("Fill holes"), ("Shift+F",), edits=True),
    Row("grow", "Edit", mark("Grow"), ("Ctrl+]",), edits=True),
    Row("shrink", "Edit", mark("Shrink"), ("Ctrl+[",), edits=True),
    Row("split", "Edit", mark("Split into its parts"), ("Shift+C",), edits=True),
    Row("merge", "Edit", mark("Merge with the chosen"), ("Ctrl+Shift+M",), edits=True),
    Row("subtract", "Edit", mark("Subtract the chosen"), ("Ctrl+Shift+X",), edits=True),
)
