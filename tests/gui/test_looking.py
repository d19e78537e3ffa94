"""Seeing what the model thinks: nothing of it runs the model again."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def runs(gui):
    return gui.state.engine.encodes, gui.state.engine.decodes


def opened_menu(gui):
    return next(menu for menu in gui.window.findChildren(QMenu) if menu.isVisible())


def name_of(gui, class_id):
    return gui.state.word_of(class_id).name


@pytest.fixture
def looking(gui):
    return gui.features["Looking"]


def test_the_next_best_words_of_a_region_come_from_the_maps(gui, wait):
    before = runs(gui)
    red = next(one for one in gui.state.suggestions if one.name == "red")
    gui.menus.shape(red, QPoint(5, 5))
    wait()
    menu = opened_menu(gui)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[0] == "Accept"
    assert texts[1].startswith("Accept as blue  .")
    assert texts[-1] == "Reject"
    menu.actions()[1].trigger()
    menu.close()
    wait()
    (row,) = gui.state.project.annotations.of_image(gui.state.image.id)
    assert name_of(gui, row.class_id) == "blue"
    assert row.rle == red.rle
    gui.do("undo")  # one step
    wait()
    assert gui.state.project.annotations.of_image(gui.state.image.id) == []
    assert len(gui.state.suggestions) == 2
    assert runs(gui) == before


def test_a_word_has_a_threshold_of_its_own_and_nothing_is_decoded(gui, wait):
    before = runs(gui)
    panel = gui.window.suggestions
    blue = next(row for row in gui.state.words if row.name == "blue")
    panel.choose_scope(blue.id)
    assert panel.whose.text() == "blue"
    panel.slider.setValue(99)
    wait()
    assert [one.name for one in gui.state.suggestions] == ["red"]
    assert gui.state.project.classes.get(blue.id).threshold == pytest.approx(0.99)
    panel.choose_scope(None)
    assert panel.slider.value() == 50
    panel.choose_scope(blue.id)
    assert panel.slider.value() == 99
    panel.threshold_dropped.emit(blue.id)
    wait()
    assert sorted(one.name for one in gui.state.suggestions) == ["blue", "red"]
    assert gui.state.project.classes.get(blue.id).threshold is None
    assert runs(gui) == before


def test_a_threshold_set_just_before_the_end_is_kept(gui, folder):
    blue = next(row for row in gui.state.words if row.name == "blue")
    gui.window.suggestions.choose_scope(blue.id)
    gui.window.suggestions.slider.setValue(77)
    gui.window.close()
    from cascadeclip.core.project import Project

    with Project.open(folder) as project:
        assert project.classes.get(blue.id).threshold == pytest.approx(0.77)


def test_the_heat_of_doubt_lies_over_the_image_and_goes(gui, wait, looking):
    before = runs(gui)
    gui.do("unsure")
    wait()
    assert looking.overlay.isVisible()
    assert looking.overlay.shows_heat
    assert looking.overlay.size() == gui.window.canvas.size()
    gui.do("unsure")
    assert not looking.overlay.isVisible()
    assert runs(gui) == before


def test_clicks_go_through_the_overlay(gui, wait, looking):
    gui.do("unsure")
    wait()
    here = gui.window.canvas.placement
    at = QPoint(round(here.x + 24 * here.scale), round(here.y + 24 * here.scale))
    assert gui.window.childAt(gui.window.canvas.mapTo(gui.window, at)) is gui.window.canvas
    QTest.mouseClick(gui.window.canvas, Qt.MouseButton.LeftButton, pos=at)
    wait()
    assert len(gui.state.annotations) == 1


def test_differences_are_listed_and_outlined(gui, wait, looking):
    before = runs(gui)
    gui.do("differences")
    wait()
    lists = {name: one.model.rowCount() for name, one in looking.panel.lists.items()}
    assert lists == {"adds": 2, "misses": 0, "otherwise": 0}
    assert looking.overlay.outlined == 2
    red = next(one for one in gui.state.suggestions if one.name == "red")
    gui.review.accept(red)
    wait()
    lists = {name: one.model.rowCount() for name, one in looking.panel.lists.items()}
    assert lists == {"adds": 1, "misses": 0, "otherwise": 0}
    gui.do("differences")
    wait()
    assert looking.overlay.outlined == 0
    assert runs(gui) == before


def test_walking_zooms_if_wanted(gui, wait):
    canvas = gui.window.canvas
    fitted = canvas.placement
    QTest.keyClick(canvas, Key.Key_Tab)
    assert canvas.placement == fitted
    gui.do("zoom_to")
    QTest.keyClick(canvas, Key.Key_Tab)
    shape = gui.state.shape(gui.state.selected)
    height, width = shape.cutout.pixels.shape
    x = canvas.placement.x + (shape.cutout.left + width / 2) * canvas.placement.scale
    y = canvas.placement.y + (shape.cutout.top + height / 2) * canvas.placement.scale
    assert (x, y) == (pytest.approx(canvas.width() / 2), pytest.approx(canvas.height() / 2))
    assert canvas.placement.scale != fitted.scale


def test_backspace_rejects_only_what_is_selected(gui, wait):
    QTest.keyClick(gui.window.canvas, Key.Key_Backspace)
    wait()
    assert len(gui.state.suggestions) == 2
    QTest.keyClick(gui.window.canvas, Key.Key_Tab)
    QTest.keyClick(gui.window.canvas, Key.Key_Backspace)
    wait()
    assert len(gui.state.suggestions) == 1
    assert gui.state.selected == gui.state.suggestions[0].key
