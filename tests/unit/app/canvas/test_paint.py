"""Outlines of suggestions: the path is the one that adding point by point would give."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF

from cascadeclip.app.canvas.paint import draw_dashes, path_of
from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out, lines_of
from cascadeclip.core import masks


def make_shape(mask, kind=Kind.ANNOTATION):
    rle = masks.encode(mask)
    return Shape(kind, 1, "cat", "#ff8000", rle, cut_out(rle), 0.5)


def ring(side=30):
    """Two parts, one of them with a hole."""
    mask = np.zeros((side, side), np.bool_)
    mask[3:15, 4:16] = True
    mask[7:11, 8:12] = False
    mask[20:25, 20:28] = True
    return mask


def point_by_point(shape):
    path = QPainterPath()
    for line in lines_of(shape):
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))
        path.closeSubpath()
    return path


def test_a_path_holds_every_part_and_leaves_holes_out():
    shape = make_shape(ring())
    path = path_of(shape)
    assert path == point_by_point(shape)
    assert path.contains(QPointF(5.5, 4.5))
    assert not path.contains(QPointF(10, 9))
    assert path.contains(QPointF(24, 22))


def test_an_empty_mask_is_an_empty_path():
    assert path_of(make_shape(np.zeros((4, 4), np.bool_))).isEmpty()


def drawn(*, strong=False, ratio=1.0):
    shape = make_shape(ring(), Kind.SUGGESTION)
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(255, 255, 255))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(5, 5)
    before = painter.transform()
    draw_dashes(painter, shape.colour, path_of(shape), ratio, strong=strong)
    assert painter.transform() == before
    painter.end()
    return image


def along_the_top(image):
    """The pixels of the edge from (4, 3) to (16, 3), moved by 5."""
    return [image.pixelColor(x, 8) for x in range(11, 20)]


def test_a_pending_edge_is_dashed():
    blues = [colour.blue() for colour in along_the_top(drawn())]
    assert min(blues) < 140
    assert max(blues) > 180


def test_a_strong_edge_is_wider_and_so_is_one_on_a_fine_screen():
    def inked(image):
        white = QColor(255, 255, 255)
        return sum(image.pixelColor(x, y) != white for x in range(40) for y in range(40))

    assert inked(drawn(strong=True)) > inked(drawn()) * 1.2
    assert inked(drawn(ratio=2.0)) > inked(drawn()) * 1.2
