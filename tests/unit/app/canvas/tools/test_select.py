import numpy as np
from PySide6.QtCore import QPointF, QRectF

from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out
from cascadeclip.app.canvas.tools import TOOLS, Pointer
from cascadeclip.app.canvas.tools.operations import Chosen
from cascadeclip.core import masks


def shape(kind, left, number=None):
    mask = np.zeros((40, 60), bool)
    mask[5:15, left : left + 10] = True
    rle = masks.encode(mask)
    return Shape(kind, 1, "cat", "#ff0000", rle, cut_out(rle), id=number)


def test_shift_chooses_masks_beside_and_no_suggestion(writing):
    first, second = shape(Kind.ANNOTATION, 5, 7), shape(Kind.SUGGESTION, 30)
    writing.shapes = (first, second)
    tool = TOOLS["select"](writing)
    tool.press(Pointer(8, 8, shift=True))
    tool.press(Pointer(33, 8, shift=True))
    tool.press(Pointer(33, 8))
    assert writing.given == [Chosen(first.key)]
    assert writing.picked == [second]


def test_the_overlay_is_around_the_chosen(writing):
    first = shape(Kind.ANNOTATION, 5, 7)
    writing.shapes = (first,)
    tool = TOOLS["select"](writing)
    assert tool.extent(None) == QRectF()
    tool.hear((first.key,))
    assert tool.extent(None).contains(QPointF(10, 10))
    assert tool.extent(None).contains(QPointF(30, 30))
