import numpy as np
import pytest
from PySide6.QtCore import Qt

from cascadeclip.app.canvas.tools import TOOLS, Pointer, operations
from cascadeclip.app.canvas.tools.operations import Drafted, Pointed, Widened, drafted, heat
from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.shaping.part import EMPTY, Part


@pytest.mark.parametrize(
    ("name", "sign"), [("positive", True), ("negative", False), ("wand", True)]
)
def test_a_click_has_a_sign_and_a_held_key_turns_it(writing, name, sign):
    tool = TOOLS[name](writing)
    tool.press(Pointer(3, 4))
    tool.press(Pointer(5, 6, control=True))
    assert writing.given == [
        Pointed(name, Click(3, 4, sign)),
        Pointed(name, Click(5, 6, not sign)),
    ]


def test_a_click_beside_the_image_is_none(writing):
    tool = TOOLS["positive"](writing)
    for place in ((-1, 3), (3, -0.5), (60, 3), (3, 40)):
        tool.press(Pointer(*place))
    assert writing.given == []


KEYS = {
    (Qt.Key.Key_Return, False): Drafted.KEPT,
    (Qt.Key.Key_Escape, False): Drafted.DROPPED,
    (Qt.Key.Key_Backspace, False): Drafted.BACK,
    (Qt.Key.Key_Z, True): Drafted.BACK,
    (Qt.Key.Key_Y, True): Drafted.AGAIN,
}


@pytest.mark.parametrize(("key", "control"), KEYS)
def test_keys_are_the_drafts_only_while_there_is_one(writing, key, control):
    tool = TOOLS["positive"](writing)
    assert not tool.key(key, None, control=control)
    tool.hear(drafted(Part(2, 3, np.ones((4, 5), bool)), (Click(4, 4),), "#ff0000"))
    assert tool.key(key, None, control=control)
    assert writing.given == [KEYS[key, control]]
    assert not tool.wants(Qt.Key.Key_B)
    tool.hear(None)
    assert not tool.wants(key, control=control)


def test_the_wheel_is_the_wands(writing):
    assert TOOLS["wand"](writing).turn(2.0)
    assert not TOOLS["positive"](writing).turn(2.0)
    assert writing.given == [Widened(2.0)]


def test_a_draft_is_filled_where_its_mask_is():
    pixels = np.array([[True, False], [True, True]])
    draft = drafted(Part(2, 3, pixels), (), "#ff0000")
    assert np.array_equal(draft.fill != 0, pixels)
    red = int(draft.fill[0, 0])
    assert red >> 24 == red >> 16 & 0xFF > 0
    assert red & 0xFFFF == 0
    assert draft.lines
    empty = drafted(EMPTY, (Click(1, 1),), "#ff0000")
    assert empty.fill.size == 0
    assert empty.lines == ()


def test_a_huge_draft_is_filled_on_fewer_pixels(monkeypatch):
    monkeypatch.setattr(operations, "FILL_PIXELS", 100)
    draft = drafted(Part(0, 0, np.ones((30, 31), bool)), (), "#ff0000")
    assert draft.step == 4
    assert draft.fill.shape == (8, 8)


def test_likeness_is_brighter_where_it_is_higher():
    picture = heat(np.linspace(0, 1, 8, dtype=np.float32)[None])
    assert picture.shape == (1, 8, 3)
    assert picture.sum(axis=2)[0].tolist() == sorted(picture.sum(axis=2)[0].tolist())
