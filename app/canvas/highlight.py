"""What stands out: the selected mask and the shape under the pointer, drawn for the view alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QTransform

from cascadeclip.app.canvas import paint, sampling
from cascadeclip.app.canvas.geometry import Placement
from cascadeclip.app.canvas.layers import area_of
from cascadeclip.app.canvas.look import BESIDE, fill
from cascadeclip.app.canvas.sampling import Frame, Part
from cascadeclip.app.canvas.shapes import Kind, Shape

BRIGHTER = 0.25
HANDLES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Hold a highlight ready to draw and what it was made for."""

    shape: Shape
    frame: Frame
    place: QRect
    image: QImage


class Highlight:
    """Draw one shape so that it stands out; what was drawn is kept while nothing moves."""

    def __init__(self) -> None:
        self._made: Made | None = None
        self._path: tuple[Shape, QPainterPath] | None = None

    def draw(
        self, painter: QPainter, shape: Shape, frame: Frame, view: QRect, ratio: float
    ) -> None:
        """Draw a shape in the device pixels of a view; a suggestion also brightens."""
        place = self._place(shape, frame, view, ratio)
        if place.isEmpty():
            return
        made = self._made
        if made is None or (made.shape, made.frame, made.place) != (shape, frame, place):
            made = self._made = Made(shape, frame, place, _drawn(shape, frame, place, ratio))
        painter.drawImage(place.topLeft(), made.image)
        if shape.kind is not Kind.ANNOTATION:
            self._draw_dashes(painter, shape, frame, ratio)

    def _draw_dashes(self, painter: QPainter, shape: Shape, frame: Frame, ratio: float) -> None:
        if self._path is None or self._path[0] is not shape:
            self._path = (shape, paint.path_of(shape))
        before = painter.transform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        there = QTransform(frame.scale, 0, 0, frame.scale, frame.x, frame.y)
        painter.setTransform(there * before)
        paint.draw_dashes(painter, shape.colour, self._path[1], ratio, strong=True)
        painter.setTransform(before)

    def _place(self, shape: Shape, frame: Frame, view: QRect, ratio: float) -> QRect:
        part = sampling.screen_part(frame, area_of(shape), more=round(3 * ratio))
        return QRect(part.x, part.y, part.width, part.height).intersected(view)


def reach(shape: Shape | None, placement: Placement) -> QRectF:
    """Give the widget rectangle that a shape, its highlight and its handles take."""
    if shape is None:
        return QRectF()
    box, scale = shape.cutout, placement.scale
    left, top = placement.x + box.left * scale, placement.y + box.top * scale
    place = QRectF(left, top, box.width * scale, box.height * scale)
    return place.adjusted(-HANDLES, -HANDLES, HANDLES, HANDLES)


def _drawn(shape: Shape, frame: Frame, place: QRect, ratio: float) -> QImage:
    part = Part(place.x(), place.y(), place.width(), place.height())
    down = (np.arange(part.height) + part.y + 0.5 - frame.y) / frame.scale
    across = (np.arange(part.width) + part.x + 0.5 - frame.x) / frame.scale
    mask = shape.cutout.picked(
        np.floor(down).astype(np.intp), np.floor(across).astype(np.intp)
    ).view(np.uint8)
    made = np.zeros(mask.shape, np.uint32)
    if shape.kind is Kind.ANNOTATION:
        kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        lines = round((paint.OUTLINE_WIDTH + 1) * ratio)
        # Beyond the part the mask may go on: only where the view ends inside it is there no edge.
        inner = cv2.erode(mask, kernel, iterations=lines)
        outer = cv2.dilate(mask, kernel, iterations=max(round(ratio), 1))
        made[(outer > 0) & (mask == 0)] = BESIDE
        made[(mask > 0) & (inner == 0)] = fill(QColor(shape.colour).lighter(125).name(), 1.0)
    else:
        made[mask > 0] = fill(shape.colour, BRIGHTER)
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(made.data, part.width, part.height, made.strides[0], kind)
    return image.copy(QRect(QPoint(), image.size()))
