"""Ctrl+C: the step under way is finished, what was done is kept, the exit code is 130."""

from __future__ import annotations

import errno
import signal
import threading

import click
import pytest

from cascadeclip.app import cli
from cascadeclip.app.commands import common
from cascadeclip.core.errors import ProjectError


@pytest.fixture
def command(monkeypatch):
    """Return a function that makes `cascadeclip work` run the given function."""

    def install(function):
        found = click.Command("work", callback=function)
        monkeypatch.setitem(cli.cli.commands, "work", found)

    return install


def test_the_first_press_is_gentle_and_the_second_is_not():
    heard = []
    with common.gentle_stop() as stop:
        stop.actions.append(lambda: heard.append(1))
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        assert heard == [1]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert heard == [1]


def test_the_usual_handler_comes_back():
    before = signal.getsignal(signal.SIGINT)
    with common.gentle_stop():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_stop_ends_with_130_and_one_sentence(command, capsys):
    def work():
        with common.gentle_stop() as stop:
            signal.raise_signal(signal.SIGINT)
            stop.check()

    command(work)
    assert cli.run(["work"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped; what was finished before is kept."


def test_what_is_kept_is_said_once(command, capsys):
    def work():
        with common.gentle_stop() as stop:
            signal.raise_signal(signal.SIGINT)
            stop.check("3 images are done.")

    command(work)
    assert cli.run(["work"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped. 3 images are done."


def test_an_interrupt_anywhere_else_is_a_stop_too(command, capsys):
    def work():
        raise KeyboardInterrupt

    command(work)
    assert cli.run(["work"]) == 130
    assert "Stopped" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (ProjectError("Close the window first."), "Close the window first."),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "/x/y: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
    ],
)
def test_faults_of_the_world_are_one_sentence_and_2(command, capsys, error, part):
    def work():
        raise error

    command(work)
    assert cli.run(["work"]) == 2
    captured = capsys.readouterr()
    assert part in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_our_own_faults_are_not_hidden(command):
    def work():
        raise ZeroDivisionError

    command(work)
    with pytest.raises(ZeroDivisionError):
        cli.run(["work"])


def test_off_the_main_thread_signals_are_left_alone():
    seen = []

    def work():
        with common.gentle_stop() as stop:
            seen.append(stop())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


def test_progress_is_silent_where_nobody_watches(capsys):
    with common.progress_bar("Working") as report:
        report(1, 2)
    assert capsys.readouterr().err == ""


def test_progress_is_shown_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with common.progress_bar("Working") as report:
        report(1, 2)
        report(2, 2)
    assert "Working" in capsys.readouterr().err


@pytest.mark.parametrize(("count", "text"), [(0, "0 images"), (1, "1 image"), (2, "2 images")])
def test_counting(count, text):
    assert common.counted(count, "image") == text
