"""The canvas: an image, two layers of masks, and the tools that touch them."""

from __future__ import annotations

import enum

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.geometry import Placement, fit
from cascadeclip.app.canvas.layers import SETTLED_OPACITY, Layer, Pixels, fill
from cascadeclip.app.canvas.shapes import Kind, Shape, hit
from cascadeclip.app.canvas.stroke import Stroke

WHEEL_STEP = 1.0015
ERASED = np.zeros(4, np.uint8)


class Tool(enum.Enum):
    """Name what the left button does on the canvas."""

    SELECT = "select"
    BRUSH = "brush"
    ERASER = "eraser"


class Canvas(QWidget):
    """Show one image with its masks; know nothing of files, models or the database.

    Signals: `picked` with the shape clicked or None; `asked` with the shape under a right click
    and the place on the screen; `stroked` with a FinishedStroke; `pointed` with the shape under
    the pointer or None; `moved` with image x, y; `zoomed` with screen pixels per image pixel;
    `walked` with True for Tab and False for Shift+Tab.
    """

    picked = Signal(object)
    asked = Signal(object, QPoint)
    stroked = Signal(object)
    pointed = Signal(object)
    moved = Signal(int, int)
    zoomed = Signal(float)
    walked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Image")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 200))
        self.placement = Placement()
        self.tool = Tool.SELECT
        self.brush_size = 24
        self.colour = "#808080"
        self.message = ""
        self._sizes: tuple[Pixels, ...] = ()
        self._images: tuple[QImage, ...] = ()
        self._layers: dict[str, tuple[Layer, QImage]] = {}
        self._paths: dict[int, QPainterPath] = {}
        self._selected: tuple[object, ...] | None = None
        self._hovered: Shape | None = None
        self._pointer: QPointF | None = None
        self._stroke: Stroke | None = None
        self._pan_from: QPointF | None = None
        self._space = False
        self._peek = False
        self._fitted = True

    # What is shown

    @property
    def size_of_image(self) -> tuple[int, int] | None:
        """Give height and width of the image in pixels, or None when there is none."""
        return self._sizes[0].shape[:2] if self._sizes else None

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Give everything drawn now, suggestions first."""
        parts = (self._layers[name][0].shapes for name in ("pending", "settled") if self._has(name))
        return tuple(shape for part in parts for shape in part)

    def show_image(self, sizes: tuple[Pixels, ...], *, keep_place: bool = False) -> None:
        """Show an image given as its halves (see `half_sizes`); its masks come afterwards."""
        same = self._sizes and sizes and self._sizes[0].shape == sizes[0].shape
        self._sizes = sizes
        self._images = tuple(paint.rgb_image(pixels) for pixels in sizes)
        self._layers, self._paths = {}, {}
        self._stroke = self._hovered = None
        self.message = ""
        if not (keep_place and same):
            self.fit_image()
        self.update()

    def clear(self, message: str = "") -> None:
        """Show no image but one sentence."""
        self._sizes, self._images, self._layers, self._paths = (), (), {}, {}
        self._stroke = self._hovered = None
        self.message = message
        self.update()

    def show_layers(self, settled: Layer, pending: Layer) -> None:
        """Draw these masks from now on; a stroke under way stays on top."""
        size = self.size_of_image
        if size is None or settled.pixels.shape[:2] != size:
            return
        layers = {"settled": settled, "pending": pending}
        self._layers = {
            name: (layer, paint.layer_image(layer.pixels)) for name, layer in layers.items()
        }
        self._paths = {id(shape): paint.path_of(shape) for shape in self.shapes}
        self._hovered = self._shape_under_pointer()
        if self._stroke:
            self._paint_stroke()
        self.update()

    def select(self, key: tuple[object, ...] | None) -> None:
        """Give the shape with this key its handles."""
        self._selected = key
        self.update()

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self.tool = tool
        self._show_cursor()
        self.update()

    def set_brush(self, *, size: int | None = None, colour: str | None = None) -> None:
        """Set the brush's diameter in image pixels and the colour it paints with."""
        self.brush_size = size or self.brush_size
        self.colour = colour or self.colour
        self.update()

    def set_peek(self, peek: bool, /) -> None:
        """Hide all masks while somebody wants to see the bare image."""
        self._peek = peek
        self.update()

    # Zoom

    def fit_image(self) -> None:
        """Show the whole image."""
        size = self.size_of_image
        if size:
            self._place(fit(size[1], size[0], self.width(), self.height()))
        self._fitted = True

    def actual_size(self) -> None:
        """Show one image pixel as one screen pixel, around the middle of the view."""
        if self.size_of_image:
            self.zoom_by(1.0 / self.placement.scale)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Scale by `factor` around the widget position `at`, the middle if None."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        self._fitted = False
        self._place(self.placement.zoomed(factor, at.x(), at.y()))

    def _place(self, placement: Placement) -> None:
        self.placement = placement
        self.zoomed.emit(placement.scale)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image, the two layers, the outlines and what follows the pointer."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().dark())
        if not self._images:
            self._paint_message(painter)
            return
        self._paint_image(painter)
        if not self._peek:
            self._paint_layers(painter)
            self._paint_outlines(painter)
        self._paint_pointer(painter)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(self.palette().placeholderText().color())
        place = QRectF(self.rect()).adjusted(48, 48, -48, -48)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place, int(flags), self.message)

    def _paint_image(self, painter: QPainter) -> None:
        scale = self.placement.scale * self.devicePixelRatioF()
        level = 0
        while level + 1 < len(self._images) and scale < 0.5 ** (level + 1) * 1.2:
            level += 1
        # Above 200 % a person is looking at pixels, not at an interpolation of them.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale <= 2.0)
        painter.drawImage(self._target(), self._images[level])

    def _paint_layers(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for name in ("settled", "pending"):
            if self._has(name):
                painter.drawImage(self._target(), self._layers[name][1])

    def _paint_outlines(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.placement
        transform = QTransform(here.scale, 0, 0, here.scale, here.x, here.y)
        painter.setTransform(transform)
        selected = None
        for shape in reversed(self.shapes):
            chosen = shape.key == self._selected
            selected = shape if chosen else selected
            path = self._paths[id(shape)]
            if shape is self._hovered and shape.kind is not Kind.ANNOTATION:
                painter.fillPath(path, _faded(shape.colour, 0.25))
            paint.draw_outline(painter, shape, path, strong=chosen or shape is self._hovered)
        painter.resetTransform()
        if selected is not None:
            paint.draw_handles(painter, selected, here)

    def _paint_pointer(self, painter: QPainter) -> None:
        if self._pointer is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.tool is not Tool.SELECT:
            diameter = self.brush_size * self.placement.scale
            paint.draw_ring(painter, self._pointer, diameter, erase=self._erasing())
        elif self._hovered is not None and not self._peek:
            bounds = QRectF(self.rect())
            shape = self._hovered
            paint.draw_tag(painter, shape.text, shape.colour, self._pointer, bounds)

    def _target(self) -> QRectF:
        height, width = self._sizes[0].shape[:2]
        here = self.placement
        return QRectF(here.x, here.y, width * here.scale, height * here.scale)

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, pick a shape or begin a stroke."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        if event.button() is Qt.MouseButton.MiddleButton or self._space:
            self._pan_from = at
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self._images:
            if self.tool is Tool.SELECT:
                self.picked.emit(hit(self.shapes, *self._image_point(at)))
            else:
                self._begin_stroke(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, paint, or name the shape under the pointer."""
        at = event.position()
        self._pointer = at
        if self._pan_from is not None:
            self._fitted = False
            delta = at - self._pan_from
            self._pan_from = at
            self._place(self.placement.moved(delta.x(), delta.y()))
            return
        if self._stroke is not None:
            self._stroke.move_to(*self._image_point(at))
            self._paint_stroke()
        self._point()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning or hand the stroke over."""
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif self._stroke is not None and event.button() is Qt.MouseButton.LeftButton:
            finished = self._stroke.finish()
            self._stroke = None
            if finished.cutout.area:
                self.stroked.emit(finished)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._pointer = self._hovered = None
        self.pointed.emit(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        if self._images and event.angleDelta().y():
            self.zoom_by(WHEEL_STEP ** event.angleDelta().y(), event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the shape here."""
        shape = hit(self.shapes, *self._image_point(QPointF(event.pos())))
        self.asked.emit(shape, event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted image fitted."""
        if self._fitted:
            self.fit_image()

    # Keys that are held, and Tab, which Qt would take for itself

    def event(self, event: QEvent) -> bool:
        """Take Tab and Shift+Tab for walking through the suggestions."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
            )
            if plain and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.walked.emit(event.key() == Qt.Key.Key_Tab)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold Space to pan and M to see the bare image."""
        if event.key() == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif event.key() == Qt.Key.Key_M and not event.modifiers():
            self.set_peek(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space or M."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self._space = False
            self._show_cursor()
        elif event.key() == Qt.Key.Key_M:
            self.set_peek(False)
        else:
            super().keyReleaseEvent(event)

    # Inside

    def _has(self, name: str) -> bool:
        return name in self._layers

    def _image_point(self, at: QPointF) -> tuple[float, float]:
        return self.placement.to_image(at.x(), at.y())

    def _erasing(self) -> bool:
        return self.tool is Tool.ERASER

    def _begin_stroke(self, at: QPointF) -> None:
        height, width = self._sizes[0].shape[:2]
        self._stroke = Stroke(height, width, size=self.brush_size, erase=self._erasing())
        self._stroke.move_to(*self._image_point(at))
        self._paint_stroke()
        self.update()

    def _paint_stroke(self) -> None:
        if self._stroke is None or not self._has("settled"):
            return
        value = ERASED if self._stroke.erase else fill(self.colour, SETTLED_OPACITY)
        box = self._stroke.dirty
        self._layers["settled"][0].pixels[box][self._stroke.mask[box]] = value

    def _point(self) -> None:
        shape = self._shape_under_pointer()
        if shape is not self._hovered:
            self._hovered = shape
            self.pointed.emit(shape)
        if self._pointer is not None and self._images:
            x, y = self._image_point(self._pointer)
            self.moved.emit(int(x), int(y))

    def _shape_under_pointer(self) -> Shape | None:
        if self._pointer is None or self.tool is not Tool.SELECT or not self._images:
            return None
        return hit(self.shapes, *self._image_point(self._pointer))

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.tool is Tool.SELECT:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)


def _faded(colour: str, opacity: float) -> QColor:
    faded = QColor(colour)
    faded.setAlphaF(opacity)
    return faded
