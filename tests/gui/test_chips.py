"""Chips are chosen, changed, hidden and dragged, with real keys and clicks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.panels.chips import UNKNOWN
from cascadeclip.app.panels.word_editor import ONE_WORD, SPELLINGS, WordEditor
from cascadeclip.core.engine.engine import Engine

Key, Button = Qt.Key, Qt.MouseButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def three(gui, wait):
    gui.window.resize(1200, 800)
    gui.words.keep("green | lime")
    wait()
    return gui


def names(gui):
    return [chip.facts.name for chip in gui.window.words.chips]


def chip(gui, name):
    return gui.window.words.chips[names(gui).index(name)]


def editor(gui):
    return gui.window.findChild(WordEditor)


def drag(dragged, target, offset):
    start = dragged.rect().center()
    goal = dragged.mapFromGlobal(target.mapToGlobal(target.rect().center() + offset))
    QTest.mousePress(dragged, Button.LeftButton, pos=start)
    QTest.mouseMove(dragged, start + QPoint(12, 0))
    QTest.mouseMove(dragged, goal)
    return goal


def test_a_chip_is_dragged_to_another_place(three, wait):
    mark = three.window.words.mark
    red = chip(three, "red")
    goal = drag(red, chip(three, "green"), QPoint(8, 0))
    assert mark.isVisible()
    assert mark.x() >= chip(three, "green").geometry().right()
    QTest.mouseRelease(red, Button.LeftButton, pos=goal)
    wait()
    assert not mark.isVisible()
    assert names(three) == ["blue", "green", "red"]
    assert [row.name for row in three.state.project.classes.all()] == ["blue", "green", "red"]
    goal = drag(red, chip(three, "blue"), QPoint(-8, 0))
    QTest.mouseRelease(red, Button.LeftButton, pos=goal)
    wait()
    assert names(three) == ["red", "blue", "green"]


def test_a_drag_chooses_nothing_and_a_click_moves_nothing(three, wait):
    before = three.state.word
    blue = chip(three, "blue")
    goal = drag(blue, blue, QPoint(2, 0))
    QTest.mouseRelease(blue, Button.LeftButton, pos=goal)
    wait()
    assert three.state.word == before
    QTest.mouseClick(blue, Button.LeftButton)
    assert three.state.word == blue.facts.class_id
    assert names(three) == ["red", "blue", "green"]


def test_keys_move_a_chip_and_it_keeps_the_focus(three, wait):
    red = chip(three, "red")
    red.setFocus()
    for _ in range(3):  # the last one has nowhere to go
        QTest.keyClick(red, Key.Key_Right, CONTROL)
        wait()
    assert names(three) == ["blue", "green", "red"]
    assert red.hasFocus()
    QTest.keyClick(red, Key.Key_Left, CONTROL)
    wait()
    assert names(three) == ["blue", "red", "green"]


def test_f2_opens_a_word_and_saves_what_was_changed(three, wait):
    red = chip(three, "red")
    red.setFocus()
    QTest.keyClick(red, Key.Key_F2)
    opened = editor(three)
    assert opened.spellings.text() == "red"
    assert opened.said.text() == SPELLINGS
    opened.spellings.setFocus()
    QTest.keyClicks(opened.spellings, "red | crimson")
    opened.own.click()
    opened.slider.setValue(72)
    assert opened.value.text() == ".72"
    opened.key.setCurrentText("9")
    opened.colours.buttons()[4].click()
    QTest.keyClick(opened.spellings, Key.Key_Return)
    wait()
    row = three.state.project.classes.all()[0]
    assert (row.phrases, row.threshold, row.key) == (("red", "crimson"), 0.72, 9)
    assert row.colour == "#0072b2"
    assert chip(three, "red").facts.key == "9"
    assert chip(three, "red").facts.threshold == 0.72


def test_two_words_are_no_spelling_and_cancel_changes_nothing(three, wait):
    three.window.words.asked.emit(chip(three, "red").facts.class_id, QPoint(50, 50))
    opened = editor(three)
    opened.spellings.setText("red, pink")
    assert opened.said.text() == ONE_WORD
    assert not opened.save.isEnabled()
    QTest.keyClick(opened, Key.Key_Escape)
    wait()
    assert three.state.words[0].phrases == ("red",)


def test_a_word_is_removed_from_its_sheet(three, wait):
    three.window.words.asked.emit(chip(three, "blue").facts.class_id, QPoint(50, 50))
    editor(three).remove.click()
    wait()
    assert names(three) == ["red", "green"]


def test_letters_in_the_sheet_are_no_keys(three, wait):
    three.window.words.asked.emit(chip(three, "red").facts.class_id, QPoint(50, 50))
    image, opened = three.state.image, editor(three)
    opened.spellings.setFocus()
    QTest.keyClicks(opened.spellings, "dkb1")
    wait()
    assert opened.spellings.text() == "dkb1"
    assert three.state.image == image
    opened.reject()


def test_a_hidden_word_is_not_drawn_nor_accepted_and_nothing_is_lost(three, wait):
    project, image = three.state.project, three.state.image
    assert len(three.window.suggestions.list.model.shapes) == 2
    red = chip(three, "red")
    QTest.mouseClick(red, Button.MiddleButton)
    wait()
    assert red.facts.hidden
    assert "hidden" in red.accessibleName()
    assert [shape.name for shape in three.window.suggestions.list.model.shapes] == ["blue"]
    assert len(three.state.suggestions) == 2
    three.review.accept_all()
    wait()
    assert [one.class_id for one in project.annotations.of_image(image.id)] == [
        three.state.words[1].id
    ]
    three.window.actions_table.by_name["show_all_words"].trigger()
    wait()
    assert [shape.name for shape in three.window.suggestions.list.model.shapes] == ["red"]
    assert len(project.suggestions.of_image(image.id)) == 1


def test_a_word_the_model_cannot_read_says_so(three, wait, monkeypatch):
    monkeypatch.setattr(Engine, "knows", lambda self, word: word.name != "green")
    three.display.words()
    assert [one.facts.badge for one in three.window.words.chips] == [
        "trained",
        "zero-shot",
        UNKNOWN,
    ]
    assert three.window.hints.text.text == f"1 trained; 1 zero-shot; 1 {UNKNOWN}"
    assert UNKNOWN in chip(three, "green").accessibleName()


def test_words_are_exported_and_imported_from_the_menu(three, wait, asking, tmp_path):
    actions = three.window.actions_table.by_name
    asking.answers = [tmp_path / "words.txt"]
    actions["export_words"].trigger()
    wait()
    assert (tmp_path / "words.txt").read_text("utf-8") == "red\nblue\ngreen | lime\n"
    (tmp_path / "words.txt").write_text("red\nblack\n", "utf-8")
    asking.answers = [tmp_path / "words.txt"]
    actions["import_words"].trigger()
    wait()
    assert names(three) == ["red", "blue", "green", "black"]
