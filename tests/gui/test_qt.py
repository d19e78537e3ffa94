"""What the window needs of Qt's binding, whatever version is installed."""

import sys

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

CALLS = 200


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot end there")
def test_painting_gives_no_reference_to_none_away(qapp):
    # PySide6 6.12.0 does: a program that paints then dies of it, after minutes, without a word.
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    pen = QPen(QColor(1, 2, 3), 1.0)
    spare = [None] * 10_000  # so that a binding that does cannot end this process
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(5, 5), 3, 3)
        painter.fillRect(QRectF(0, 0, 4, 4), QColor(1, 2, 3))
    lost = before - sys.getrefcount(None)
    painter.end()
    assert lost < CALLS
    assert spare[0] is None
