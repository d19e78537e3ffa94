from dataclasses import replace
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cascadeclip.app.jobs import Lane

Key = Qt.Key


def type_text(gui, text):
    gui.window.words.field.setFocus()
    QTest.keyClicks(gui.window.words.field, text)


def test_enter_keeps_the_words_and_their_chips_appear(gui, wait):
    type_text(gui, "green | lime, -black")
    QTest.keyClick(gui.window.words.field, Key.Key_Return)
    wait()
    assert [chip.facts.text for chip in gui.window.words.chips] == [
        "red",
        "blue",
        "green",
        "-black",
    ]
    assert gui.window.words.chips[2].facts.phrases == ("green", "lime")
    assert gui.window.words.field.text() == ""


def test_typing_shows_neutral_dashes_without_enter(gui, wait):
    type_text(gui, "black")
    wait()
    assert [shape.name for shape in gui.state.preview] == ["black"]
    assert len(gui.window.words.chips) == 2
    QTest.keyClick(gui.window.words.field, Key.Key_Escape)
    wait()
    assert gui.state.preview == ()
    assert gui.window.canvas.hasFocus()


def test_the_line_below_counts_the_words_and_tells_of_typed_ones(gui, wait):
    line = gui.window.hints
    assert line.text.text == "1 trained; 1 zero-shot"
    type_text(gui, "green | lime, -black, Red")
    wait()
    assert line.text.text == (
        "Red: already there, trained; -black: new, negative; green | lime: new, zero-shot"
    )
    assert line.text.accessibleName() == line.text.text
    QTest.keyClick(gui.window.words.field, Key.Key_Escape)
    wait()
    assert line.text.text == "1 trained; 1 zero-shot"


def test_a_twin_is_said_while_an_image_is_looked_at(gui, wait, qtbot):
    on = Event()

    def look():
        with gui.state.engine._lock:
            on.wait(20)

    gui.jobs.run(Lane.INFERENCE, look)
    type_text(gui, "blues")
    try:
        qtbot.waitUntil(gui.window.hints.offer.isVisible, timeout=5_000)
    finally:
        on.set()
    wait()


def test_a_twin_is_said_and_ctrl_enter_writes_both_as_one_word(gui, wait):
    line = gui.window.hints
    action = gui.window.actions_table.by_name["join_words"]
    type_text(gui, "green")
    wait()
    assert not line.offer.isVisible()
    assert not action.isEnabled()
    type_text(gui, ", blues")
    wait()
    assert line.text.text.startswith('"blue" and "blues" are two forms of one word; ')
    assert line.offer.text() == "Write blue | blues"
    assert line.offer.isVisible()
    assert action.isEnabled()
    QTest.keyClick(gui.window.words.field, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait()
    assert gui.window.words.field.text() == "green, blue | blues"
    assert not line.offer.isVisible()
    QTest.keyClick(gui.window.words.field, Key.Key_Return)
    wait()
    facts = [chip.facts for chip in gui.window.words.chips]
    assert [one.phrases for one in facts] == [("red",), ("blue", "blues"), ("green",)]


def test_what_the_model_takes_for_one_is_said(gui, wait):
    # The network of these tests has one grey for every word it does not know.
    gui.words.keep("fog")
    wait()
    type_text(gui, "mist")
    wait()
    assert gui.window.hints.text.text.startswith(
        '"fog" and "mist" are nearly the same to the model'
    )


def test_only_the_new_word_is_decoded(gui, wait):
    decodes, encodes = gui.state.engine.decodes, gui.state.engine.encodes
    type_text(gui, "green")
    QTest.keyClick(gui.window.words.field, Key.Key_Return)
    wait()
    assert gui.state.engine.decodes == decodes + 1
    assert gui.state.engine.encodes == encodes


def test_letters_digits_enter_and_backspace_belong_to_the_field(gui, wait):
    image = gui.state.image.id
    type_text(gui, "badkxv1[]")
    QTest.keyClick(gui.window.words.field, Key.Key_Backspace)
    wait()
    assert gui.window.words.field.text() == "badkxv1["
    assert gui.state.image.id == image
    assert gui.state.project.annotations.of_image(image) == []
    assert len(gui.state.suggestions) == 2


def test_a_chip_tells_key_count_and_badge(gui, wait):
    QTest.keyClick(gui.window.canvas, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    wait()
    red, blue = (chip.facts for chip in gui.window.words.chips)
    assert (red.key, red.count, red.trained) == ("1", 1, True)
    assert (blue.key, blue.count, blue.trained) == ("2", 1, False)
    first, second = gui.window.words.chips
    assert first.accessibleName() == "red, trained, 1 mask on this image"
    assert second.accessibleName() == "blue, zero-shot, 1 mask on this image"
    assert "Ring: zero-shot" in second.toolTip()


def test_clicking_a_chip_chooses_the_word(gui):
    QTest.mouseClick(gui.window.words.chips[1], Qt.MouseButton.LeftButton)
    assert gui.state.word == gui.window.words.chips[1].facts.class_id
    assert gui.window.canvas.colour == gui.window.words.chips[1].facts.colour


def test_removing_and_recolouring_infer_nothing(gui, wait):
    decodes = gui.state.engine.decodes
    first, second = gui.state.words
    gui.words.change(first.id, replace(gui.words.settings_of(first.id), colour="#123456"))
    wait()
    assert gui.window.words.chips[0].facts.colour == "#123456"
    shapes = {shape.name: shape.colour for shape in gui.state.suggestions}
    assert shapes["red"] == "#123456"
    gui.words.remove(second.id)
    wait()
    assert [shape.name for shape in gui.state.suggestions] == ["red"]
    assert gui.state.engine.decodes == decodes


def test_many_chips_wrap_and_none_is_cut(gui, wait, qtbot):
    gui.words.keep(", ".join(f"word number {number}" for number in range(14)))
    wait()
    field = gui.window.words
    qtbot.waitUntil(lambda: field.chips[-1].y() > field.chips[0].y())
    for chip in field.chips:
        assert chip.width() >= chip.sizeHint().width()
        assert chip.geometry().right() <= field.width()
