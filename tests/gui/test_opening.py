"""The window is on the screen before what it is filled with has been read."""

import subprocess
import sys

import pytest

from cascadeclip.app.main import Running
from cascadeclip.app.presenters.library import Library, open_or_create
from cascadeclip.app.window import opening, place
from cascadeclip.app.window.main_window import MainWindow

HEAVY = ("numpy", "cv2", "PIL", "sqlite_utils", "torch")
FIRST = f"""
import sys
from PySide6.QtWidgets import QApplication
from cascadeclip.app.main import Running, make_application
application = make_application()
Running(None, demo=False, device="cpu")
print([name for name in {HEAVY} if name in sys.modules])
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "data_folder", lambda: tmp_path / "data")
    return tmp_path


def closed(running, qtbot):
    running.window.close()
    assert running.assembly.jobs.idle()


def test_the_first_page_needs_nothing_heavy(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    answer = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.strip() == "[]"


def test_the_start_page_is_painted_then_filled_and_looks_the_same(own, qapp, qtbot, monkeypatch):
    before = []
    fill = Running._fill

    def filled(running):
        before.append((running.assembly, running.window.grab().toImage()))
        return fill(running)

    monkeypatch.setattr(Running, "_fill", filled)
    running = Running(None, demo=False, device="cpu")
    titles = [one.text() for one in running.window.menuBar().actions()]
    assert "File" in titles
    qtbot.waitUntil(lambda: running.assembly is not None, timeout=10_000)
    qtbot.waitUntil(running.assembly.jobs.idle, timeout=10_000)
    ((assembly, picture),) = before
    assert assembly is None
    assert running.window.grab().toImage() == picture
    assert [one.text() for one in running.window.menuBar().actions()] == titles
    assert running.window.menus["File"].actions()
    closed(running, qtbot)


def test_a_project_comes_into_an_empty_window_after_its_page_was_painted(
    own, folder, qapp, qtbot, monkeypatch
):
    steps = []
    fill, use = Running._fill, Library.use

    def filled(running):
        steps.append(("fill", running.window.start.isVisible()))
        return fill(running)

    def used(library, project):
        steps.append(("use", running.window.docks["images"].isVisible()))
        use(library, project)

    monkeypatch.setattr(Running, "_fill", filled)
    monkeypatch.setattr(Library, "use", used)
    monkeypatch.setattr(Library, "load_engine", lambda library: None)
    running = Running(open_or_create(folder), demo=False, device="cpu")
    qtbot.waitUntil(lambda: len(steps) == 2, timeout=10_000)
    qtbot.waitUntil(lambda: running.assembly.state.image is not None, timeout=10_000)
    qtbot.waitUntil(running.assembly.jobs.idle, timeout=10_000)
    closed(running, qtbot)
    assert steps == [("fill", False), ("use", True)]


def test_a_window_nobody_paints_is_filled_all_the_same(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE", 20)
    window, calls = MainWindow(), []
    qtbot.addWidget(window)
    opening.Painted(window, lambda: calls.append(1))
    qtbot.waitUntil(lambda: calls == [1])
