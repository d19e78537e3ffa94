"""The whole image small in a corner, and on it the part that the view shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.viewport import Viewport
from cascadeclip.app.translation import tr

LONGEST = 192
SHORTEST = 24
MARGIN = 12
FRAME = 1


class Navigator(QWidget):
    """Show where the view is; a press or a drag brings it elsewhere."""

    def __init__(self, canvas: Viewport) -> None:
        super().__init__(canvas)
        self.setObjectName("navigator")
        self.setAccessibleName(tr("Navigator"))
        self.setToolTip(tr("The whole image; drag to move the view"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._canvas = canvas
        self._wanted = False
        self._source: Pixels | None = None
        self._image = QImage()
        canvas.placed.connect(self._follow)
        canvas.installEventFilter(self)
        self.hide()

    def want(self, wanted: bool, /) -> None:
        """Show it, or not; without an image there is nothing to show."""
        self._wanted = wanted
        self._follow()

    def seen(self) -> QRectF:
        """Give the part of the image that the view shows, in pixels of this widget."""
        size = self._canvas.size_of_image
        if size is None:
            return QRectF()
        here, factor = self._canvas.placement, self._image.width() / size[1]
        left, top = here.to_image(0, 0)
        right, bottom = here.to_image(self._canvas.width(), self._canvas.height())
        shown = QRectF(QPointF(left, top), QPointF(right, bottom))
        shown = shown.intersected(QRectF(0, 0, size[1], size[0]))
        corner = QPointF(shown.left() * factor + FRAME, shown.top() * factor + FRAME)
        return QRectF(corner, shown.size() * factor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image, and darker what is out of sight."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().mid())
        place = QRect(FRAME, FRAME, self._image.width(), self._image.height())
        painter.drawImage(place, self._image)
        seen = self.seen()
        painter.setClipRect(place)
        painter.fillRect(place, QColor(0, 0, 0, 110))
        painter.drawImage(seen, self._image, seen.translated(-FRAME, -FRAME))
        painter.setPen(QPen(QColor(255, 255, 255), 1.0))
        painter.drawRect(seen.adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring this place into the middle of the view."""
        self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the view about."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom right of the canvas."""
        if event.type() is QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def _go_to(self, at: QPointF) -> None:
        size = self._canvas.size_of_image
        if size is not None:
            factor = size[1] / max(self._image.width(), 1)
            self._canvas.look_at((at.x() - FRAME) * factor, (at.y() - FRAME) * factor)

    def _follow(self) -> None:
        levels = self._canvas.ground.levels
        source = levels[-1] if levels else None
        if self._wanted and source is not None and source is not self._source:
            self._source, self._image = source, _small(source)
            self.setFixedSize(self._image.size() + QSize(2 * FRAME, 2 * FRAME))
            self._settle()
        self.setVisible(self._wanted and source is not None)
        self.update()

    def _settle(self) -> None:
        right, bottom = self._canvas.width() - MARGIN, self._canvas.height() - MARGIN
        self.move(right - self.width(), bottom - self.height())


def _small(rgb: Pixels) -> QImage:
    height, width = rgb.shape[:2]
    kind = QImage.Format.Format_RGB888
    image = QImage(rgb.data, width, height, rgb.strides[0], kind)
    factor = LONGEST / max(height, width)
    size = QSize(max(round(width * factor), SHORTEST), max(round(height * factor), SHORTEST))
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
