"""The lists of suggestions and masks: colour, word, score, and a small view of the region."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.shapes import Kind, Shape, score_text
from cascadeclip.app.translation import tr

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 40
THUMBNAIL = 32
ShapeRole = Qt.ItemDataRole.UserRole
ThumbnailRole = Qt.ItemDataRole.UserRole + 1


class ShapeModel(QAbstractListModel):
    """Hold the shapes of one list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shapes: tuple[Shape, ...] = ()
        self._pixels: Pixels | None = None
        self._thumbnails: dict[tuple[object, ...], QImage] = {}

    def show(self, shapes: tuple[Shape, ...], pixels: Pixels | None) -> None:
        """Show these shapes of an image given as HxWx3 uint8."""
        if pixels is not self._pixels:
            self._thumbnails = {}
        if [_identity(one) for one in shapes] == [_identity(one) for one in self.shapes]:
            self.shapes, self._pixels = shapes, pixels
            return
        self.beginResetModel()
        self.shapes, self._pixels = shapes, pixels
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count the shapes."""
        return 0 if parent.isValid() else len(self.shapes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the word, the shape or its thumbnail."""
        if not index.isValid():
            return None
        shape = self.shapes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shape.text
        if role == ShapeRole:
            return shape
        if role == ThumbnailRole:
            return self._thumbnail(shape)
        return None

    def _thumbnail(self, shape: Shape) -> QImage | None:
        if self._pixels is None or not shape.cutout.area:
            return None
        if shape.key not in self._thumbnails:
            self._thumbnails[shape.key] = thumbnail(self._pixels, shape)
        return self._thumbnails[shape.key]


def _identity(shape: Shape) -> tuple[object, ...]:
    return (shape.kind, shape.id, shape.class_id, shape.name, shape.colour, shape.rle)


def thumbnail(pixels: Pixels, shape: Shape) -> QImage:
    """Cut a region out of HxWx3 pixels, what does not belong to it faded, at most 64 a side."""
    cutout = shape.cutout
    height, width = cutout.height, cutout.width
    step = max(1, max(height, width) // (2 * THUMBNAIL))
    part = pixels[cutout.top : cutout.top + height : step, cutout.left : cutout.left + width : step]
    mask = cutout.part(slice(0, height, step), slice(0, width, step))[..., None]
    faded = np.where(mask, part, part // 4 + 96).astype(np.uint8)
    made = np.ascontiguousarray(faded)
    image = QImage(
        made.data, made.shape[1], made.shape[0], made.strides[0], QImage.Format.Format_RGB888
    )
    return image.copy()


class ShapeDelegate(QStyledItemDelegate):
    """Paint a row: thumbnail, dot (a dashed ring for a suggestion), word, score."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give the height of a row."""
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, place, state)
        shape: Shape = index.data(ShapeRole)
        image: QImage | None = index.data(ThumbnailRole)
        if image is not None:
            self._paint_thumbnail(painter, place, image)
        self._paint_dot(painter, QPointF(place.left() + 60, place.center().y() + 0.5), shape)
        colours = self._colours()
        painter.setPen(colours.text().color())
        text = place.adjusted(76, 0, -52, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, shape.name)
        painter.setPen(colours.placeholderText().color())
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        score = score_text(shape.score) if shape.score is not None else tr("drawn")
        painter.drawText(place.adjusted(0, 0, -16, 0), right, score)
        painter.restore()

    def _colours(self) -> QPalette:
        return QGuiApplication.palette()

    def _paint_ground(self, painter: QPainter, place: QRect, state: QStyle.StateFlag) -> None:
        colours = self._colours()
        if state & QStyle.StateFlag.State_Selected:
            ground = QColor(colours.highlight().color())
            ground.setAlphaF(0.22)
            painter.fillRect(place, ground)
            painter.fillRect(
                QRect(place.left(), place.top(), 3, place.height()), colours.highlight()
            )
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, colours.alternateBase())

    def _paint_thumbnail(self, painter: QPainter, place: QRect, image: QImage) -> None:
        box = QRectF(
            place.left() + 12, place.center().y() - THUMBNAIL / 2 + 1, THUMBNAIL, THUMBNAIL
        )
        factor = THUMBNAIL / max(image.width(), image.height())
        target = QRectF(0, 0, image.width() * factor, image.height() * factor)
        target.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)

    def _paint_dot(self, painter: QPainter, at: QPointF, shape: Shape) -> None:
        pen = QPen(QColor(shape.colour), 2)
        if shape.kind is Kind.SUGGESTION:
            pen.setDashPattern([1.6, 1.2])
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setBrush(QColor(shape.colour))
        painter.setPen(pen)
        painter.drawEllipse(at, 5, 5)


class ShapeList(QWidget):
    """Show shapes in a list, with a sentence when there are none.

    Signals: `chosen` with the shape clicked; `wanted` with the shape double-clicked.
    """

    chosen = Signal(object)
    wanted = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ShapeModel(self)
        self.view = QListView(self)
        self.view.setAccessibleName(name)
        self.view.setMouseTracking(True)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ShapeDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setProperty("quiet", True)
        self._empty.setContentsMargins(12, 8, 12, 8)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._empty)
        layout.addWidget(self.view, 1)
        self.view.clicked.connect(self._click)
        self.view.doubleClicked.connect(self._double_click)

    def show_shapes(self, shapes: tuple[Shape, ...], pixels: Pixels | None, empty: str) -> None:
        """Show these shapes, or the sentence `empty` when there are none."""
        self.model.show(shapes, pixels)
        self._empty.setText(empty)
        self._empty.setVisible(not shapes)
        self.view.setVisible(bool(shapes))

    def select(self, key: tuple[object, ...] | None) -> None:
        """Mark the row of the shape with this key."""
        keys = [shape.key for shape in self.model.shapes]
        if key in keys:
            self.view.setCurrentIndex(self.model.index(keys.index(key), 0))
        else:
            self.view.setCurrentIndex(QModelIndex())

    def _click(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ShapeRole))

    def _double_click(self, index: QModelIndex) -> None:
        self.wanted.emit(index.data(ShapeRole))
