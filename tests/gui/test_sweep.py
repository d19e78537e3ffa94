"""Model > Accept on all images: counted first, done at once, taken back at once."""

import pytest

from cascadeclip.app.window.sweep_dialog import SweepDialog


@pytest.fixture
def labelled(gui, wait):
    """Give all three images the same two suggestions."""
    project = gui.state.project
    first, *others = project.images.page()
    rows = project.suggestions.of_image(first.id)
    for image in others:
        project.suggestions.replace(image.id, rows, "v1")
    gui.images.load()
    wait()
    return project


def open_dialog(gui, wait):
    gui.window.actions_table.by_name["sweep"].trigger()
    wait()
    return gui.window.findChild(SweepDialog)


def counts(project):
    return [len(project.annotations.of_image(row.id)) for row in project.images.page()]


def test_it_is_counted_accepted_and_taken_back(gui, labelled, wait, qtbot):
    dialog = open_dialog(gui, wait)
    dialog.least.setValue(1)
    assert not dialog.take.isEnabled()
    qtbot.waitUntil(dialog.take.isEnabled)
    assert dialog.said.text() == "6 suggestions on 3 images would become masks."
    dialog.word.setCurrentText("red")
    qtbot.waitUntil(dialog.take.isEnabled)
    assert dialog.said.text() == "3 suggestions on 3 images would become masks."
    dialog.take.click()
    wait()
    assert counts(labelled) == [1, 1, 1]
    assert gui.window.toast.text == "Accepted 3 on 3 images"
    assert [shape.name for shape in gui.state.annotations] == ["red"]
    gui.window.toast.button.click()
    wait()
    assert counts(labelled) == [0, 0, 0]
    assert gui.state.annotations == ()
    assert len(gui.state.suggestions) == 2


def test_nothing_so_sure_cannot_be_accepted(gui, labelled, wait, qtbot):
    dialog = open_dialog(gui, wait)
    dialog.least.setValue(100)
    qtbot.waitUntil(lambda: dialog.said.text().startswith("0 suggestions"))
    assert not dialog.take.isEnabled()
    dialog.reject()
