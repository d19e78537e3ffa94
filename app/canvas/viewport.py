"""The place of an image in a widget: zoom, pan, fit, and the ground painted for it."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.geometry import Placement, carried, fit, fit_width
from cascadeclip.app.canvas.ground import Ground, rectangles
from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.sampling import Frame

WHEEL_STEP = 1.0015
# So long after the last turn of the wheel the image gets as sharp as the screen can show it.
REST_MILLISECONDS = 80
Fit = Callable[[int, int, int, int], Placement]


class Viewport(QWidget):
    """Show an image, zoomed and moved; what changes is drawn, and nothing else.

    Signals: `zoomed` with screen pixels per image pixel; `placed` after the view has moved, been
    zoomed or been given another image.
    """

    zoomed = Signal(float)
    placed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 200))
        # Every pixel is painted: Qt need not clear them first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.placement = Placement()
        self.ground = Ground()
        self.message = ""
        self._fit: Fit | None = fit
        self._pan_from: QPointF | None = None
        self._space = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._sharpen)

    # What is shown

    @property
    def size_of_image(self) -> tuple[int, int] | None:
        """Give height and width of the image in pixels, or None when there is none."""
        levels = self.ground.levels
        return levels[0].shape[:2] if levels else None

    @property
    def fitted(self) -> bool:
        """Say whether the view keeps the image fitted when its own size changes."""
        return self._fit is not None

    def show_image(self, sizes: tuple[Pixels, ...], *, keep_place: bool = False) -> None:
        """Show an image given as its halves (see `half_sizes`); its masks come afterwards.

        With `keep_place` the scale stays, and so does the part of the image in the middle.
        """
        before, here = self.size_of_image, self.placement
        self.ground.show_image(sizes)
        self.message = ""
        now = self.size_of_image
        if before and now and keep_place and self._fit is None:
            self._place(carried(here, before, now, (self.height(), self.width())))
        else:
            self._apply_fit(self._fit or fit)
        self.update()

    def clear(self, message: str = "") -> None:
        """Show no image but one sentence."""
        self.ground.show_image(())
        self.message = message
        self.placed.emit()
        self.update()

    # Zoom

    def fit_image(self) -> None:
        """Show the whole image."""
        self._apply_fit(fit)

    def fit_width(self) -> None:
        """Show the image as wide as the view."""
        self._apply_fit(fit_width)

    def actual_size(self) -> None:
        """Show one image pixel as one screen pixel, around the middle of the view."""
        if self.size_of_image:
            self.zoom_by(1.0 / self.placement.scale)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Scale by `factor` around the widget position `at`, the middle if None."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        self._fit = None
        self._place(self.placement.zoomed(factor, at.x(), at.y()))

    def look_at(self, x: float, y: float) -> None:
        """Bring an image position into the middle of the view."""
        here = self.placement
        self._fit = None
        place = Placement(
            here.scale, self.width() / 2 - x * here.scale, self.height() / 2 - y * here.scale
        )
        self._place(place)

    def _apply_fit(self, how: Fit) -> None:
        size = self.size_of_image
        if size:
            self._place(how(size[1], size[0], self.width(), self.height()))
        self._fit = how

    def _place(self, placement: Placement) -> None:
        self.placement = placement
        self._place_ground()
        self.zoomed.emit(placement.scale)
        self.placed.emit()
        self.update()

    def _place_ground(self) -> None:
        ratio, here = self.devicePixelRatioF(), self.placement
        frame = Frame(here.scale * ratio, round(here.x * ratio), round(here.y * ratio))
        width, height = math.ceil(self.width() * ratio), math.ceil(self.height() * ratio)
        self.ground.place(frame, max(width, 1), max(height, 1), ratio)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that is asked for: the ground, then what lies over it."""
        painter = QPainter(self)
        if not self.ground.levels:
            painter.fillRect(event.rect(), self.palette().dark())
            paint.draw_message(painter, self.message, self)
            return
        if self.ground.ratio != self.devicePixelRatioF():
            self._place_ground()
        image = self.ground.ready()
        self.in_device_pixels(painter)
        painter.drawImage(0, 0, image)
        painter.resetTransform()
        self.paint_over(painter, QRectF(event.rect()))

    def in_device_pixels(self, painter: QPainter) -> None:
        """Let a painter of this widget count in device pixels."""
        painter.scale(1 / self.ground.ratio, 1 / self.ground.ratio)

    def _sharpen(self) -> None:
        self.ground.sharpen()
        self.refresh()

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """Paint what lies over the ground, in widget pixels; a child of this class does."""

    def refresh(self) -> None:
        """Have everything painted that is not up to date, and nothing else."""
        ratio = self.ground.ratio
        for part in rectangles(self.ground.stale):
            place = QRectF(part.x(), part.y(), part.width(), part.height())
            scaled = QRectF(place.topLeft() / ratio, place.size() / ratio)
            self.update(scaled.toAlignedRect())

    def update_place(self, place: QRectF) -> None:
        """Have a rectangle of the widget painted."""
        if not place.isEmpty():
            visible = place.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(self.rect())
            self.update(visible)

    @property
    def device_rect(self) -> QRect:
        """Give the whole view in device pixels."""
        return QRect(QRect(0, 0, *self._device_size()))

    def _device_size(self) -> tuple[int, int]:
        ratio = self.ground.ratio
        return math.ceil(self.width() * ratio), math.ceil(self.height() * ratio)

    def take_colours(self) -> None:
        """Take over the colours of the widget's palette and show what they change."""
        self.ground.paint_in(self.ground.colour, self.palette().dark().color().rgba())
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark."""
        if event.type() is QEvent.Type.PaletteChange:
            self.take_colours()
        super().changeEvent(event)

    # Moving about

    @property
    def panning(self) -> bool:
        """Say whether the image is being moved by the pointer."""
        return self._pan_from is not None

    @property
    def ready_to_pan(self) -> bool:
        """Say whether a press would move the image."""
        return self._space

    def begin_pan(self, event: QMouseEvent) -> bool:
        """Begin to move the image, if this press does."""
        if event.button() is not Qt.MouseButton.MiddleButton and not self._space:
            return False
        self._pan_from = event.position()
        return True

    def pan_to(self, at: QPointF) -> None:
        """Move the image along with the pointer."""
        if self._pan_from is not None:
            self._fit = None
            delta = at - self._pan_from
            self._pan_from = at
            self._place(self.placement.moved(delta.x(), delta.y()))

    def end_pan(self) -> None:
        """Leave the image where it is."""
        self._pan_from = None

    def hold_space(self, held: bool, /) -> None:
        """Let a press move the image for as long as Space is held."""
        self._space = held

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        if self.ground.levels and event.angleDelta().y():
            self.ground.in_a_hurry = True
            self._rest.start(REST_MILLISECONDS)
            self.zoom_by(WHEEL_STEP ** event.angleDelta().y(), event.position())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted image fitted."""
        if self._fit is not None:
            self._apply_fit(self._fit)
        else:
            self._place_ground()
            self.placed.emit()
