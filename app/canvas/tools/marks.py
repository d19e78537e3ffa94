"""How the overlays of tools look: lines, corners, points, a draft, how alike the image is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from cascadeclip.app.canvas.geometry import Placement
from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.look import Colours

EDGE = 8.0
YES, NO = QColor("#2f9e6e"), QColor("#d1495b")


def place(here: Placement, point: tuple[float, float]) -> QPointF:
    """Give the widget position of an image position."""
    return QPointF(here.x + point[0] * here.scale, here.y + point[1] * here.scale)


def around(places: Sequence[QPointF]) -> QRectF:
    """Give the box around widget positions and the marks drawn there."""
    if not places:
        return QRectF()
    xs, ys = [one.x() for one in places], [one.y() for one in places]
    box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return box.adjusted(-EDGE, -EDGE, EDGE, EDGE)


def draw_line(painter: QPainter, line: Sequence[QPointF], colour: str, *, dashed: bool) -> None:
    """Draw a line through widget positions, dark underneath so that it shows on any image."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((QColor(0, 0, 0, 140), 3.5), (QColor(colour).lighter(125), 1.8)):
        pen = QPen(ink, width)
        if dashed:
            pen.setDashPattern([6 / width, 4 / width])
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(list(line)))


def draw_corner(painter: QPainter, at: QPointF, *, strong: bool) -> None:
    """Draw a corner that can be taken hold of; the one in reach is larger."""
    side = 5.5 if strong else 3.5
    painter.setPen(QPen(QColor(20, 20, 20), 1))
    painter.setBrush(QColor("#ffd166") if strong else QColor(255, 255, 255))
    painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))


def draw_point(painter: QPainter, at: QPointF, *, positive: bool) -> None:
    """Draw a click: plus or minus on a disc, so that they differ without colour too."""
    painter.setPen(QPen(QColor(255, 255, 255), 1.5))
    painter.setBrush(YES if positive else NO)
    painter.drawEllipse(at, 7, 7)
    painter.drawLine(at - QPointF(3.5, 0), at + QPointF(3.5, 0))
    if positive:
        painter.drawLine(at - QPointF(0, 3.5), at + QPointF(0, 3.5))


def draw_cross(painter: QPainter, at: QPointF, view: QRectF) -> None:
    """Draw lines across the whole view through the pointer."""
    for ink, offset in ((QColor(0, 0, 0, 130), 1.0), (QColor(255, 255, 255, 200), 0.0)):
        painter.setPen(QPen(ink, 1))
        x, y = at.x() + offset, at.y() + offset
        painter.drawLine(QPointF(x, view.top()), QPointF(x, view.bottom()))
        painter.drawLine(QPointF(view.left(), y), QPointF(view.right(), y))


def draw_path(painter: QPainter, path: QPainterPath, colour: str) -> None:
    """Draw the outline of a draft in image coordinates: dashed, it is not settled yet."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(colour).lighter(130), 1.8)):
        pen = QPen(ink, width)
        pen.setCosmetic(True)
        pen.setDashPattern([6 / width, 4 / width])
        painter.strokePath(path, pen)


def filled_image(pixels: Colours) -> QImage:
    """Wrap hxw of 0xAARRGGBB, multiplied by alpha, without copying: the caller keeps them."""
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, pixels.strides[0], kind)


def rgb_image(pixels: Pixels) -> QImage:
    """Wrap HxWx3 of red, green, blue without copying: the caller keeps them."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
