"""Select masks, accept suggestions: by a click."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.canvas.tools import marks
from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool
from cascadeclip.app.canvas.tools.operations import Chosen


class Select(Tool):
    """Pick the shape under a click."""

    name: ClassVar[str] = "select"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.ArrowCursor
    hovers: ClassVar[bool] = True

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.beside: tuple[object, ...] = ()

    def press(self, at: Pointer) -> None:
        """Pick the smallest shape here, or none; with Shift held, a mask beside the selected."""
        shape = self.board.shape_at(at.x, at.y)
        if not at.shift:
            self.board.pick(shape)
        elif shape is not None and shape.kind is Kind.ANNOTATION:
            self.board.give(Chosen(shape.key))

    def hear(self, answer: object) -> None:
        """Take the keys of the masks chosen beside the selected one."""
        if isinstance(answer, tuple):
            self.beside = answer

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw the corners of the masks chosen beside the selected one."""
        for shape in self._chosen():
            paint.draw_handles(painter, shape, self.board.placement)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the box around these masks."""
        here = self.board.placement
        corners = [
            marks.place(here, point) for shape in self._chosen() for point in _corners(shape)
        ]
        return marks.around(corners)

    def _chosen(self) -> list[Shape]:
        if not self.beside:
            return []
        return [shape for shape in self.board.shapes if shape.key in self.beside]


def _corners(shape: Shape) -> tuple[tuple[float, float], tuple[float, float]]:
    cutout = shape.cutout
    right, bottom = cutout.left + cutout.width, cutout.top + cutout.height
    return (cutout.left, cutout.top), (right, bottom)
