"""A large model is measured behind the window: it is shown, can be cancelled, and ends with it."""

import threading

import pytest

from cascadeclip.app.measuring import Chosen
from cascadeclip.app.presenters.measuring import TITLE
from cascadeclip.app.presenters.state import Change
from cascadeclip.core.engine.models import NOT_MEASURED


@pytest.fixture
def measuring(gui, monkeypatch, qtbot):
    """Begin to measure, as when a large model has come; `go` lets it find something."""
    go = threading.Event()
    ended = []

    def measure(folder, device, stopped):
        while not (stopped() or go.wait(0.01)):
            pass
        ended.append(stopped())
        return None if stopped() else Chosen("torch-cpu", "9 ms a window")

    gui.measuring._measure = measure
    gui.state.engine._runner.reason = NOT_MEASURED
    gui.state.changed(Change.ENGINE)
    qtbot.waitUntil(lambda: [task.title for task in gui.jobs.tasks] == [TITLE])
    return go, ended


def test_it_is_a_job_in_sight_and_its_end_loads_the_engine(gui, measuring, loads, wait):
    go, _ = measuring
    assert gui.window.status.tasks.line.text == TITLE
    before = len(loads)
    go.set()
    wait()
    assert len(loads) == before + 1
    assert gui.window.toast.text == "torch cpu runs this model here: a small model"
    assert gui.jobs.tasks == []


def test_cancelled_it_leaves_the_engine_as_it_was(gui, measuring, loads, wait):
    before = len(loads)
    gui.window.status.tasks.line.cancel_button.click()
    wait()
    assert (measuring[1], len(loads)) == ([True], before)
    assert gui.window.toast.text == ""


def test_it_ends_with_the_window(gui, measuring):
    gui.window.close()
    assert measuring[1] == [True]
