import pytest
from PySide6.QtCore import Qt

from cascadeclip.app.canvas.tools import TOOLS, Pointer
from cascadeclip.app.canvas.tools.operations import Boxed, CutAlong


def drag(tool, *points, **held):
    tool.press(Pointer(*points[0], **held))
    for point in points[1:-1]:
        tool.move(Pointer(*point))
    tool.release(Pointer(*points[-1]))


def test_a_box_is_the_same_from_every_corner(writing):
    tool = TOOLS["box"](writing)
    drag(tool, (3, 4), (9, 9), (20, 15))
    drag(tool, (20, 15), (3, 4))
    drag(tool, (20, 4), (3, 15), alt=True)
    box = Boxed(3, 4, 20, 15)
    assert writing.given == [box, box, Boxed(3, 4, 20, 15, plain=True)]


@pytest.mark.parametrize("name", ["box", "knife"])
def test_a_click_that_slipped_gives_nothing(writing, name):
    drag(TOOLS[name](writing), (3, 4), (3.4, 4.4))
    assert writing.given == []


def test_a_knife_gives_the_line(writing):
    drag(TOOLS["knife"](writing), (3, 4), (9, 9), (20, 15))
    assert writing.given == [CutAlong(((3, 4), (9, 9), (20, 15)))]


@pytest.mark.parametrize("name", ["box", "knife"])
def test_escape_gives_up_while_something_is_drawn(writing, name):
    tool = TOOLS[name](writing)
    assert not tool.wants(Qt.Key.Key_Escape)
    tool.press(Pointer(3, 4))
    tool.move(Pointer(20, 20))
    assert tool.wants(Qt.Key.Key_Escape)
    assert tool.key(Qt.Key.Key_Escape, None)
    tool.release(Pointer(30, 30))
    assert writing.given == []
