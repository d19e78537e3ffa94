"""The tools of the canvas; a new one is a module here and a row of `TOOLS`."""

from __future__ import annotations

from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool
from cascadeclip.app.canvas.tools.brush import Brush, Eraser
from cascadeclip.app.canvas.tools.clicking import Negative, Positive, Wand
from cascadeclip.app.canvas.tools.dragging import Box, Knife
from cascadeclip.app.canvas.tools.polygon import Polygon
from cascadeclip.app.canvas.tools.select import Select

TOOLS: dict[str, type[Tool]] = {
    tool.name: tool
    for tool in (Select, Brush, Eraser, Polygon, Box, Positive, Negative, Wand, Knife)
}

__all__ = ["TOOLS", "Board", "Pointer", "Tool"]
