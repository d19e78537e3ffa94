"""One row of the list of images: a small view, the name, how far it is."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cascadeclip.app.theme import TROUBLE
from cascadeclip.app.translation import mark

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 40
THUMBNAIL = 32
ThumbnailRole = Qt.ItemDataRole.UserRole
StateRole = Qt.ItemDataRole.UserRole + 1
CountsRole = Qt.ItemDataRole.UserRole + 2
BROKEN = "broken"
STATES = {
    "unreviewed": mark("not looked at yet"),
    "suggestions": mark("has suggestions"),
    "masks": mark("has masks"),
    "reviewed": mark("reviewed"),
    BROKEN: mark("cannot be opened"),
}


class ImageDelegate(QStyledItemDelegate):
    """Paint a row: thumbnail, sign of the state, name, counts."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give the height of a row."""
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = QGuiApplication.palette()
        paint_ground(painter, place, option.state, colours)
        image: QImage | None = index.data(ThumbnailRole)
        _paint_thumbnail(painter, place, image, colours)
        state = index.data(StateRole)
        if state:
            paint_sign(painter, QPointF(place.left() + 60, place.center().y() + 0.5), str(state))
        counts = str(index.data(CountsRole) or "")
        metrics = painter.fontMetrics()
        right = place.adjusted(0, 0, -12, 0)
        painter.setPen(colours.placeholderText().color())
        painter.drawText(right, _RIGHT, counts)
        room = place.width() - 76 - 20 - metrics.horizontalAdvance(counts)
        name = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(0, room))
        painter.setPen(colours.text().color())
        painter.drawText(place.adjusted(76, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def paint_ground(
    painter: QPainter, place: QRect, state: QStyle.StateFlag, colours: QPalette
) -> None:
    """Paint what lies behind a chosen row, or the one under the pointer."""
    if state & QStyle.StateFlag.State_Selected:
        ground = QColor(colours.highlight().color())
        ground.setAlphaF(0.22)
        painter.fillRect(place, ground)
        painter.fillRect(QRect(place.left(), place.top(), 3, place.height()), colours.highlight())
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(place, colours.alternateBase())


def _paint_thumbnail(
    painter: QPainter, place: QRect, image: QImage | None, colours: QPalette
) -> None:
    box = QRectF(place.left() + 12, place.center().y() - THUMBNAIL / 2 + 1, THUMBNAIL, THUMBNAIL)
    if image is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.alternateBase())
        painter.drawRoundedRect(box, 3, 3)
        return
    factor = THUMBNAIL / max(image.width(), image.height())
    target = QRectF(0, 0, image.width() * factor, image.height() * factor)
    target.moveCenter(box.center())
    painter.drawImage(target, image)


def paint_sign(painter: QPainter, at: QPointF, state: str) -> None:
    """Paint how far an image is, told by shape: ring, dashed ring, dot in a ring, tick, cross."""
    colours = QGuiApplication.palette()
    quiet, accent = colours.placeholderText().color(), colours.highlight().color()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state == BROKEN:
        painter.setPen(QPen(TROUBLE, 2))
        painter.drawLine(at - QPointF(4, 4), at + QPointF(4, 4))
        painter.drawLine(at + QPointF(-4, 4), at + QPointF(4, -4))
        return
    if state == "reviewed":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(at, 7, 7)
        painter.setPen(QPen(colours.highlightedText().color(), 1.8))
        painter.drawPolyline(
            [at + QPointF(-3, 0.3), at + QPointF(-0.8, 2.6), at + QPointF(3.2, -2)]
        )
        return
    pen = QPen(accent if state == "masks" else quiet, 1.6)
    if state == "suggestions":
        pen.setDashPattern([1.6, 1.4])
    painter.setPen(pen)
    painter.drawEllipse(at, 5.5, 5.5)
    if state == "masks":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(at, 2.8, 2.8)
