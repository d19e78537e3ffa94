"""Paint masks and erase them, disc by disc."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.stroke import Stroke
from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool

RING_EDGE = 3.0


class Brush(Tool):
    """Paint while the button is down; with Ctrl or Alt held at the press, erase."""

    name: ClassVar[str] = "brush"
    erases: ClassVar[bool] = False

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._stroke: Stroke | None = None

    def press(self, at: Pointer) -> None:
        """Begin a stroke."""
        size = self.board.size_of_image
        if size is None:
            return
        erase = self.erases is not (at.control or at.alt)
        self._stroke = Stroke(*size, size=self.board.brush_size, erase=erase)
        self._go_to(at)

    def move(self, at: Pointer) -> None:
        """Go on with the stroke."""
        if self._stroke is not None:
            self._go_to(at)

    def release(self, at: Pointer) -> None:
        """Hand the stroke over, if it touched the image."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return
        finished = stroke.finish()
        if finished.cutout.area:
            self.board.give(finished)

    def cancel(self) -> bool:
        """Forget the stroke."""
        begun, self._stroke = self._stroke is not None, None
        return begun

    def shown_anew(self) -> None:
        """Paint what the stroke covers so far again, over shapes that came meanwhile."""
        if self._stroke is not None:
            stroke = self._stroke
            self.board.show_stroke(stroke.mask, stroke.dirty, erase=stroke.erase)

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw the edge of the brush."""
        if pointer is not None:
            erase = self._stroke.erase if self._stroke else self.erases
            paint.draw_ring(painter, pointer, self._diameter(), erase=erase)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the square around the ring."""
        if pointer is None:
            return QRectF()
        side = self._diameter() + 2 * RING_EDGE
        return QRectF(pointer.x() - side / 2, pointer.y() - side / 2, side, side)

    def _go_to(self, at: Pointer) -> None:
        stroke = self._stroke
        if stroke is not None:
            box = stroke.move_to(at.x, at.y)
            self.board.show_stroke(stroke.mask, box, erase=stroke.erase)

    def _diameter(self) -> float:
        return self.board.brush_size * self.board.placement.scale


class Eraser(Brush):
    """Erase while the button is down; with Ctrl or Alt held, paint."""

    name: ClassVar[str] = "eraser"
    erases: ClassVar[bool] = True
