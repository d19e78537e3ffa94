"""An error is one sentence and a button that does what it advises."""

import pytest
from PySide6.QtWidgets import QMessageBox

from cascadeclip.app.window import remedies
from cascadeclip.app.window.rows import ACTIONS
from cascadeclip.core.errors import ImageUnreadable, MaskInvalid, ProjectError, VocabularyError


def test_every_rule_names_an_action_of_the_window():
    names = {row.name for row in ACTIONS}
    assert [rule for rule in remedies.RULES if not names & set(rule.actions)] == []


def test_the_toast_of_a_problem_has_its_button(gui, wait):
    gui.problems.tell(ImageUnreadable("image0.png is damaged: replace the file."))
    toast = gui.window.toast
    assert toast.text == "image0.png is damaged: replace the file."
    assert toast.button.text() == "Next image"
    toast.button.click()
    wait()
    assert gui.state.image.path == "image1.png"
    assert not toast.isVisible()


def test_a_problem_nothing_helps_against_has_none_and_undo_comes_back(gui):
    gui.problems.tell(MaskInvalid("The mask is empty."))
    assert not gui.window.toast.button.isVisible()
    gui.window.toast.say("Accepted 2", undo=lambda: None)
    assert gui.window.toast.button.text() == "Undo"


def test_a_refusal_has_a_button_too(gui, asking, monkeypatch):
    asking.answers = [None]
    gui.problems._ask = gui.problems._open_dialog
    gui.problems.refuse(ProjectError("There are no images in that folder."))
    box = gui.window.findChild(QMessageBox, "problem")
    button = next(one for one in box.buttons() if one.text() == "Open a folder")
    button.click()
    assert asking.answers == []  # the folder was asked for


@pytest.mark.parametrize("there", [True, False])
def test_what_cannot_be_done_now_is_not_offered(gui, there):
    gui.window.actions_table.by_name["type_word"].setEnabled(there)
    found = gui.problems.remedy(VocabularyError("The word is empty."))
    assert (found is not None) is there
