"""The list of images, with real keys and clicks."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from cascadeclip.app.panels.image_rows import (
    ROW_HEIGHT,
    STATES,
    StateRole,
    ThumbnailRole,
    paint_sign,
)
from cascadeclip.app.panels.images import LACKING, NOTHING_FOUND, UNKNOWN

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def panel(gui):
    gui.window.docks["images"].show()
    gui.window.resize(1400, 1000)
    return gui.window.images


def names(panel):
    model = panel.model
    return [model.data(model.index(at, 0)) for at in range(model.rowCount())]


def states(panel):
    model = panel.model
    return [model.data(model.index(at, 0), StateRole) for at in range(model.rowCount())]


def choose(box, text):
    """Choose an entry with the keys of a box, as a person does."""
    box.setFocus()
    at = box.findText(text)
    assert at >= 0
    for _ in range(box.count()):
        QTest.keyClick(box, Key.Key_Up)
    for _ in range(at):
        QTest.keyClick(box, Key.Key_Down)


def test_a_click_opens_and_what_was_done_shows_as_a_state(gui, panel, wait):
    assert states(panel)[0] == "suggestions"
    gui.review.accept_all()
    wait()
    assert states(panel)[0] == "masks"
    place = panel.view.visualRect(panel.model.index(2, 0)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait()
    assert gui.state.image.path == "image2.png"
    assert gui.window.canvas.hasFocus()
    QTest.keyClick(gui.window, Key.Key_K)
    wait()
    assert states(panel) == ["masks", "unreviewed", "reviewed"]


def test_thumbnails_come_by_themselves(gui, panel, wait):
    panel.view.viewport().repaint()
    wait()
    image = panel.model.data(panel.model.index(1, 0), ThumbnailRole)
    assert (image.width(), image.height()) == (64, 43)
    assert image.pixelColor(16, 16).red() > 200
    assert panel.view.visualRect(panel.model.index(0, 0)).height() == ROW_HEIGHT


def test_the_next_unreviewed_image_by_key(gui, panel, wait):
    QTest.keyClick(gui.window, Key.Key_D)
    wait()
    QTest.keyClick(gui.window, Key.Key_K)
    wait()
    QTest.keyClick(gui.window, Key.Key_D, CONTROL | SHIFT)
    wait()
    assert gui.state.image.path == "image2.png"
    QTest.keyClick(gui.window, Key.Key_A, CONTROL | SHIFT)
    wait()
    assert gui.state.image.path == "image0.png"


def test_filters_and_search_narrow_the_list_and_say_so(gui, panel, wait):
    gui.review.accept_all()
    wait()
    choose(panel.states, "With masks")
    wait()
    assert names(panel) == ["image0.png"]
    choose(panel.words, "blue")
    wait()
    assert names(panel) == ["image0.png"]
    QTest.keyClick(gui.window, Key.Key_F, CONTROL | SHIFT)
    assert panel.field.hasFocus()
    QTest.keyClicks(panel.field, "2")
    gui.jobs.after(0, "search", lambda: gui.images.load(open_first=False))
    wait()
    assert names(panel) == []
    assert panel._empty.text() == LACKING["masks"]
    assert gui.state.image.path == "image0.png"
    QTest.keyClick(panel.field, Key.Key_Escape)
    choose(panel.words, "Any word")
    choose(panel.states, "All images")
    wait()
    assert len(names(panel)) == 3
    gui.images.search("nothing like it")
    gui.jobs.after(0, "search", lambda: gui.images.load(open_first=False))
    wait()
    assert panel._empty.text() == NOTHING_FOUND.format(total=3)


def test_a_word_that_left_is_no_filter_any_more(gui, panel, wait):
    choose(panel.words, "blue")
    wait()
    gui.words.remove(gui.state.words[1].id)
    wait()
    assert [panel.words.itemText(at) for at in range(panel.words.count())] == ["Any word", "red"]
    assert len(names(panel)) == 3


def test_order_by_worth_says_what_it_does_not_know(gui, panel, wait):
    gui.state.project._store.run("DELETE FROM looks")
    choose(panel.orders, "By worth")
    wait()
    assert panel.said.text() == UNKNOWN
    assert panel.said.isVisible()
    choose(panel.orders, "By name")
    wait()
    assert not panel.said.isVisible()


def test_letters_in_the_search_do_nothing_else(gui, panel, wait):
    before = gui.state.image.id
    panel.field.setFocus()
    QTest.keyClicks(panel.field, "dka1")
    gui.jobs.forget("search")
    wait()
    assert gui.state.image.id == before
    assert gui.state.image.status == "unreviewed"
    assert panel.field.text() == "dka1"


def test_states_differ_by_shape_and_not_by_colour_alone(qapp):
    drawn = set()
    for state in STATES:
        image = QImage(20, 20, QImage.Format.Format_Grayscale8)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_sign(painter, QPoint(10, 10).toPointF(), state)
        painter.end()
        # where anything is painted, whatever its colour
        drawn.add(bytes(QColor(image.pixel(x, y)).lightness() < 230
                        for x in range(20) for y in range(20)))  # fmt: skip
    assert len(drawn) == len(STATES)


def test_a_broken_list_place_is_nothing(panel):
    assert panel.model.data(QModelIndex()) is None
