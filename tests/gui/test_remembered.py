"""What is the same the next morning."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from cascadeclip.app.window.assembly import Assembly
from cascadeclip.app.window.dialogs import Asking


@pytest.fixture
def again(gui, folder, wait, qtbot):
    """Close the window and open another one on the same project."""

    def again():
        gui.window.close()
        fresh = Assembly(version="0")
        qtbot.addWidget(fresh.window)
        fresh.window.show()
        fresh.library.open(folder)
        qtbot.waitUntil(fresh.jobs.idle, timeout=10_000)
        made.append(fresh)
        return fresh

    made = []
    yield again
    for one in made:
        one.window.close()


def test_the_word_last_chosen_is_chosen_again(gui, again):
    blue = next(row for row in gui.state.words if row.name == "blue")
    gui.words.choose(next(row for row in gui.state.words if row.name == "red").id)
    gui.words.choose(blue.id)
    fresh = again()
    assert fresh.state.word_of(fresh.state.word).name == "blue"


@pytest.mark.parametrize("keep", [True, False])
def test_the_zoom_stays_or_goes_from_image_to_image(gui, wait, again, keep):
    table = gui.window.actions_table.by_name["keep_zoom"]
    if table.isChecked() is not keep:
        table.trigger()
    fitted = gui.window.canvas.placement.scale
    gui.window.canvas.zoom_by(2)
    gui.images.step(forward=True)
    wait()
    assert gui.window.canvas.placement.scale == pytest.approx(fitted * (2 if keep else 1))
    assert again().window.actions_table.by_name["keep_zoom"].isChecked() is keep


def test_the_docks_come_back(gui, again):
    gui.window.docks["masks"].hide()
    assert not again().window.docks["masks"].isVisible()


def test_dialogs_open_where_they_were_left(qtbot, tmp_path, monkeypatch):
    parent = QWidget()
    qtbot.addWidget(parent)
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    begun = []

    def folder(parent, title, last):
        begun.append(last)
        return str(tmp_path)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)
    Asking(parent, settings).folder("Images")
    Asking(parent, settings).folder("Images")
    assert begun[1] == str(tmp_path)
