"""Select a mask, accept a suggestion: by a click."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt

from cascadeclip.app.canvas.tools.base import Pointer, Tool


class Select(Tool):
    """Pick the shape under a click."""

    name: ClassVar[str] = "select"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.ArrowCursor
    hovers: ClassVar[bool] = True

    def press(self, at: Pointer) -> None:
        """Pick the smallest shape here, or none."""
        self.board.pick(self.board.shape_at(at.x, at.y))
