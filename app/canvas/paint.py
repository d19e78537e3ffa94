"""How shapes look: outlines, the word under the pointer, the brush ring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas.geometry import Placement
from cascadeclip.app.canvas.shapes import Points, Shape, lines_of

OUTLINE_WIDTH = 1.5
DASHES = [4.0, 3.0]
SHADOW = QColor(0, 0, 0, 110)
POINT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])


def path_of(shape: Shape) -> QPainterPath:
    """Trace a shape in image coordinates."""
    return path_through(lines_of(shape))


def path_through(contours: Sequence[Points]) -> QPainterPath:
    """Make a path of closed lines Nx2 (x, y).

    The path is read from bytes: adding thousands of points one by one would hold the GUI thread up.
    """
    path = QPainterPath()
    lines = [line for line in contours if len(line)]
    if not lines:
        return path
    # As Qt writes a path: a count, then kind (0 begins a line, 1 goes on), x, y of each point, at
    # last where the current line begins and the fill rule (0: odd-even, which leaves holes out).
    closed = [np.concatenate((line, line[:1])) for line in lines]
    points = np.zeros(sum(map(len, closed)), dtype=POINT)
    points["x"], points["y"] = np.concatenate(closed).T
    points["kind"] = 1
    starts = np.cumsum([0, *(len(line) for line in closed[:-1])])
    points["kind"][starts] = 0
    tail = np.array([starts[-1], 0], dtype=">i4").tobytes()
    head = np.array([len(points)], dtype=">i4").tobytes()
    stream = QDataStream(QByteArray(head + points.tobytes() + tail))
    stream >> path  # noqa: B018 - this reads it
    return path


def draw_message(painter: QPainter, message: str, widget: QWidget) -> None:
    """Write a sentence into the middle of a widget."""
    painter.setPen(widget.palette().placeholderText().color())
    place = QRectF(widget.rect()).adjusted(48, 48, -48, -48)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(place, int(flags), message)


def draw_dashes(
    painter: QPainter, colour: str, path: QPainterPath, ratio: float, *, strong: bool = False
) -> None:
    """Draw a suggestion's edge, dashed, `ratio` device pixels to one of the screen.

    A dark line underneath keeps any colour visible on any image. All but the strong ones are made
    of lines one pixel wide, laid side by side: Qt draws those twenty times faster than wide dashes.
    """
    if strong or ratio > 1:
        width = (OUTLINE_WIDTH + strong) * ratio
        line = QColor(colour).lighter(125) if strong else QColor(colour)
        _stroke(painter, path, QPen(SHADOW, width + ratio), ratio)
        _stroke(painter, path, QPen(line, width), ratio)
        return
    place = painter.transform()
    for line, offset in ((SHADOW, 1.0), (QColor(colour), 0.0)):
        for more in (0.0, 0.5):
            step = offset + more
            painter.setTransform(place * QTransform.fromTranslate(step, step))
            _stroke(painter, path, QPen(line, 1.0), ratio)
    painter.setTransform(place)


def _stroke(painter: QPainter, path: QPainterPath, pen: QPen, ratio: float) -> None:
    pen.setCosmetic(True)
    lengths = [length * OUTLINE_WIDTH * ratio / pen.widthF() for length in DASHES]
    pen.setDashPattern(lengths)
    painter.strokePath(path, pen)


def draw_handles(painter: QPainter, shape: Shape, placement: Placement) -> None:
    """Draw the corners of the selected shape's box, in screen pixels."""
    height, width = shape.cutout.height, shape.cutout.width
    left = placement.x + shape.cutout.left * placement.scale
    top = placement.y + shape.cutout.top * placement.scale
    box = QRectF(left, top, width * placement.scale, height * placement.scale)
    painter.setPen(QPen(QColor(20, 20, 20), 1))
    painter.setBrush(QColor(255, 255, 255))
    for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight()):
        painter.drawRect(QRectF(corner.x() - 3, corner.y() - 3, 6, 6))


def tag_plate(font: QFont, text: str, at: QPointF, bounds: QRectF) -> QRectF:
    """Give where a word beside the pointer is written, within `bounds`."""
    metrics = QFontMetricsF(font)
    plate = QRectF(at.x() + 14, at.y() + 14, metrics.horizontalAdvance(text) + 28, 22)
    plate.moveRight(min(plate.right(), bounds.right() - 4))
    plate.moveBottom(min(plate.bottom(), bounds.bottom() - 4))
    return plate


def draw_tag(painter: QPainter, text: str, colour: str, plate: QRectF) -> None:
    """Write a word on a dark plate with its colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(24, 24, 27, 225))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(plate.left() + 11, plate.center().y()), 4, 4)
    painter.setPen(QColor(250, 250, 250))
    place = plate.adjusted(20, 0, -4, 0)
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def draw_ring(painter: QPainter, at: QPointF, diameter: float, *, erase: bool) -> None:
    """Draw the brush's edge, `diameter` screen pixels wide; the eraser's is dashed."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 160), 2.5), (QColor(255, 255, 255), 1.0)):
        pen = QPen(colour, width)
        if erase:
            pen.setDashPattern([3 / width, 2 / width])
        painter.setPen(pen)
        painter.drawEllipse(at, diameter / 2, diameter / 2)
