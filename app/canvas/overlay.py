"""What lies over the image for a while: a heat map, and outlines that are nobody's masks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QWidget

from cascadeclip.app.canvas import paint
from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.canvas.view import Canvas

# From nothing over amber to a red that also differs in lightness.
RAMP = np.array([[255, 214, 90], [240, 120, 40], [150, 0, 60]], np.float32)
MOST_OPAQUE = 0.7
OUTLINE = 2.5


class Overlay(QWidget):
    """Lie on the canvas, follow its zoom, let every click through."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas = canvas
        self._heat: QImage | None = None
        self._outlines: tuple[tuple[QPainterPath, QColor], ...] = ()
        canvas.installEventFilter(self)
        canvas.zoomed.connect(self.update)
        self.resize(canvas.size())
        self.hide()

    @property
    def shows_heat(self) -> bool:
        """Return whether there is a heat map."""
        return self._heat is not None

    @property
    def outlined(self) -> int:
        """Count the outlines."""
        return len(self._outlines)

    def show_heat(self, values: NDArray[np.float32] | None) -> None:
        """Lay a map hxw of 0..1 over the whole image, or take it away."""
        self._heat = None if values is None else heat_image(values)
        self._refresh()

    def show_outlines(self, shapes: Sequence[tuple[Shape, str]]) -> None:
        """Outline these shapes, each in a colour "#rrggbb"."""
        self._outlines = tuple((paint.path_of(shape), QColor(colour)) for shape, colour in shapes)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() is QEvent.Type.Resize:
            self.resize(self._canvas.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heat, then outlines."""
        size = self._canvas.size_of_image
        if size is None:
            return
        painter = QPainter(self)
        here = self._canvas.placement
        if self._heat is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            target = QRectF(here.x, here.y, size[1] * here.scale, size[0] * here.scale)
            painter.drawImage(target, self._heat)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(QTransform(here.scale, 0, 0, here.scale, here.x, here.y))
        for path, colour in self._outlines:
            pen = QPen(colour, OUTLINE)
            pen.setCosmetic(True)
            pen.setStyle(Qt.PenStyle.DotLine)
            painter.strokePath(path, pen)

    def _refresh(self) -> None:
        self.setVisible(self._heat is not None or bool(self._outlines))
        self.raise_()
        self.update()


def heat_image(values: NDArray[np.float32]) -> QImage:
    """Colour a map hxw of 0..1: nothing at 0, dark red at 1."""
    level = np.clip(values, 0, 1)
    places = np.linspace(0, 1, len(RAMP))
    colours = np.stack([np.interp(level, places, RAMP[:, part]) for part in range(3)], axis=-1)
    # Little doubt is everywhere: it is shown less than it is.
    alpha = (MOST_OPAQUE * level**1.5)[..., None]
    # Premultiplied, in the order blue, green, red, alpha that ARGB32 has in memory.
    pixels = np.concatenate([colours[..., ::-1] * alpha, 255 * alpha], axis=-1)
    made = np.ascontiguousarray(pixels.round().astype(np.uint8))
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(made.data, made.shape[1], made.shape[0], made.strides[0], kind).copy()
