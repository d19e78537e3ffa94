"""How a training goes: the loss of every step, and that on images that are not learnt from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cascadeclip.app.presenters.training import Point
from cascadeclip.app.translation import tr

HIGH = 148
OTHERS = QColor("#d9822b")
"""The colour of images not learnt from; their marks tell them apart without it."""
LEFT, TOP, RIGHT, LINE = 44, 4, 8, 16
MARK = 2.5


class LossCurves(QWidget):
    """Draw the loss of every step so far, and marks for that on other images; lower is better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(tr("Loss over steps"))
        self._losses: Sequence[Point] = ()
        self._checks: Sequence[Point] = ()
        self._length = 0

    def sizeHint(self) -> QSize:
        """Want some room."""
        return QSize(260, HIGH)

    def show_curves(self, losses: Sequence[Point], checks: Sequence[Point], length: int) -> None:
        """Draw (step, loss) of the steps and of the checks of a run of `length` steps."""
        self._losses, self._checks, self._length = losses, checks, length
        said = in_words(losses, checks, length)
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, curves and what they mean."""
        values = [loss for _, loss in (*self._losses, *self._checks)]
        if not values:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.height() - TOP - 2 * LINE - 8
        box = QRectF(LEFT, TOP + LINE + 4, self.width() - LEFT - RIGHT, room)
        low, high = min(values), max(values)
        self._paint_axes(painter, box, low, high)

        def at(point: Point) -> QPointF:
            step, loss = point
            across = step / max(1, self._length)
            down = (high - loss) / ((high - low) or 1.0)
            return QPointF(box.left() + box.width() * across, box.top() + box.height() * down)

        painter.setPen(QPen(self._own(), 1.5))
        painter.drawPolyline(QPolygonF([at(point) for point in self._losses]))
        painter.setPen(QPen(OTHERS, 1.5))
        painter.drawPolyline(QPolygonF([at(point) for point in self._checks]))
        painter.setBrush(OTHERS)
        for point in self._checks:
            painter.drawEllipse(at(point), MARK, MARK)
        self._paint_legend(painter)

    def _own(self) -> QColor:
        return self.palette().highlight().color()

    def _paint_axes(self, painter: QPainter, box: QRectF, low: float, high: float) -> None:
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.setPen(self.palette().placeholderText().color())
        beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, y in ((high, box.top()), (low, box.bottom())):
            painter.drawText(QRectF(0, y - LINE / 2, LEFT - 5, LINE), beside, _short(value))
        below = QRectF(box.left(), box.bottom() + 2, box.width(), LINE)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("Step"))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(self._length))
        middle = QRectF(0, box.center().y() - LINE / 2, LEFT - 5, LINE)
        painter.drawText(middle, beside, tr("Loss"))

    def _paint_legend(self, painter: QPainter) -> None:
        y, x = TOP + LINE / 2 - 2, float(LEFT)
        for colour, text, marked in (
            (self._own(), tr("Learnt from"), False),
            (OTHERS, tr("Other images"), True),
        ):
            painter.setPen(QPen(colour, 1.5))
            painter.drawLine(QPointF(x, y), QPointF(x + 16, y))
            if marked:
                painter.drawEllipse(QPointF(x + 8, y), MARK, MARK)
            painter.setPen(self.palette().windowText().color())
            wide = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QPointF(x + 21, y + 5), text)
            x += 21 + wide + 14


def in_words(losses: Sequence[Point], checks: Sequence[Point], length: int) -> str:
    """Say where both curves began and where they are; nothing where there is none."""
    parts = []
    if losses:
        parts.append(
            tr(
                "Loss {last} after step {step} of {length}, {first} at first.",
                last=_short(losses[-1][1]),
                step=losses[-1][0],
                length=length,
                first=_short(losses[0][1]),
            )
        )
    if checks:
        parts.append(
            tr(
                "On images that are not learnt from {last}, {first} at first.",
                last=_short(checks[-1][1]),
                first=_short(checks[0][1]),
            )
        )
    return " ".join(parts)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"
