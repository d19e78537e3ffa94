import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from cascadeclip.app.canvas.tools import TOOLS, Pointer
from cascadeclip.app.canvas.tools.operations import Corners, How, Moved, Outlined

CORNERS = ((10.0, 10.0), (30.0, 10.0), (30.0, 25.0))


@pytest.fixture
def tool(writing):
    return TOOLS["polygon"](writing)


def begin(tool, *corners, **held):
    for x, y in corners:
        tool.press(Pointer(x, y, **held))
        tool.release(Pointer(x, y))


@pytest.mark.parametrize(
    ("held", "how"),
    [
        ({}, How.NEW),
        ({"alt": True}, How.TAKE),
        ({"control": True}, How.TAKE),
        ({"shift": True}, How.ADD),
    ],
)
def test_what_is_held_at_the_first_corner_counts(tool, writing, held, how):
    begin(tool, CORNERS[0], **held)
    begin(tool, *CORNERS[1:])
    assert tool.key(Qt.Key.Key_Return, None)
    (given,) = writing.given
    assert isinstance(given, Outlined)
    assert given.how is how
    assert np.array_equal(given.ring, CORNERS)


def test_two_corners_do_not_close(tool, writing):
    begin(tool, *CORNERS[:2])
    tool.key(Qt.Key.Key_Return, None)
    tool.press(Pointer(*CORNERS[0]))
    assert writing.given == []
    assert len(tool.points) == 3  # on the first corner, which does not close yet


def test_keys_are_left_to_the_window_while_nothing_is_begun(tool):
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
    assert not any(tool.wants(key) for key in keys)
    assert not tool.wants(Qt.Key.Key_Z, control=True)
    begin(tool, CORNERS[0])
    assert all(tool.wants(key) for key in keys)
    assert tool.wants(Qt.Key.Key_Z, control=True)
    assert not tool.wants(Qt.Key.Key_Z)
    assert not tool.wants(Qt.Key.Key_B)


def test_the_overlay_covers_the_outline_and_the_pointer(tool):
    assert tool.extent(None) == QRectF()
    begin(tool, *CORNERS)
    box = tool.extent(QPointF(100, 90))
    assert box.contains(QPointF(20, 20))
    assert box.contains(QPointF(100, 90))


SQUARE = np.array([(10.0, 10), (30, 10), (30, 30), (10, 30)])
KEY = ("mask", 1)


def test_a_corner_is_dragged(tool, writing):
    tool.hear(Corners(KEY, (SQUARE,)))
    tool.press(Pointer(30.5, 10.5, reach=2))
    tool.move(Pointer(36, 6, reach=2))
    assert writing.given == []
    tool.release(Pointer(36, 6))
    (moved,) = writing.given
    assert isinstance(moved, Moved)
    assert np.array_equal(moved.before[0], SQUARE)
    assert np.array_equal(moved.after[0], [(10, 10), (36, 6), (30, 30), (10, 30)])


def test_a_corner_is_made_on_the_line_that_is_pressed(tool, writing):
    tool.hear(Corners(KEY, (SQUARE,)))
    tool.press(Pointer(20, 30.4, reach=2))
    tool.move(Pointer(20, 36, reach=2))
    tool.release(Pointer(20, 36))
    assert np.array_equal(
        writing.given[0].after[0], [(10, 10), (30, 10), (30, 30), (20, 36), (10, 30)]
    )


def test_a_press_elsewhere_begins_an_outline(tool):
    tool.hear(Corners(KEY, (SQUARE,)))
    tool.press(Pointer(20, 20, reach=2))
    assert tool.points == [(20, 20)]


def test_an_outline_of_two_corners_goes_whole(tool, writing):
    triangle = SQUARE[:3] + 5
    tool.hear(Corners(KEY, (SQUARE, triangle)))
    tool.move(Pointer(*triangle[0], reach=2))
    assert tool.wants(Qt.Key.Key_Delete)
    tool.key(Qt.Key.Key_Delete, None)
    (moved,) = writing.given
    assert len(moved.after) == 1
    assert np.array_equal(moved.after[0], SQUARE)


def test_giving_up_puts_the_corner_back(tool, writing):
    tool.hear(Corners(KEY, (SQUARE,)))
    tool.press(Pointer(30, 10, reach=2))
    tool.move(Pointer(50, 2, reach=2))
    assert tool.cancel()
    tool.release(Pointer(50, 2))
    assert writing.given == []
    assert np.array_equal(tool.editing.rings[0], SQUARE)
