"""Brush and eraser, on a board that writes down what it is told."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from cascadeclip.app.canvas.geometry import Placement
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.canvas.tools import TOOLS, Pointer


class Board:
    """An image of 40 x 60 pixels at 200 % with one shape in it."""

    placement = Placement(2.0)
    brush_size = 6
    colour = "#ff0000"
    size_of_image = (40, 60)
    shapes = ("a shape",)
    selected = None

    def __init__(self):
        self.picked, self.given, self.strokes = [], [], []

    def shape_at(self, x, y):
        return "a shape" if x < 10 else None

    def pick(self, shape):
        self.picked.append(shape)

    def give(self, result):
        self.given.append(result)

    def show_stroke(self, mask, box, *, erase):
        self.strokes.append((int(mask[box].sum()), box, erase))

    def overlay_changed(self):
        pass


@pytest.fixture
def board():
    return Board()


def test_select_picks_what_is_under_the_click_and_nothing_beside_it(board):
    tool = TOOLS["select"](board)
    tool.press(Pointer(3, 3))
    tool.press(Pointer(30, 3))
    assert board.picked == ["a shape", None]


def test_a_drag_gives_one_stroke_and_shows_each_move_in_its_own_box(board):
    tool = TOOLS["brush"](board)
    tool.press(Pointer(10, 20))
    tool.move(Pointer(30, 20))
    tool.release(Pointer(30, 20))
    tool.move(Pointer(50, 20))
    (stroke,) = board.given
    assert isinstance(stroke, FinishedStroke)
    assert not stroke.erase
    assert (stroke.cutout.left, stroke.cutout.pixels.shape) == (7, (6, 26))
    assert len(board.strokes) == 2
    rows, columns = board.strokes[0][1]
    assert (rows, columns) == (slice(17, 23), slice(7, 13))


@pytest.mark.parametrize("name", ["brush", "eraser"])
@pytest.mark.parametrize("held", [{}, {"control": True}, {"alt": True}, {"shift": True}])
def test_ctrl_or_alt_turns_the_brush_into_an_eraser_and_back(board, name, held):
    tool = TOOLS[name](board)
    tool.press(Pointer(10, 20, **held))
    tool.release(Pointer(10, 20))
    turned = bool(held) and "shift" not in held
    assert board.given[0].erase is ((name == "eraser") is not turned)


def test_a_stroke_beside_the_image_or_given_up_gives_nothing(board):
    tool = TOOLS["brush"](board)
    tool.press(Pointer(-90, 20))
    tool.release(Pointer(-90, 20))
    tool.press(Pointer(10, 20))
    assert tool.cancel()
    tool.release(Pointer(10, 20))
    assert board.given == []
    assert not tool.cancel()


def test_shapes_that_come_during_a_stroke_do_not_hide_it(board):
    tool = TOOLS["brush"](board)
    tool.shown_anew()
    assert board.strokes == []
    tool.press(Pointer(10, 20))
    tool.move(Pointer(30, 20))
    tool.shown_anew()
    count, _, erase = board.strokes[-1]
    assert not erase
    tool.release(Pointer(30, 20))
    assert count == board.given[0].cutout.area


def test_the_ring_is_as_wide_as_the_brush_on_the_screen(board):
    tool = TOOLS["brush"](board)
    extent = tool.extent(QPointF(100, 80))
    assert extent.center() == QPointF(100, 80)
    assert 12 < extent.width() < 20
    assert tool.extent(None).isEmpty()


def test_the_cutout_of_a_stroke_is_the_mask_under_it(board):
    tool = TOOLS["brush"](board)
    tool.press(Pointer(10, 20))
    tool.release(Pointer(10, 20))
    cutout = board.given[0].cutout
    whole = np.zeros((40, 60), np.bool_)
    height, width = cutout.pixels.shape
    whole[cutout.top : cutout.top + height, cutout.left : cutout.left + width] = cutout.pixels
    assert np.argwhere(whole).min(axis=0).tolist() == [17, 7]
    assert all(cutout.contains(x, y) == whole[y, x] for y in range(40) for x in range(60))
