"""Keys and clicks on the canvas, down to the rows of the database."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.canvas.shapes import Kind
from cascadeclip.app.canvas.stroke import Stroke
from cascadeclip.app.canvas.tools import TOOLS
from cascadeclip.core.project import Project

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def stored(gui):
    return gui.state.project.annotations.of_image(gui.state.image.id)


def at(gui, x, y):
    here = gui.window.canvas.placement
    return QPoint(round(here.x + x * here.scale), round(here.y + y * here.scale))


def press(gui, key, modifiers=Modifier.NoModifier):
    QTest.keyClick(gui.window.canvas, key, modifiers)


def drag(gui, *points):
    canvas = gui.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(gui, *points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, at(gui, *point))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(gui, *points[-1]))


def test_both_boxes_are_suggested(gui):
    assert sorted(shape.name for shape in gui.state.suggestions) == ["blue", "red"]
    rows = gui.state.project.suggestions.of_image(gui.state.image.id)
    assert len(rows) == 2
    assert gui.window.suggestions.button.text() == "Accept all 2"


def test_a_click_accepts_what_is_under_it(gui, wait):
    QTest.mouseClick(gui.window.canvas, Qt.MouseButton.LeftButton, pos=at(gui, 24, 24))
    wait()
    (row,) = stored(gui)
    assert gui.state.word_of(row.class_id).name == "red"
    assert row.provenance.model_version == "v1"
    assert row.provenance.origin == "accepted"


def test_enter_backspace_undo_redo(gui, wait):
    press(gui, Key.Key_Return)
    press(gui, Key.Key_Backspace)
    wait()
    assert len(stored(gui)) == 1
    assert gui.state.suggestions == ()
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    wait()
    assert len(gui.state.suggestions) == 1
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    wait()
    assert stored(gui) == []
    assert len(gui.state.suggestions) == 2
    press(gui, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
    press(gui, Key.Key_Y, Modifier.ControlModifier)
    wait()
    assert len(stored(gui)) == 1
    assert gui.state.suggestions == ()


def test_keys_pressed_in_one_breath_are_all_heard(gui, wait):
    """Nothing of this waits for the database: an undo is never pressed too early."""
    undo = (Key.Key_Z, Modifier.ControlModifier)
    redo = (Key.Key_Y, Modifier.ControlModifier)
    press(gui, Key.Key_Return)
    press(gui, *undo)
    wait()
    assert stored(gui) == []
    press(gui, Key.Key_Return)
    press(gui, Key.Key_Return)
    press(gui, *undo)
    wait()
    assert len(stored(gui)) == 1
    press(gui, *undo)
    press(gui, *redo)
    press(gui, *redo)
    wait()
    assert len(stored(gui)) == 2
    press(gui, Key.Key_B)
    press(gui, Key.Key_Escape)
    drag(gui, (10, 50), (40, 52))
    press(gui, *undo)
    wait()
    assert len(stored(gui)) == 2
    press(gui, Key.Key_K)
    press(gui, *undo)
    wait()
    assert gui.state.image.status == "unreviewed"
    assert len(stored(gui)) == 2


def test_a_stroke_on_a_suggestion_is_one_step(gui, wait):
    press(gui, Key.Key_Tab)
    press(gui, Key.Key_B)
    shape = gui.state.shape(gui.state.selected)
    top, left = shape.cutout.top, shape.cutout.left
    drag(gui, (left + 2, top + 2), (left - 6, top - 6))
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    wait()
    assert stored(gui) == []
    assert len(gui.state.suggestions) == 2


def test_shift_enter_accepts_all_and_the_toast_takes_it_back(gui, wait):
    press(gui, Key.Key_Return, Modifier.ShiftModifier)
    wait()
    assert len(stored(gui)) == 2
    assert gui.window.toast.isVisible()
    assert gui.window.toast.text == "Accepted 2"
    gui.window.toast.button.click()
    wait()
    assert stored(gui) == []
    assert len(gui.state.suggestions) == 2


def test_tab_walks_on_the_canvas(gui):
    keys = [shape.key for shape in gui.state.suggestions]
    press(gui, Key.Key_Tab)
    assert gui.state.selected == keys[0]
    press(gui, Key.Key_Tab)
    assert gui.state.selected == keys[1]
    press(gui, Key.Key_Backtab, Modifier.ShiftModifier)
    assert gui.state.selected == keys[0]
    press(gui, Key.Key_Escape)
    assert gui.state.selected is None


def test_the_stored_mask_is_the_drawn_one(gui, wait):
    canvas = gui.window.canvas
    press(gui, Key.Key_B)
    assert canvas.tool.name == "brush"
    canvas.set_brush(size=9)
    points = [(10.5, 50.5), (40.5, 52.5), (60.5, 12.5)]
    expected = Stroke(64, 96, size=9, erase=False)
    for x, y in points:
        where = at(gui, x, y)
        expected.move_to(*canvas.placement.to_image(where.x(), where.y()))
    drag(gui, *points)
    wait()
    (row,) = stored(gui)
    assert np.array_equal(gui.state.project.annotations.mask(row.id), expected.mask)
    assert row.provenance.origin == "drawn"
    assert gui.state.selected == (Kind.ANNOTATION, row.id)


def test_strokes_go_to_the_selected_mask_and_each_is_one_step(gui, wait):
    press(gui, Key.Key_Return)
    wait()
    press(gui, Key.Key_Escape)
    gui.review.select(gui.state.annotations[0].key)
    before = stored(gui)[0].area
    press(gui, Key.Key_B)
    drag(gui, (58, 4), (90, 6))
    wait()
    grown = stored(gui)[0].area
    press(gui, Key.Key_X)
    drag(gui, (58, 4), (90, 6))
    wait()
    assert before < grown
    assert stored(gui)[0].area == before
    for expected in (grown, before):
        press(gui, Key.Key_Z, Modifier.ControlModifier)
        wait()
        assert [row.area for row in stored(gui)] == [expected]


def test_the_stroke_is_seen_before_it_is_stored(gui, wait):
    canvas = gui.window.canvas
    press(gui, Key.Key_B)
    bare = canvas.grab().toImage().pixelColor(at(gui, 48, 4))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(gui, 48, 4))
    assert canvas.grab().toImage().pixelColor(at(gui, 48, 4)) != bare
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(gui, 48, 4))
    wait()
    assert len(stored(gui)) == 1


def test_digits_choose_the_word_and_relabel_the_selected_mask(gui, wait):
    press(gui, Key.Key_Return)
    wait()
    press(gui, Key.Key_Escape)
    gui.review.select(gui.state.annotations[0].key)
    for digit, name in ((Key.Key_2, "blue"), (Key.Key_1, "red")):
        press(gui, digit)
        wait()
        assert gui.state.word_of(stored(gui)[0].class_id).name == name
        assert gui.state.word_of(gui.state.word).name == name


def test_delete_and_undo(gui, wait):
    press(gui, Key.Key_Return)
    wait()
    gui.review.select(gui.state.annotations[0].key)
    press(gui, Key.Key_Delete)
    wait()
    assert stored(gui) == []
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    wait()
    assert len(stored(gui)) == 1


def test_brush_size_keys(gui):
    size = gui.window.canvas.brush_size
    press(gui, Key.Key_BracketRight)
    assert gui.window.canvas.brush_size > size
    press(gui, Key.Key_BracketLeft)
    press(gui, Key.Key_BracketLeft)
    assert gui.window.canvas.brush_size < size


def test_a_and_d_move_on_and_k_marks(gui, wait):
    names = []
    for key in (Key.Key_D, Key.Key_D, Key.Key_D, Key.Key_A):
        press(gui, key)
        wait()
        names.append(gui.state.image.path)
    assert names == ["image1.png", "image2.png", "image2.png", "image1.png"]
    press(gui, Key.Key_K)
    wait()
    assert gui.state.project.images.get(gui.state.image.id).status == "reviewed"
    assert gui.window.status.place.text() == "2/3"


def test_undo_takes_back_that_an_image_was_reviewed(gui, wait):
    for status in ("reviewed", "unreviewed"):
        press(
            gui, *((Key.Key_K,) if status == "reviewed" else (Key.Key_Z, Modifier.ControlModifier))
        )
        wait()
        assert gui.state.image.status == status
        assert gui.window.images.model.row_at(0).image.status == status


def test_m_shows_the_bare_image_while_held(gui):
    canvas = gui.window.canvas
    QTest.keyPress(canvas, Key.Key_M)
    assert canvas._peek
    QTest.keyRelease(canvas, Key.Key_M)
    assert not canvas._peek


def test_everything_is_there_after_a_restart(gui, wait, folder):
    press(gui, Key.Key_Return)
    image_id = gui.state.image.id
    gui.window.close()
    with Project.open(folder) as project:
        assert len(project.annotations.of_image(image_id)) == 1
        assert [row.name for row in project.classes.all()] == ["red", "blue"]
        assert project.can_undo(image_id)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_has_a_name_and_a_key_in_its_tooltip(gui, tool):
    action = gui.window.actions_table.by_name[tool]
    assert action.toolTip().endswith(")")
    assert not action.icon().isNull()
