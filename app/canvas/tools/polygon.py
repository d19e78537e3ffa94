"""Draw outlines corner by corner, and move the corners of masks that are there."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from cascadeclip.app.canvas.tools import marks
from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool
from cascadeclip.app.canvas.tools.editing import Editing
from cascadeclip.app.canvas.tools.operations import Corners, How, Outlined

CLOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TAKING_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class Polygon(Tool):
    """Click corners; the first one, Enter or a double click closes the outline.

    With Alt or Ctrl held at the first corner, or with `hole` on, the outline is taken out of the
    selected mask, with Shift it is added to it. Before an outline is begun, corners of the
    selected mask can be dragged, made by pressing on a line, and deleted.
    """

    name: ClassVar[str] = "polygon"
    handles: ClassVar[bool] = False  # they would be taken for corners

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.hole = False
        self.points: list[tuple[float, float]] = []
        self.editing = Editing(board)
        self._undone: list[tuple[float, float]] = []
        self._how = How.NEW
        self._at: Pointer | None = None
        self._fresh = False

    def press(self, at: Pointer) -> None:
        """Take hold of a corner, or put one down."""
        self._at, self._fresh = at, False
        if not self.points and self.editing.take(at):
            self.board.overlay_changed()
            return
        if self._closes(at):
            self._close()
            return
        if not self.points:
            self._how = self._meant(at)
        self._fresh = True
        self._undone = []
        self.points.append((at.x, at.y))
        self.board.overlay_changed()

    def move(self, at: Pointer) -> None:
        """Drag the corner that is held, or the line to the next one."""
        self._at = at
        self.editing.move(at, lit=not self.points)
        self.board.overlay_changed()

    def release(self, at: Pointer) -> None:
        """Let go of the corner that is held."""
        self.editing.let_go()

    def double_click(self, at: Pointer) -> None:
        """Close the outline here; the first press has put the last corner down already."""
        if self._fresh and len(self.points) > 2:
            self._close()
        else:
            self.press(at)

    def wants(self, key: Qt.Key, *, control: bool = False) -> bool:
        """Take the keys that belong to an outline under way or to a corner in reach."""
        if control:
            return bool(self.points) and key in (Qt.Key.Key_Z, Qt.Key.Key_Y)
        if self.points:
            return key in (*CLOSING, *TAKING_BACK, Qt.Key.Key_Escape)
        return key in TAKING_BACK and self.editing.lit is not None

    def key(self, key: Qt.Key, at: Pointer | None, *, control: bool = False) -> bool:
        """Close, take the last corner back, give up, or delete the corner in reach."""
        if not self.wants(key, control=control):
            return False
        if not self.points:
            self.editing.delete()
        elif key in CLOSING:
            self._close()
        elif key is Qt.Key.Key_Escape:
            self.cancel()
        elif key is Qt.Key.Key_Y:
            self.points += self._undone[-1:]
            self._undone = self._undone[:-1]
        else:
            self._undone.append(self.points.pop())
        self.board.overlay_changed()
        return True

    def cancel(self) -> bool:
        """Give up the outline, or the corner that is held."""
        begun = bool(self.points) or self.editing.held
        self.points, self._undone = [], []
        self.editing.give_up()
        self.board.overlay_changed()
        return begun

    def hear(self, answer: object) -> None:
        """Take the corners of the selected mask."""
        if answer is None or isinstance(answer, Corners):
            self.editing.show(answer)

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw the outline under way with its corners, or the corners of the selected mask."""
        here = self.board.placement
        if not self.points:
            self.editing.paint(painter)
            return
        snaps = self._at is not None and self._closes(self._at)
        line = [marks.place(here, point) for point in self.points]
        if pointer is not None:
            line.append(line[0] if snaps else pointer)
        taken = self._how is How.TAKE
        marks.draw_line(painter, line, self.board.colour, dashed=taken)
        for number, point in enumerate(self.points):
            strong = number == 0 and snaps
            marks.draw_corner(painter, marks.place(here, point), strong=strong)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the box around the outline and the pointer."""
        if not self.points:
            return self.editing.extent()
        places = [marks.place(self.board.placement, point) for point in self.points]
        return marks.around([*places, *([pointer] if pointer is not None else [])])

    def _meant(self, at: Pointer) -> How:
        if self.hole or at.alt or at.control:
            return How.TAKE
        return How.ADD if at.shift else How.NEW

    def _closes(self, at: Pointer) -> bool:
        if len(self.points) < 3:
            return False
        x, y = self.points[0]
        return bool(np.hypot(at.x - x, at.y - y) <= at.reach)

    def _close(self) -> None:
        if len(self.points) < 3:
            return
        ring = np.array(self.points, dtype=np.float64)
        self.points, self._undone = [], []
        self.board.give(Outlined(ring, self._how))
        self.board.overlay_changed()
