"""Tools of one drag: a box, and a line that cuts a mask in two."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from cascadeclip.app.canvas.tools import marks
from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool
from cascadeclip.app.canvas.tools.operations import Boxed, CutAlong

LEAST = 1.0  # image pixels a side: less is a click that slipped
WIDE = 1e5


class Dragging(Tool):
    """Remember where the drag began and where it has come; Escape gives it up."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.line: list[tuple[float, float]] = []
        self._plain = False

    def press(self, at: Pointer) -> None:
        """Begin here."""
        self.line = [(at.x, at.y)]
        self._plain = at.alt or at.control

    def move(self, at: Pointer) -> None:
        """Come here."""
        if self.line:
            self.line.append((at.x, at.y))
        self.board.overlay_changed()

    def release(self, at: Pointer) -> None:
        """End here and hand over what was drawn."""
        line, self.line = self.line, []
        if line:
            self.finish([*line, (at.x, at.y)])
        self.board.overlay_changed()

    def finish(self, line: list[tuple[float, float]]) -> None:
        """Hand over what a drag along `line` means."""

    def cancel(self) -> bool:
        """Give the drag up."""
        begun, self.line = bool(self.line), []
        self.board.overlay_changed()
        return begun

    def wants(self, key: Qt.Key, *, control: bool = False) -> bool:
        """Take Escape while something is drawn."""
        return bool(self.line) and key is Qt.Key.Key_Escape

    def key(self, key: Qt.Key, at: Pointer | None, *, control: bool = False) -> bool:
        """Give the drag up at Escape."""
        return self.wants(key) and self.cancel()


class Box(Dragging):
    """Draw a box; with Alt or Ctrl held at the press it is wanted as it is."""

    name: ClassVar[str] = "box"

    def finish(self, line: list[tuple[float, float]]) -> None:
        """Hand the box over, if it has two sides."""
        (x0, y0), (x1, y1) = line[0], line[-1]
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if right - left >= LEAST and bottom - top >= LEAST:
            self.board.give(Boxed(left, top, right, bottom, self._plain))

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw lines through the pointer, and the box."""
        here = self.board.placement
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if pointer is not None:
            marks.draw_cross(painter, pointer, QRectF(0, 0, WIDE, WIDE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.line:
            (x0, y0), (x1, y1) = self.line[0], self.line[-1]
            ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
            places = [marks.place(here, point) for point in ring]
            marks.draw_line(painter, places, self.board.colour, dashed=self._plain)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give everything: the lines go across the view."""
        return QRectF(0, 0, WIDE, WIDE)


class Knife(Dragging):
    """Draw a line across the selected mask: it falls into two."""

    name: ClassVar[str] = "knife"

    def finish(self, line: list[tuple[float, float]]) -> None:
        """Hand the line over, if it has a length."""
        (x0, y0), (x1, y1) = line[0], line[-1]
        if abs(x1 - x0) + abs(y1 - y0) >= LEAST:
            self.board.give(CutAlong(tuple(line)))

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw the line."""
        places = [marks.place(self.board.placement, point) for point in self.line]
        if places:
            marks.draw_line(painter, places, "#ffffff", dashed=True)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the box around the line."""
        return marks.around([marks.place(self.board.placement, point) for point in self.line])
