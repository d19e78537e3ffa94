"""The sentences words are put into: chosen in a dialog, kept in the project, used at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cascadeclip.app.window.templates import TemplatesDialog
from cascadeclip.core.templates import FIFTEEN, SINGLE, project_templates


@pytest.fixture
def dialog(qtbot):
    def dialog(templates=(), own=("a {}", "the {}")):
        made = TemplatesDialog(templates, own)
        qtbot.addWidget(made)
        made.taken = []
        made.chosen.connect(made.taken.append)
        return made

    return dialog


@pytest.mark.parametrize(
    ("templates", "choice", "shown"),
    [
        ((), "model", "a {}\nthe {}"),
        (SINGLE, "single", "a photo of a {}"),
        (FIFTEEN, "fifteen", "\n".join(FIFTEEN)),
        (("my {}",), "own", "my {}"),
    ],
)
def test_the_dialog_begins_at_what_is_used(dialog, templates, choice, shown):
    made = dialog(templates)
    assert made.choice == choice
    assert made.lines.toPlainText() == shown
    assert made.lines.isReadOnly() is (choice != "own")
    made.apply.click()
    assert made.taken == [templates]


def test_own_sentences_are_checked_as_they_are_typed(dialog):
    made = dialog()
    made.choices["own"].setChecked(True)
    assert not made.apply.isEnabled()
    made.lines.setPlainText("a {}\nno place")
    assert made.trouble.text().startswith("Every sentence needs {} once")
    assert not made.apply.isEnabled()
    made.lines.setPlainText("a {}\n\n old {} ")
    assert made.trouble.text() == ""
    made.apply.click()
    assert made.taken == [("a {}", "old {}")]


def test_own_sentences_stay_while_looking_at_other_sets(dialog):
    made = dialog(("my {}",))
    made.lines.setPlainText("your {}")
    made.choices["fifteen"].setChecked(True)
    assert len(made.lines.toPlainText().splitlines()) == 15
    made.choices["own"].setChecked(True)
    assert made.lines.toPlainText() == "your {}"


def test_ctrl_t_changes_the_maps_and_encodes_nothing(gui, wait):
    engine = gui.state.engine
    encodes, decodes = engine.encodes, engine.decodes
    assert gui.window.hints.templates.text() == "Templates: the model's own"
    QTest.keyClick(gui.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    made = gui.window.findChild(TemplatesDialog)
    made.choices["fifteen"].setChecked(True)
    made.apply.click()
    wait()
    assert project_templates(gui.state.project) == FIFTEEN
    assert gui.window.hints.templates.text() == "Templates: 15 sentences"
    assert engine.encodes == encodes
    assert engine.decodes == decodes + 2
    rows = gui.state.project.suggestions.of_image(gui.state.image.id)
    assert {row.templates for row in rows} == {FIFTEEN}


def test_the_choice_is_there_when_the_project_opens_again(gui, wait, folder):
    gui.words.choose_templates(("the {}", "a {}"))
    wait()
    gui.library.open(folder)
    wait()
    assert gui.state.templates == ("the {}", "a {}")
    assert gui.window.hints.templates.text() == "Templates: 2 sentences of your own"
