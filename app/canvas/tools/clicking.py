"""Tools that click: points for and against, and the wand; both show a draft until it is kept."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.tools import marks
from cascadeclip.app.canvas.tools.base import Board, Pointer, Tool
from cascadeclip.app.canvas.tools.operations import Draft, Drafted, Pointed, Widened
from cascadeclip.core.shaping.evidence import Click

KEEPING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ALIKE_OPACITY = 0.55


class Clicking(Tool):
    """Give clicks and show what is made of them; Enter keeps it, Escape drops it.

    What a click began belongs to the presenter, so another tool of this kind goes on with it.
    """

    sign: ClassVar[bool] = True

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.draft: Draft | None = None
        self._picture: QImage | None = None
        self._alike: QImage | None = None
        self._path = QPainterPath()

    def press(self, at: Pointer) -> None:
        """Give a click; with Shift, Ctrl or Alt held it means the opposite."""
        size = self.board.size_of_image
        if size is None or not (0 <= at.x < size[1] and 0 <= at.y < size[0]):
            return
        positive = self.sign is not self._opposite(at)
        self.board.give(Pointed(self.name, Click(at.x, at.y, positive)))

    def double_click(self, at: Pointer) -> None:
        """Keep what there is: the first press was a click."""
        self.board.give(Drafted.KEPT)

    def wants(self, key: Qt.Key, *, control: bool = False) -> bool:
        """Take the keys that belong to a draft, while there is one."""
        if self.draft is None:
            return False
        if control:
            return key in (Qt.Key.Key_Z, Qt.Key.Key_Y)
        return key in (*KEEPING, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)

    def key(self, key: Qt.Key, at: Pointer | None, *, control: bool = False) -> bool:
        """Keep the draft, drop it, or take its last click back."""
        if not self.wants(key, control=control):
            return False
        if key in KEEPING:
            self.board.give(Drafted.KEPT)
        elif key is Qt.Key.Key_Escape:
            self.board.give(Drafted.DROPPED)
        else:
            self.board.give(Drafted.AGAIN if key is Qt.Key.Key_Y else Drafted.BACK)
        return True

    def hear(self, answer: object) -> None:
        """Show another draft, or none."""
        draft = answer if isinstance(answer, Draft) else None
        self.draft = draft
        self._picture = self._alike = None
        self._path = QPainterPath()
        if draft is not None and draft.fill.size:
            self._picture = marks.filled_image(draft.fill)
            self._path = paint.path_through(draft.lines)
        if draft is not None and draft.alike is not None:
            self._alike = marks.rgb_image(draft.alike)

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw how alike the image is, the draft, and the clicks."""
        draft, here = self.draft, self.board.placement
        size = self.board.size_of_image
        if draft is None or size is None:
            return
        transform = QTransform(here.scale, 0, 0, here.scale, here.x, here.y)
        painter.setTransform(transform)
        if self._alike is not None:
            painter.setOpacity(ALIKE_OPACITY)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(0, 0, size[1], size[0]), self._alike)
            painter.setOpacity(1.0)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            high, wide = draft.fill.shape
            box = QRectF(draft.left, draft.top, wide * draft.step, high * draft.step)
            painter.drawImage(box, self._picture)
            marks.draw_path(painter, self._path, draft.colour)
        painter.resetTransform()
        for click in draft.clicks:
            at = marks.place(here, (click.x, click.y))
            marks.draw_point(painter, at, positive=click.positive)

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the whole image while a draft is there."""
        size, here = self.board.size_of_image, self.board.placement
        if self.draft is None or size is None:
            return QRectF()
        corners = [marks.place(here, point) for point in ((0.0, 0.0), (size[1], size[0]))]
        return marks.around(corners)

    @staticmethod
    def _opposite(at: Pointer) -> bool:
        return at.shift or at.control or at.alt


class Positive(Clicking):
    """Click what belongs to the mask."""

    name: ClassVar[str] = "positive"


class Negative(Clicking):
    """Click what does not belong to the mask."""

    name: ClassVar[str] = "negative"
    sign: ClassVar[bool] = False


class Wand(Clicking):
    """Click, and take what is alike and hangs together; Ctrl or Alt takes it away instead."""

    name: ClassVar[str] = "wand"

    def turn(self, steps: float) -> bool:
        """Take more or less of what is alike."""
        self.board.give(Widened(steps))
        return True
