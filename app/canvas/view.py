"""The canvas: an image, two layers of masks, and the tools that touch them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
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
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.canvas.tools import TOOLS, Pointer
from cascadeclip.app.canvas.tools.base import Box, controlled, pointer, shifted

WHEEL_STEP = 1.0015
ERASED = np.zeros(4, np.uint8)
REACH = 8.0
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class Canvas(QWidget):
    """Show one image with its masks; know nothing of files, models or the database.

    Signals: `picked` with the shape clicked or None; `asked` with the shape under a right click
    and the place on the screen; `stroked` with a FinishedStroke; `operated` with any other thing
    a tool made; `pointed` with the shape under the pointer or None; `moved` with image x, y;
    `zoomed` with screen pixels per image pixel; `walked` with True for Tab, False for Shift+Tab.
    """

    picked = Signal(object)
    asked = Signal(object, QPoint)
    stroked = Signal(object)
    operated = Signal(object)
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
        self._pan_from: QPointF | None = None
        self._space = False
        self._peek = False
        self._fitted = True
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._tools = {name: kind(self) for name, kind in TOOLS.items()}
        self.tool = self._tools["select"]

    # What is shown

    @property
    def size_of_image(self) -> tuple[int, int] | None:
        """Give height and width of the image in pixels, or None when there is none."""
        return self._sizes[0].shape[:2] if self._sizes else None

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Give everything drawn now, suggestions first."""
        parts = (
            self._layers[name][0].shapes for name in ("pending", "settled") if name in self._layers
        )
        return tuple(shape for part in parts for shape in part)

    def show_image(self, sizes: tuple[Pixels, ...], *, keep_place: bool = False) -> None:
        """Show an image given as its halves (see `half_sizes`); its masks come afterwards."""
        same = self._sizes and sizes and self._sizes[0].shape == sizes[0].shape
        self._sizes = sizes
        self._images = tuple(paint.rgb_image(pixels) for pixels in sizes)
        self._layers, self._paths = {}, {}
        self._hovered = None
        self.tool.cancel()
        self.message = ""
        if not (keep_place and same):
            self.fit_image()
        self.update()

    def clear(self, message: str = "") -> None:
        """Show no image but one sentence."""
        self._sizes, self._images, self._layers, self._paths = (), (), {}, {}
        self._hovered = None
        self.tool.cancel()
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
        self.tool.shown_anew()
        self.update()

    def select(self, key: tuple[object, ...] | None) -> None:
        """Give the shape with this key its handles."""
        self._selected = key
        self.update()

    def set_tool(self, name: str) -> None:
        """Choose what the left button does: a name of `TOOLS`."""
        self.tool.cancel()
        self.tool = self._tools[name]
        self._hovered = self._shape_under_pointer()
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

    # What tools ask for

    @property
    def selected(self) -> Shape | None:
        """Give the shape with the handles."""
        return next((shape for shape in self.shapes if shape.key == self._selected), None)

    def shape_at(self, x: float, y: float) -> Shape | None:
        """Find the smallest shape at an image position."""
        return hit(self.shapes, x, y)

    def pick(self, shape: Shape | None) -> None:
        """Say that the person clicked this shape, or none."""
        self.picked.emit(shape)

    def give(self, result: object) -> None:
        """Hand over what a tool made."""
        (self.stroked if isinstance(result, FinishedStroke) else self.operated).emit(result)

    def show_stroke(self, mask: NDArray[np.bool_], box: Box, *, erase: bool) -> None:
        """Paint what a stroke covers (HxW bool) within `box` until the shapes are shown anew."""
        if "settled" in self._layers:
            value = ERASED if erase else fill(self.colour, SETTLED_OPACITY)
            self._layers["settled"][0].pixels[box][mask[box]] = value
        self.update()

    def overlay_changed(self) -> None:
        """Have the tool's overlay painted again."""
        self.update()

    def answer(self, tool: str, answer: object) -> None:
        """Let the tool of this name hear what was made of what it gave."""
        self._tools[tool].hear(answer)
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
            paint.draw_message(painter, self.message, self)
            return
        scale = self.placement.scale * self.devicePixelRatioF()
        paint.draw_level(painter, self._images, self._target(), scale)
        if not self._peek:
            self._paint_layers(painter)
            self._paint_outlines(painter)
        self._paint_pointer(painter)

    def _paint_layers(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for name in ("settled", "pending"):
            if name in self._layers:
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
                painter.fillPath(path, paint.faded(shape.colour, 0.25))
            paint.draw_outline(painter, shape, path, strong=chosen or shape is self._hovered)
        painter.resetTransform()
        if selected is not None:
            paint.draw_handles(painter, selected, here)

    def _paint_pointer(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.tool.paint(painter, self._pointer)
        shape = self._hovered
        if self._pointer is not None and shape is not None and not self._peek:
            bounds = QRectF(self.rect())
            paint.draw_tag(painter, shape.text, shape.colour, self._pointer, bounds)

    def _target(self) -> QRectF:
        height, width = self._sizes[0].shape[:2]
        here = self.placement
        return QRectF(here.x, here.y, width * here.scale, height * here.scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, or let the tool hear it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        if event.button() is Qt.MouseButton.MiddleButton or self._space:
            self._pan_from = at
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self._images:
            self.tool.press(self._heard(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, let the tool hear it, or name the shape under the pointer."""
        at = event.position()
        self._pointer = at
        if self._pan_from is not None:
            self._fitted = False
            delta = at - self._pan_from
            self._pan_from = at
            self._place(self.placement.moved(delta.x(), delta.y()))
            return
        if self._images:
            self.tool.move(self._heard(event))
        self._point()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning or let the tool hear it."""
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self._images:
            self.tool.release(self._heard(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the tool hear the second press of a double click."""
        if event.button() is Qt.MouseButton.LeftButton and self._images and not self._space:
            self.tool.double_click(self._heard(event))
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._pointer = self._hovered = None
        self.pointed.emit(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Shift held the tool may want it."""
        turns = event.angleDelta().y()
        if self._images and turns and not (shifted(event) and self.tool.turn(turns / 120)):
            self.zoom_by(WHEEL_STEP**turns, event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the shape here."""
        shape = hit(self.shapes, *self._image_point(QPointF(event.pos())))
        self.asked.emit(shape, event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted image fitted."""
        if self._fitted:
            self.fit_image()

    def event(self, event: QEvent) -> bool:
        """Take Tab and Shift+Tab for walking, and what the tool wants before the window gets it."""
        if isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            override = event.type() is QEvent.Type.ShortcutOverride
            if override and self.tool.wants(key, control=controlled(event)):
                event.accept()
                return True
            tab = key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if event.type() is QEvent.Type.KeyPress and tab and event.modifiers() in PLAIN:
                self.walked.emit(key is Qt.Key.Key_Tab)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold Space to pan and M to see the bare image."""
        if event.key() == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif event.key() == Qt.Key.Key_M and not event.modifiers():
            self.set_peek(True)
        elif not self.tool.key(Qt.Key(event.key()), self._pointer_now(), control=controlled(event)):
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

    def _image_point(self, at: QPointF) -> tuple[float, float]:
        return self.placement.to_image(at.x(), at.y())

    def _heard(self, event: QMouseEvent) -> Pointer:
        self._modifiers = event.modifiers()
        return self._pointer_at(event.position())

    def _pointer_now(self) -> Pointer | None:
        return None if self._pointer is None else self._pointer_at(self._pointer)

    def _pointer_at(self, at: QPointF) -> Pointer:
        return pointer(*self._image_point(at), self._modifiers, REACH / self.placement.scale)

    def _point(self) -> None:
        shape = self._shape_under_pointer()
        if shape is not self._hovered:
            self._hovered = shape
            self.pointed.emit(shape)
        if self._pointer is not None and self._images:
            x, y = self._image_point(self._pointer)
            self.moved.emit(int(x), int(y))

    def _shape_under_pointer(self) -> Shape | None:
        if self._pointer is None or not self.tool.hovers or not self._images:
            return None
        return hit(self.shapes, *self._image_point(self._pointer))

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.tool.cursor)
