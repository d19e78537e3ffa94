"""Children are ended, whatever they do about being asked."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from cascadeclip.core import ending

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True)"
WAIT = "; time.sleep(60)"


def sit(deaf, pipe):
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pipe.send("on")
    time.sleep(60)


def popened(deaf):
    code = DEAF + WAIT if deaf else "import time; print('on', flush=True)" + WAIT
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child.stdout.readline()
    child.stdout.close()
    return child


def forked(deaf):
    pipe, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=sit, args=(deaf, theirs))
    child.start()
    pipe.recv()
    return child


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize("start", [popened, forked])
def test_a_child_is_ended_even_when_it_is_deaf(monkeypatch, start, deaf):
    monkeypatch.setattr(ending, "GRACE_SECONDS", 0.2 if deaf else 20.0)
    child = start(deaf)
    assert not ending.gone(child, 0)
    began = time.monotonic()
    ending.end(child)
    assert ending.gone(child)
    assert time.monotonic() - began < 10
    code = child.returncode if isinstance(child, subprocess.Popen) else child.exitcode
    if os.name == "posix":
        assert code == -(signal.SIGKILL if deaf else signal.SIGTERM)
    ending.end(child)  # nothing more is there to be ended
