"""Keys: no preset says one thing twice, and what a person chose survives."""

import pytest

from cascadeclip.app.window import keymap
from cascadeclip.app.window.rows import ACTIONS, LINE, MENUS, Row, joined


@pytest.mark.parametrize("name", keymap.PRESETS)
def test_no_key_of_a_preset_means_two_things(name):
    keys = keymap.preset(name)
    assert set(keys) == {row.name for row in ACTIONS if row.name != LINE}
    assert keymap.clashes(keys) == ()


@pytest.mark.parametrize("name", keymap.PRESETS)
def test_every_action_worth_a_key_has_one(name):
    keys = keymap.preset(name)
    wanted = ("next", "previous", "accept", "reject", "accept_all", "undo", "redo", "brush", "keys")
    assert all(keys[one] for one in wanted)


def test_the_presets_say_what_is_in_the_fingers():
    labelme, cvat = (keymap.preset(name) for name in keymap.PRESETS)
    assert (labelme["previous"], labelme["next"]) == (("A",), ("D",))
    assert (cvat["previous"], cvat["next"]) == (("D",), ("F",))
    assert (labelme["word_1"], cvat["word_1"]) == (("1",), ("Ctrl+1",))


def test_a_planted_clash_is_seen_however_it_is_spelled():
    keys = keymap.preset(keymap.LABELME) | {"fit": ("enter",), "brush": ("Space",)}
    found = {(one.key, one.name, one.other) for one in keymap.clashes(keys)}
    assert ("Return", "fit", "accept") in found
    assert ("Space", "brush", "held") in found


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("shift+ctrl+z", "Ctrl+Shift+Z"),
        ("Backtab", "Shift+Tab"),
        ("Ctrl++", "Ctrl++"),
        ("Shift+Enter", "Shift+Return"),
        ("a", "A"),
        ("[", "["),
    ],
)
def test_one_spelling(key, wanted):
    assert keymap.normal(key) == wanted


def test_what_is_stored_comes_back():
    keys = keymap.preset(keymap.CVAT) | {"fit": ("G",), "brush": ()}
    assert keymap.read(keymap.stored(keymap.CVAT, keys)) == (keymap.CVAT, keys)


@pytest.mark.parametrize("text", ["", "{", '{"preset": 1}', '{"preset": "CVAT", "own": 3}', "[]"])
def test_what_cannot_be_read_is_the_first_preset(text):
    assert keymap.read(text) == (keymap.LABELME, keymap.preset(keymap.LABELME))


def test_of_stored_keys_that_clash_by_now_only_those_are_dropped():
    text = '{"preset": "CVAT", "own": {"fit": ["N"], "larger": ["+"], "gone": ["Q"]}}'
    name, keys = keymap.read(text)
    assert name == keymap.CVAT
    assert keys["fit"] == keymap.preset(keymap.CVAT)["fit"]
    assert keys["larger"] == ("+",)
    assert "gone" not in keys


def test_between_features_of_a_menu_comes_a_line():
    first, second, third = Row("a", "File", "A"), Row("b", "File", "B"), Row("c", "Edit", "C")
    made = joined(((first,), (second, third), (Row("d", "", "D"),)))
    assert [row.name for row in made] == ["a", LINE, "b", "c", "d"]


def test_every_row_is_in_a_menu_there_is():
    assert {row.menu for row in ACTIONS} <= {*MENUS, ""}
