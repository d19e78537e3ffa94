"""Every key of both presets on the real window: it reaches its action, never out of a field."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit

from cascadeclip.app.panels.options import OptionsBar
from cascadeclip.app.panels.word_editor import WordEditor
from cascadeclip.app.window import keymap
from cascadeclip.app.window.assembly import Assembly
from cascadeclip.app.window.key_editor import KeyEditor
from cascadeclip.app.window.key_sheet import KeySheet


@pytest.fixture
def pressed(monkeypatch):
    """Note which actions are reached instead of doing what they do."""
    noted = []
    real = Assembly._calls

    def calls(self):
        return {name: (lambda name=name: noted.append(name)) for name in real(self)}

    monkeypatch.setattr(Assembly, "_calls", calls)
    return noted


def offer_all(assembly):
    """Offer every action, as if there were something to undo and to join."""
    for action in assembly.window.actions_table.by_name.values():
        action.setEnabled(True)


def use(assembly, name):
    assembly.features["Program"]._use(name, keymap.preset(name))


def press(widget, key):
    combination = QKeySequence(key)[0]
    QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())


@pytest.mark.parametrize("name", keymap.PRESETS)
def test_every_key_reaches_its_action(pressed, gui, name):
    use(gui, name)
    gui.window.activateWindow()
    canvas = gui.window.canvas
    missed = []
    for action, keys in keymap.preset(name).items():
        for key in keys:
            canvas.setFocus()
            offer_all(gui)
            pressed.clear()
            press(canvas, key)
            if pressed != [action]:
                missed.append((key, action, list(pressed)))
    assert missed == []


@pytest.mark.parametrize("name", keymap.PRESETS)
def test_no_key_that_writes_or_erases_leaves_a_text_field(pressed, gui, name):
    use(gui, name)
    gui.window.activateWindow()
    offer_all(gui)
    keys = [key for some in keymap.preset(name).values() for key in some]
    inert = {key for key in keys if not key.startswith(("Ctrl", "Alt", "F")) or key == "F"}
    inert -= {"Tab", "Shift+Tab"}  # there they go on to the next field
    inert |= {"Ctrl+C", "Ctrl+V", "Ctrl+Z", "Ctrl+Shift+Z"}  # a field has these for its own text
    gui.window.findChild(OptionsBar).show_tool("brush")  # a number is typed there
    fields = [one for one in gui.window.findChildren(QLineEdit) if one.isVisible()]
    assert len(fields) >= 3
    assert {"Backspace", "Delete", "Return", "B", "K"} <= inert
    for field in fields:
        for key in sorted(inert):
            field.setFocus()
            field.clear()
            press(field, key)
            assert pressed == [], f"{key} in {field.objectName()}"
            if len(key) == 1 and field.validator() is None and not field.inputMask():
                assert field.text().casefold() == key.casefold(), f"{key} in {field.objectName()}"


def test_the_sheet_and_the_tooltips_follow_the_keys(gui):
    use(gui, keymap.CVAT)
    gui.do("keys")
    sheet = gui.window.findChild(KeySheet)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"F", "Ctrl+1 ... Ctrl+9, Ctrl+0"} <= texts
    sheet.close()
    actions = gui.window.actions_table.by_name
    assert actions["next"].toolTip() == "Next image (F)"
    gui.features["Program"]._choose("CVAT", keymap.preset("CVAT") | {"accept_all": ("Ctrl+M",)})
    assert gui.window.suggestions.button.toolTip().endswith("(Ctrl+M)")
    assert Assembly(version="0").window.actions_table.key_of("accept_all") == "Ctrl+M"


def test_what_tells_a_key_tells_the_one_that_works_now(gui):
    options = gui.window.findChild(OptionsBar)
    chips = gui.window.words.chips
    options.show_tool("positive")

    def told():
        return (
            [chip.facts.key for chip in chips],
            options.signs["negative"].toolTip(),
            options.size_box.toolTip(),
            options.hint.text(),
        )

    assert told() == (
        ["1", "2"],
        "Does not (E)",
        "Size of the brush ([ and ])",
        "Enter keeps, Esc drops, Ctrl+Z takes a click back",
    )
    own = {"negative": ("G",), "larger": ("+",), "accept": ("N",), "deselect": (), "word_2": ()}
    gui.features["Program"]._choose("CVAT", keymap.preset("CVAT") | own)
    assert told() == (
        ["Ctrl+1", ""],
        "Does not (G)",
        "Size of the brush ([ and +)",
        "N keeps, Esc drops, Ctrl+Z takes a click back",
    )
    assert "Key Ctrl+1" in chips[0].toolTip()
    gui.menus.word(chips[0].facts.class_id, gui.window.pos())
    editor = gui.window.findChild(WordEditor)
    assert [editor.key.itemText(at) for at in (1, 2)] == ["Ctrl+1", "2"]
    editor.reject()


def test_the_keys_of_a_draft_are_those_of_its_actions(gui):
    """Under CVAT's keys N finishes what is drawn; another key of undo takes a corner back."""
    gui.features["Program"]._choose("CVAT", keymap.preset("CVAT") | {"undo": ("U",)})
    canvas = gui.window.canvas
    canvas.setFocus()
    press(canvas, "P")
    drawn = []
    canvas.operated.connect(drawn.append)
    for x, y in ((10, 10), (60, 10), (60, 50), (20, 50)):
        here = canvas.placement
        at = QPoint(round(here.x + x * here.scale), round(here.y + y * here.scale))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    press(canvas, "U")
    assert len(canvas.tool.points) == 3
    press(canvas, "Ctrl+Shift+Z")
    assert len(canvas.tool.points) == 4
    press(canvas, "N")
    assert [len(one.ring) for one in drawn] == [4]


def test_a_chip_keeps_the_key_that_opens_its_word(pressed, gui):
    use(gui, keymap.CVAT)
    gui.window.activateWindow()
    chip = gui.window.words.chips[0]
    chip.setFocus()
    press(chip, "F2")
    assert pressed == []
    editor = gui.window.findChild(WordEditor)
    assert editor is not None
    editor.reject()


def test_a_clash_cannot_be_kept_until_it_is_mended(gui, qtbot):
    gui.do("change_keys")
    editor = gui.window.findChild(KeyEditor)
    keep = editor.buttons.button(QDialogButtonBox.StandardButton.Ok)
    editor.select("fit")
    editor.field.setKeySequence(QKeySequence("B"))
    editor.give.click()
    assert not keep.isEnabled()
    assert "Brush" in editor.said.text()
    assert "Fit image" in editor.said.text()
    editor.select("brush")
    editor.none.click()
    assert keep.isEnabled()
    assert editor.said.text() == ""
    keep.click()
    keys = gui.window.actions_table.keys
    assert (keys["fit"], keys["brush"]) == (("B",), ())
    gui.window.canvas.setFocus()
    gui.window.canvas.zoom_by(3)
    press(gui.window.canvas, "B")
    assert gui.window.canvas.fitted


def test_another_preset_in_the_editor_brings_all_its_keys(gui):
    gui.do("change_keys")
    editor = gui.window.findChild(KeyEditor)
    editor.presets.setCurrentText(keymap.CVAT)
    editor.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert gui.window.actions_table.keys == keymap.preset(keymap.CVAT)
    assert gui.features["Program"].preset == keymap.CVAT


def test_the_editor_works_with_keys_alone(gui):
    gui.do("change_keys")
    editor = gui.window.findChild(KeyEditor)
    seen = []
    editor.presets.setFocus()
    for _ in range(12):
        seen.append(editor.focusWidget())
        editor.focusNextPrevChild(True)
    assert {editor.presets, editor.table, editor.give, editor.none} <= set(seen)
    editor.reject()
