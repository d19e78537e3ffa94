"""Long jobs in the status bar: one as a line, several as a number with a list to stop each from."""

import threading

import pytest

from cascadeclip.app.jobs import Lane


@pytest.fixture
def working(gui, qtbot):
    """Start jobs by their titles; each runs until it is stopped or told to go."""
    go, ended = threading.Event(), []

    def start(*titles):
        for lane, title in zip((Lane.WORK, Lane.MEASURING, Lane.BESIDE), titles, strict=False):

            def work(report, stopped, title=title):
                report(3, 12)
                while not (stopped() or go.wait(0.01)):
                    pass
                ended.append((title, stopped()))

            gui.jobs.start(title, work, lane=lane)
        qtbot.waitUntil(lambda: all(task.done == 3 for task in gui.jobs.tasks))
        return gui.window.status.tasks

    yield start, ended
    go.set()


def test_one_job_is_a_line_and_none_is_nothing(working, gui, wait):
    start, ended = working
    tasks = start("exporting")
    assert tasks.line.isVisible()
    assert not tasks.button.isVisible()
    assert tasks.line.text.startswith("exporting 3/12")
    tasks.line.cancel_button.click()
    assert tasks.line.text == "stopping exporting"
    wait()
    assert ended == [("exporting", True)]
    assert not tasks.line.isVisible()
    assert not tasks.button.isVisible()


def test_several_are_all_told_and_each_can_be_stopped(working, gui, qtbot):
    start, ended = working
    tasks = start("exporting", "measuring", "reading")
    assert tasks.button.isVisible()
    assert tasks.button.text() == "3 jobs"
    assert not tasks.line.isVisible()
    tasks.button.click()
    assert [line.isVisible() for line in tasks.lines] == [True] * 3
    assert [line.text.split()[0] for line in tasks.lines] == ["exporting", "measuring", "reading"]
    names = [line.cancel_button.accessibleName() for line in tasks.lines]
    assert names == ["Cancel: exporting", "Cancel: measuring", "Cancel: reading"]
    tasks.lines[1].cancel_button.click()
    qtbot.waitUntil(lambda: ended == [("measuring", True)])
    qtbot.waitUntil(lambda: tasks.button.text() == "2 jobs")
    assert [line.text.split()[0] for line in tasks.lines] == ["exporting", "reading"]
    tasks.lines[0].cancel_button.click()
    qtbot.waitUntil(tasks.line.isVisible)
    assert tasks.line.text.startswith("reading")
    assert tasks.lines == []
    assert not tasks.button.isVisible()
