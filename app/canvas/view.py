"""The canvas: an image, its masks, and the tools that touch them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas import highlight, paint
from cascadeclip.app.canvas.highlight import Highlight
from cascadeclip.app.canvas.layers import Area, Layer, Pixels
from cascadeclip.app.canvas.look import Look
from cascadeclip.app.canvas.meaning import Meaning
from cascadeclip.app.canvas.settling import Settling, accepted
from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.canvas.tools import TOOLS, Pointer
from cascadeclip.app.canvas.tools.base import Box, pointer, shifted
from cascadeclip.app.canvas.viewport import Viewport
from cascadeclip.app.translation import tr

REACH = 8.0
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class Canvas(Viewport):
    """Show one image with its masks; know nothing of files, models or the database.

    Signals: `picked` with the shape clicked or None; `asked` with the shape under a right click
    and the place on the screen; `stroked` with a FinishedStroke; `operated` with any other thing
    a tool made; `pointed` with the shape under the pointer or None; `moved` with image x, y and
    the colour there as (red, green, blue), None beside the image; `walked` with True for Tab,
    False for Shift+Tab.
    """

    picked = Signal(object)
    asked = Signal(object, QPoint)
    stroked = Signal(object)
    operated = Signal(object)
    pointed = Signal(object)
    moved = Signal(int, int, object)
    walked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Image"))
        self.brush_size = 24
        self.look = Look()
        self._peek = self._hidden = False
        self._selected: tuple[object, ...] | None = None
        self._chosen: Shape | None = None
        self._hovered: Shape | None = None
        self._pointer: QPointF | None = None
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._highlights = (Highlight(), Highlight())
        self._settling = Settling(self._fade, self)
        self.meaning = Meaning()
        self._tools = {name: kind(self) for name, kind in TOOLS.items()}
        self.tool = self._tools["select"]
        self._over = QRectF()
        self.take_colours()

    # What is shown

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Give everything drawn now, suggestions first."""
        layers = (self.ground.pending, self.ground.settled)
        return tuple(shape for layer in layers if layer for shape in layer.shapes)

    @property
    def colour(self) -> str:
        """Give the colour the brush paints with."""
        return self.ground.colour

    def show_image(self, sizes: tuple[Pixels, ...], *, keep_place: bool = False) -> None:
        """Show an image given as its halves (see `half_sizes`); its masks come afterwards."""
        self._forget()
        super().show_image(sizes, keep_place=keep_place)

    def clear(self, message: str = "") -> None:
        """Show no image but one sentence."""
        self._forget()
        super().clear(message)

    def show_layers(self, settled: Layer, pending: Layer) -> None:
        """Draw these masks from now on; a stroke under way stays on top."""
        if self.size_of_image != (settled.height, settled.width):
            return
        fresh = accepted((self.ground.settled, self.ground.pending), settled)
        self.ground.show_layers(settled, pending)
        if fresh:
            self._settling.begin(fresh, self.look)
        self._choose()
        self._hover(self._shape_under_pointer())
        self.tool.shown_anew()
        self.refresh()
        self.overlay_changed()

    def show_look(self, look: Look) -> None:
        """Show masks and image as a person has set it."""
        self.look = look
        self.ground.show_look(replace(look, bare=self._peek or self._hidden))
        self.refresh()

    def select(self, key: tuple[object, ...] | None) -> None:
        """Give the shape with this key its handles."""
        self._selected = key
        self._choose()

    def set_tool(self, name: str) -> None:
        """Choose what the left button does: a name of `TOOLS`."""
        self.tool.cancel()
        self.tool = self._tools[name]
        self._hover(self._shape_under_pointer())
        self._show_cursor()
        self.overlay_changed()

    def set_brush(self, *, size: int | None = None, colour: str | None = None) -> None:
        """Set the brush's diameter in image pixels and the colour it paints with."""
        self.brush_size = size or self.brush_size
        self.ground.paint_in(colour or self.colour, self.ground.background)
        self.overlay_changed()

    def set_peek(self, peek: bool, /) -> None:
        """Hide all masks while somebody wants to see the bare image."""
        self._peek = peek
        self._show_masks()

    def hide_masks(self, hidden: bool, /) -> None:
        """Hide all masks until they are wanted again."""
        self._hidden = hidden
        self._show_masks()

    def reduce_motion(self, reduced: bool, /) -> None:
        """Let accepted masks be at rest at once."""
        self._settling.reduced = reduced

    # What tools ask for

    @property
    def selected(self) -> Shape | None:
        """Give the shape with the handles."""
        return self._chosen

    def shape_at(self, x: float, y: float) -> Shape | None:
        """Find the smallest shape at an image position."""
        layers = (self.ground.pending, self.ground.settled)
        found = [shape for layer in layers if layer and (shape := layer.hits.at(x, y))]
        return min(found, key=lambda shape: shape.cutout.area, default=None)

    def pick(self, shape: Shape | None) -> None:
        """Say that the person clicked this shape, or none."""
        self.picked.emit(shape)

    def give(self, result: object) -> None:
        """Hand over what a tool made."""
        (self.stroked if isinstance(result, FinishedStroke) else self.operated).emit(result)

    def show_stroke(self, mask: NDArray[np.bool_], box: Box, *, erase: bool) -> None:
        """Paint what a stroke covers (HxW bool) within `box` until the shapes are shown anew."""
        rows, columns = box
        if self.ground.settled is None:
            return
        area = Area(rows.start, columns.start, rows.stop, columns.stop)
        chosen = self._chosen
        number = self.ground.settled.number(chosen) if chosen else 0
        self.ground.show_live(mask, area, erase=erase, number=number or None)
        self.refresh()

    def answer(self, tool: str, answer: object) -> None:
        """Let the tool of this name hear what was made of what it gave."""
        self._tools[tool].hear(answer)
        self.overlay_changed()

    def overlay_changed(self) -> None:
        """Have the tool's overlay painted again, where it was and where it is now."""
        self._update_over()

    # Painting

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """Paint what stands out, the tool's overlay and the word under the pointer."""
        if not self._peek and not self._hidden:
            self._paint_highlights(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.tool.paint(painter, self._pointer)
        plate, shape = self._plate(), self._hovered
        if shape is not None and not plate.isEmpty():
            paint.draw_tag(painter, shape.text, shape.colour, plate)

    def _paint_highlights(self, painter: QPainter) -> None:
        shapes = (self._chosen, self._hovered)
        ground = self.ground
        painter.save()
        self.in_device_pixels(painter)
        for highlight_, shape in zip(self._highlights, shapes, strict=True):
            if shape is not None:
                highlight_.draw(painter, shape, ground.frame, self.device_rect, ground.ratio)
        painter.restore()
        if self._chosen is not None and self.tool.handles:
            paint.draw_handles(painter, self._chosen, self.placement)

    def _plate(self) -> QRectF:
        shape = self._hovered
        if self._pointer is None or shape is None or self.ground.look.bare:
            return QRectF()
        return paint.tag_plate(self.font(), shape.text, self._pointer, QRectF(self.rect()))

    def _update_over(self) -> None:
        """Paint what lies over the ground again: where it was, and where it is."""
        self.update_place(self._over)
        plate = self._plate().adjusted(-1, -1, 1, 1) if self._hovered else QRectF()
        self._over = self.tool.extent(self._pointer).united(plate)
        self.update_place(self._over)

    def _fade(self, fading: Mapping[int, float]) -> None:
        self.ground.fade(fading)
        self.refresh()

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, or let the tool hear it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.begin_pan(event):
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self.ground.levels:
            self.tool.press(self._heard(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, let the tool hear it, or name the shape under the pointer."""
        self._pointer = event.position()
        if self.panning:
            self.pan_to(self._pointer)
            return
        if self.ground.levels:
            self.tool.move(self._heard(event))
        self._point()
        self._update_over()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning or let the tool hear it."""
        if self.panning:
            self.end_pan()
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self.ground.levels:
            self.tool.release(self._heard(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the tool hear the second press of a double click."""
        left = event.button() is Qt.MouseButton.LeftButton
        if left and self.ground.levels and not self.ready_to_pan:
            self.tool.double_click(self._heard(event))
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._pointer = None
        self._hover(None)
        self._update_over()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Shift held the tool may want it."""
        # With Shift some systems turn the wheel sideways.
        turns = event.angleDelta().y() or event.angleDelta().x()
        if not (self.ground.levels and shifted(event) and self.tool.turn(turns / 120)):
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the shape here."""
        shape = self.shape_at(*self._image_point(QPointF(event.pos())))
        self.asked.emit(shape, event.globalPos())

    # Keys

    def event(self, event: QEvent) -> bool:
        """Take Tab and Shift+Tab for walking, and what the tool wants before the window gets it."""
        if isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            override = event.type() is QEvent.Type.ShortcutOverride
            if override and self.meaning.wanted(event, self.tool):
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
            self.hold_space(True)
            self._show_cursor()
        elif event.key() == Qt.Key.Key_M and not event.modifiers():
            self.set_peek(True)
        elif not self.meaning.tell(event, self.tool, self._pointer_now()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space or M."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self.hold_space(False)
            self._show_cursor()
        elif event.key() == Qt.Key.Key_M:
            self.set_peek(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of what was held: its release goes elsewhere."""
        self.hold_space(False)
        if self._peek:
            self.set_peek(False)
        self._show_cursor()
        super().focusOutEvent(event)

    # Inside

    def _show_masks(self) -> None:
        self.show_look(self.look)
        self._update_over()

    def _forget(self) -> None:
        self.tool.cancel()
        self._chosen = self._hovered = None

    def _choose(self) -> None:
        before = self._chosen
        key = self._selected
        shapes = self.shapes if key is not None else ()
        self._chosen = next((shape for shape in shapes if shape.key == key), None)
        if self._chosen is not before:
            for shape in (before, self._chosen):
                self.update_place(highlight.reach(shape, self.placement))

    def _hover(self, shape: Shape | None) -> None:
        before, self._hovered = self._hovered, shape
        if shape is before:
            return
        for one in (before, shape):
            self.update_place(highlight.reach(one, self.placement))
        self.pointed.emit(shape)

    def _point(self) -> None:
        self._hover(self._shape_under_pointer())
        if self._pointer is not None and self.ground.levels:
            x, y = (int(value // 1) for value in self._image_point(self._pointer))
            self.moved.emit(x, y, self._colour_at(x, y))

    def _colour_at(self, x: int, y: int) -> tuple[int, int, int] | None:
        height, width = self.size_of_image or (0, 0)
        if not (0 <= x < width and 0 <= y < height):
            return None
        red, green, blue = self.ground.levels[0][y, x].tolist()
        return red, green, blue

    def _shape_under_pointer(self) -> Shape | None:
        if self._pointer is None or not self.tool.hovers or not self.ground.levels:
            return None
        return self.shape_at(*self._image_point(self._pointer))

    def _image_point(self, at: QPointF) -> tuple[float, float]:
        return self.placement.to_image(at.x(), at.y())

    def _heard(self, event: QMouseEvent) -> Pointer:
        self._modifiers = event.modifiers()
        return self._pointer_at(event.position())

    def _pointer_now(self) -> Pointer | None:
        return None if self._pointer is None else self._pointer_at(self._pointer)

    def _pointer_at(self, at: QPointF) -> Pointer:
        x, y = self._image_point(at)
        return pointer(x, y, self._modifiers, REACH / self.placement.scale)

    def _show_cursor(self) -> None:
        if self.panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.ready_to_pan:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.tool.cursor)
