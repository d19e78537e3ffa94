"""Every tool by real clicks and keys, down to the rows of the database."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.canvas.shapes import Kind
from cascadeclip.core.shaping import polygons

Key, Modifier, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton
HEIGHT, WIDTH = 64, 96


def stored(gui):
    return gui.state.project.annotations.of_image(gui.state.image.id)


def mask(gui, row):
    return gui.state.project.annotations.mask(row.id)


def spot(gui, x, y):
    here = gui.window.canvas.placement
    return QPoint(round(here.x + x * here.scale), round(here.y + y * here.scale))


def exact(gui, x, y):
    """The image position that a click on the widget's pixel means."""
    where = spot(gui, x, y)
    return gui.window.canvas.placement.to_image(where.x(), where.y())


def press(gui, key, modifiers=Modifier.NoModifier):
    QTest.keyClick(gui.window.canvas, key, modifiers)


def click(gui, x, y, modifiers=Modifier.NoModifier):
    QTest.mouseClick(gui.window.canvas, Button.LeftButton, modifiers, spot(gui, x, y))


def hover(gui, x, y):
    # from elsewhere: a pointer that is there already does not move
    QTest.mouseMove(gui.window.canvas, spot(gui, x + 3, y + 3))
    QTest.mouseMove(gui.window.canvas, spot(gui, x, y))


def drag(gui, *points, modifiers=Modifier.NoModifier):
    canvas = gui.window.canvas
    QTest.mousePress(canvas, Button.LeftButton, modifiers, spot(gui, *points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, spot(gui, *point))
    QTest.mouseRelease(canvas, Button.LeftButton, modifiers, spot(gui, *points[-1]))


def filled(gui, *rings):
    found = polygons.fill(
        [np.array([exact(gui, *p) for p in ring]) for ring in rings], HEIGHT, WIDTH
    )
    return found.on((0, 0, HEIGHT, WIDTH))


def undo(gui, wait):
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    wait()


def redo(gui, wait):
    press(gui, Key.Key_Y, Modifier.ControlModifier)
    wait()


@pytest.fixture
def draw(gui, wait):
    """Draw a closed polygon with the tool, and give its row."""

    def draw(*corners, modifiers=Modifier.NoModifier):
        press(gui, Key.Key_P)
        for corner in corners:
            click(gui, *corner, modifiers=modifiers)
        press(gui, Key.Key_Return)
        wait()
        return stored(gui)[-1]

    return draw


SQUARE = ((46, 4), (70, 4), (70, 20), (46, 20))
INNER = ((52, 8), (62, 8), (62, 15), (52, 15))


# Polygon


def test_enter_closes_a_polygon_and_its_pixels_are_those_inside(gui, wait, draw):
    row = draw(*SQUARE)
    assert np.array_equal(mask(gui, row), filled(gui, SQUARE))
    assert row.provenance.origin == "drawn"
    assert row.provenance.author
    assert gui.state.selected == (Kind.ANNOTATION, row.id)
    undo(gui, wait)
    assert stored(gui) == []
    redo(gui, wait)
    assert np.array_equal(mask(gui, stored(gui)[0]), filled(gui, SQUARE))


def test_a_click_on_the_first_corner_closes(gui, wait):
    press(gui, Key.Key_P)
    for corner in (*SQUARE, SQUARE[0]):
        click(gui, *corner)
    wait()
    assert np.array_equal(mask(gui, stored(gui)[0]), filled(gui, SQUARE))


def test_a_double_click_puts_the_last_corner_down_and_closes(gui, wait):
    press(gui, Key.Key_P)
    for corner in SQUARE[:3]:
        click(gui, *corner)
    click(gui, *SQUARE[3])
    QTest.mouseDClick(
        gui.window.canvas, Button.LeftButton, Modifier.NoModifier, spot(gui, *SQUARE[3])
    )
    wait()
    assert np.array_equal(mask(gui, stored(gui)[0]), filled(gui, SQUARE))


def test_backspace_and_undo_take_the_last_corner_back_and_escape_all(gui, wait):
    press(gui, Key.Key_P)
    tool = gui.window.canvas.tool
    for corner in SQUARE:
        click(gui, *corner)
    press(gui, Key.Key_Backspace)
    assert len(tool.points) == 3
    press(gui, Key.Key_Z, Modifier.ControlModifier)
    assert len(tool.points) == 2
    press(gui, Key.Key_Y, Modifier.ControlModifier)
    assert len(tool.points) == 3
    press(gui, Key.Key_Escape)
    assert tool.points == []
    wait()
    assert stored(gui) == []
    assert len(gui.state.suggestions) == 2  # neither rejected nor accepted by the keys


def test_alt_draws_a_hole_as_one_step(gui, wait, draw):
    draw(*SQUARE)
    row = draw(*INNER, modifiers=Modifier.AltModifier)
    assert np.array_equal(mask(gui, row), filled(gui, SQUARE, INNER))
    undo(gui, wait)
    assert np.array_equal(mask(gui, stored(gui)[0]), filled(gui, SQUARE))


def test_the_hole_option_does_the_same(gui, draw):
    draw(*SQUARE)
    gui.window.findChild(object, "options").hole.click()
    row = draw(*INNER)
    assert np.array_equal(mask(gui, row), filled(gui, SQUARE, INNER))


def test_shift_adds_to_the_selected_mask(gui, draw):
    draw(*SQUARE)
    other = ((46, 40), (54, 40), (54, 50), (46, 50))
    row = draw(*other, modifiers=Modifier.ShiftModifier)
    assert len(stored(gui)) == 1
    assert np.array_equal(mask(gui, row), filled(gui, SQUARE) | filled(gui, other))


def test_a_corner_is_dragged_and_the_rest_stays(gui, wait, draw):
    before = mask(gui, draw(*SQUARE))
    drag(gui, SQUARE[2], (75, 24), (82, 30))
    wait()
    after = mask(gui, stored(gui)[0])
    assert after[26, 78]
    assert np.array_equal(after[:, :46], before[:, :46])
    assert np.array_equal(after[4:20, 46:60], before[4:20, 46:60])
    undo(gui, wait)
    assert np.array_equal(mask(gui, stored(gui)[0]), before)


def test_pressing_on_a_line_makes_a_corner(gui, wait, draw):
    draw(*SQUARE)
    drag(gui, (58, 20), (58, 30))
    wait()
    after = mask(gui, stored(gui)[0])
    assert after[27, 57]
    assert not after[27, 48]
    assert len(gui.window.canvas.tool.editing.rings[0]) == 5


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_a_corner_in_reach_is_deleted_by_key(gui, wait, draw, key):
    row = draw(*SQUARE)
    hover(gui, *SQUARE[2])
    press(gui, key)
    wait()
    assert [one.id for one in stored(gui)] == [row.id]
    expected = filled(gui, (SQUARE[0], SQUARE[1], SQUARE[3]))
    assert np.count_nonzero(mask(gui, stored(gui)[0]) != expected) <= 10  # corners are whole pixels
    assert len(gui.state.suggestions) == 2


def test_looking_at_corners_changes_nothing(gui, wait, draw):
    row = draw(*SQUARE)
    drag(gui, SQUARE[1], SQUARE[1])
    press(gui, Key.Key_V)
    wait()
    assert stored(gui)[0].updated == row.updated


# Box


def test_a_plain_box_is_the_box(gui, wait):
    press(gui, Key.Key_R)
    drag(gui, (44, 3), (50, 10), (60, 15), modifiers=Modifier.AltModifier)
    wait()
    left, top = exact(gui, 44, 3)
    right, bottom = exact(gui, 60, 15)
    expected = np.zeros((HEIGHT, WIDTH), bool)
    expected[round(top) : round(bottom), round(left) : round(right)] = True
    assert np.array_equal(mask(gui, stored(gui)[0]), expected)


def test_a_box_finds_the_thing_in_it_without_the_tower(gui, wait):
    press(gui, Key.Key_R)
    wait()
    before = gui.state.engine.encodes
    drag(gui, (4, 4), (20, 20), (44, 45))
    wait()
    truth = np.zeros((HEIGHT, WIDTH), bool)
    truth[8:40, 8:40] = True
    found = mask(gui, stored(gui)[0])
    assert (found & truth).sum() / (found | truth).sum() > 0.9
    assert gui.state.engine.encodes == before
    undo(gui, wait)
    assert stored(gui) == []


def test_escape_gives_a_box_up(gui, wait):
    press(gui, Key.Key_R)
    canvas = gui.window.canvas
    QTest.mousePress(canvas, Button.LeftButton, pos=spot(gui, 44, 3))
    hover(gui, 60, 15)
    press(gui, Key.Key_Escape)
    QTest.mouseRelease(canvas, Button.LeftButton, pos=spot(gui, 60, 15))
    wait()
    assert stored(gui) == []


# Points and wand


def test_points_make_a_mask_without_the_tower(gui, wait):
    press(gui, Key.Key_Q)
    wait()
    before = gui.state.engine.encodes, gui.state.engine.decodes
    click(gui, 24, 24)
    wait()
    assert stored(gui) == []  # a draft, seen but not kept
    assert gui.window.canvas.tool.draft is not None
    press(gui, Key.Key_Return)
    wait()
    truth = np.zeros((HEIGHT, WIDTH), bool)
    truth[8:40, 8:40] = True
    (row,) = stored(gui)
    found = mask(gui, row)
    assert (found & truth).sum() / (found | truth).sum() > 0.9
    assert (gui.state.engine.encodes, gui.state.engine.decodes) == before
    assert gui.window.canvas.tool.draft is None
    undo(gui, wait)
    assert stored(gui) == []


def test_a_negative_point_takes_away_from_the_selected_mask(gui, wait, draw):
    row = draw((4, 4), (92, 4), (92, 60), (4, 60))
    press(gui, Key.Key_E)
    click(gui, 24, 24)
    press(gui, Key.Key_Return)
    wait()
    (after,) = stored(gui)
    assert after.id == row.id
    found = mask(gui, after)
    assert found[12:36, 12:36].mean() < 0.1
    assert found[28:52, 60:84].mean() > 0.9
    undo(gui, wait)
    assert stored(gui)[0].area == row.area


def test_q_and_e_go_on_with_one_draft_and_undo_is_local(gui, wait):
    press(gui, Key.Key_Q)
    click(gui, 24, 24)
    wait()
    first = gui.window.canvas.tool.draft
    press(gui, Key.Key_E)
    click(gui, 60, 10)
    wait()
    assert len(gui.window.canvas.tool.draft.clicks) == 2
    undo(gui, wait)
    assert gui.window.canvas.tool.draft.clicks == first.clicks
    redo(gui, wait)
    assert len(gui.window.canvas.tool.draft.clicks) == 2
    undo(gui, wait)
    undo(gui, wait)
    assert gui.window.canvas.tool.draft is None
    assert stored(gui) == []


def test_escape_drops_a_draft_and_another_tool_keeps_it(gui, wait):
    press(gui, Key.Key_Q)
    click(gui, 24, 24)
    wait()
    press(gui, Key.Key_Escape)
    wait()
    assert stored(gui) == []
    click(gui, 72, 40)
    wait()
    press(gui, Key.Key_V)
    wait()
    assert len(stored(gui)) == 1


def test_a_draft_is_kept_when_the_image_changes(gui, wait):
    image_id = gui.state.image.id
    press(gui, Key.Key_Q)
    click(gui, 24, 24)
    wait()
    press(gui, Key.Key_D)
    wait()
    assert gui.state.image.id != image_id
    assert len(gui.state.project.annotations.of_image(image_id)) == 1
    assert stored(gui) == []


def test_the_wand_shows_likeness_and_takes_more_with_more_tolerance(gui, wait):
    press(gui, Key.Key_W)
    click(gui, 24, 24)
    wait()
    tool = gui.window.canvas.tool
    assert tool.draft.alike is not None
    before = np.count_nonzero(tool.draft.fill)
    for _ in range(12):
        press(gui, Key.Key_BracketRight)
    wait()
    assert np.count_nonzero(tool.draft.fill) >= before
    assert gui.window.canvas.brush_size == 24
    for _ in range(30):
        press(gui, Key.Key_BracketLeft)
    wait()
    assert np.count_nonzero(tool.draft.fill) < before
    press(gui, Key.Key_Return)
    wait()
    assert len(stored(gui)) == 1


def test_a_point_without_a_word_says_what_to_do(gui, wait):
    gui.state.word = None
    press(gui, Key.Key_Q)
    click(gui, 48, 60)
    wait()
    assert "Type a word first" in gui.window.toast.text
    assert gui.window.canvas.tool.draft is None


# What is done to masks whole


def test_holes_grow_shrink(gui, wait, draw):
    draw(*SQUARE)
    holed = mask(gui, draw(*INNER, modifiers=Modifier.AltModifier))
    steps = [holed]
    for key, modifiers in (
        (Key.Key_F, Modifier.ShiftModifier),
        (Key.Key_BracketRight, Modifier.ControlModifier),
        (Key.Key_BracketLeft, Modifier.ControlModifier),
    ):
        press(gui, key, modifiers)
        wait()
        steps.append(mask(gui, stored(gui)[0]))
    areas = [int(one.sum()) for one in steps]
    assert np.array_equal(steps[1], filled(gui, SQUARE))
    assert areas[2] > areas[1] > areas[3] - 20
    assert areas[3] < areas[2]
    for expected in reversed(steps[:-1]):
        undo(gui, wait)
        assert np.array_equal(mask(gui, stored(gui)[0]), expected)


def test_the_knife_splits_as_one_step(gui, wait, draw):
    whole = mask(gui, draw(*SQUARE))
    press(gui, Key.Key_C)
    drag(gui, (58, 1), (58, 12), (58, 24))
    wait()
    rows = stored(gui)
    assert len(rows) == 2
    assert np.array_equal(mask(gui, rows[0]) | mask(gui, rows[1]), whole)
    undo(gui, wait)
    assert len(stored(gui)) == 1


def test_split_merge_and_subtract(gui, wait, draw):
    draw(*SQUARE)
    other = ((46, 40), (54, 40), (54, 50), (46, 50))
    draw(*other, modifiers=Modifier.ShiftModifier)
    press(gui, Key.Key_C, Modifier.ShiftModifier)
    wait()
    assert len(stored(gui)) == 2
    press(gui, Key.Key_V)
    click(gui, 58, 10)
    click(gui, 50, 45, modifiers=Modifier.ShiftModifier)
    press(gui, Key.Key_M, Modifier.ControlModifier | Modifier.ShiftModifier)
    wait()
    (row,) = stored(gui)
    assert np.array_equal(mask(gui, row), filled(gui, SQUARE) | filled(gui, other))
    undo(gui, wait)
    assert len(stored(gui)) == 2


def test_subtract_takes_the_chosen_away(gui, wait, draw):
    draw(*SQUARE)
    press(gui, Key.Key_V)
    press(gui, Key.Key_Escape)
    draw(*INNER)
    press(gui, Key.Key_V)
    click(gui, 48, 6)
    click(gui, 57, 11, modifiers=Modifier.ShiftModifier)
    press(gui, Key.Key_X, Modifier.ControlModifier | Modifier.ShiftModifier)
    wait()
    first, second = stored(gui)
    assert np.array_equal(mask(gui, first), filled(gui, SQUARE, INNER))
    assert np.array_equal(mask(gui, second), filled(gui, INNER))


def test_other_masks_are_spared(gui, wait, draw):
    first = mask(gui, draw(*SQUARE))
    press(gui, Key.Key_O)
    second = mask(gui, draw((60, 10), (90, 10), (90, 30), (60, 30)))
    assert second.any()
    assert not (first & second).any()
    press(gui, Key.Key_V)
    press(gui, Key.Key_Escape)
    press(gui, Key.Key_B)
    drag(gui, (50, 12), (50, 40))
    wait()
    strokes = mask(gui, stored(gui)[2])
    assert strokes.any()
    assert not (strokes & (first | second)).any()


def test_copy_paste_and_duplicate(gui, wait, draw):
    row = draw(*SQUARE)
    press(gui, Key.Key_C, Modifier.ControlModifier)
    press(gui, Key.Key_V, Modifier.ControlModifier)
    wait()
    press(gui, Key.Key_D, Modifier.ControlModifier)
    wait()
    assert len(stored(gui)) == 3
    pixels = mask(gui, row)
    assert np.array_equal(mask(gui, stored(gui)[1])[10:, 10:], pixels[:-10, :-10])
    press(gui, Key.Key_D)
    wait()
    press(gui, Key.Key_V, Modifier.ControlModifier)
    wait()
    (pasted,) = stored(gui)
    assert np.array_equal(mask(gui, pasted), pixels)
    undo(gui, wait)
    assert stored(gui) == []


def test_without_a_selected_mask_one_is_asked_for(gui, wait):
    press(gui, Key.Key_F, Modifier.ShiftModifier)
    assert gui.window.toast.text == "Select a mask first."
    press(gui, Key.Key_M, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert "Shift" in gui.window.toast.text


def test_pixels_changed_by_hand_are_counted(gui, wait):
    press(gui, Key.Key_Return)
    wait()
    press(gui, Key.Key_Escape)
    gui.review.select(gui.state.annotations[0].key)
    before = mask(gui, stored(gui)[0])
    press(gui, Key.Key_BracketRight, Modifier.ControlModifier)
    wait()
    (row,) = stored(gui)
    assert row.provenance.origin == "accepted"
    assert row.provenance.edited_pixels == np.count_nonzero(mask(gui, row) != before)


def test_options_follow_the_tool(gui):
    options = gui.window.findChild(object, "options")
    place = gui.window.canvas.placement
    for key, part in ((Key.Key_B, options.size_box), (Key.Key_W, options.tolerance)):
        press(gui, key)
        assert part.isVisible()
        assert options.hint.text()
    press(gui, Key.Key_V)
    assert not options.size_box.isVisible()
    assert not options.tolerance.isVisible()
    assert gui.window.canvas.placement == place


def test_holding_control_erases_with_the_brush(gui, wait, draw):
    before = draw(*SQUARE).area
    press(gui, Key.Key_B)
    drag(gui, (50, 8), (60, 8), modifiers=Modifier.ControlModifier)
    wait()
    assert stored(gui)[0].area < before
