"""A real child process looks at the images; the project lives on whatever happens to it."""

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from cascadeclip.core import ending
from cascadeclip.core.engine import open_engine
from cascadeclip.core.engine.prelabel import prelabel, process
from cascadeclip.core.engine.prelabel.choice import choice_of
from cascadeclip.core.engine.prelabel.process import Child, prelabel_in_child
from cascadeclip.core.errors import CheckpointError, PrelabelFailed

# A child loads torch at a low priority: that waits for whatever else the machine is doing.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


@pytest.fixture
def children(monkeypatch):
    """Collect the children that are started."""
    started = []

    class Watched(Child):
        def __init__(self, *some):
            super().__init__(*some)
            started.append(self)

    monkeypatch.setattr(process, "Child", Watched)
    return started


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_child_finds_what_is_found_here(noisy_project, found, children):
    seen, owned, polite = [], [], []

    def owner(call):
        owned.append(1)
        if children and hasattr(os, "getpriority"):
            polite.append(os.getpriority(os.PRIO_PROCESS, children[0].pid))
        return call()

    result = prelabel_in_child(
        noisy_project, threshold=0.3, progress=lambda *at: seen.append(at), owner=owner
    )
    assert (result.images, result.cancelled) == (8, False)
    assert seen == [(k, 8) for k in range(1, 9)]
    assert len(owned) >= 8 + 3
    if polite:
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        assert set(polite[1:]) == {min(19, mine + process.NICE)}
    assert gone(children[0].pid)
    there = found(noisy_project)
    assert sum(map(len, there.values())) == result.suggestions > 0
    engine = open_engine(noisy_project, "cpu")
    assert prelabel(noisy_project, engine, threshold=0.3).skipped == 8  # the marks are the same
    for row in noisy_project.images.page():
        noisy_project.suggestions.replace(row.id, [], "v0")
    assert prelabel(noisy_project, engine, threshold=0.3).images == 8
    assert found(noisy_project) == there


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_child_that_is_killed_is_one_sentence_and_the_rest_is_done_later(
    noisy_project, found, children
):
    def kill(done, _):
        if done == 2:
            # of its own, and it was not waited for: the number is still the child's
            os.kill(children[0].pid, signal.SIGKILL)

    with pytest.raises(PrelabelFailed, match=r"was killed.*goes on from there") as caught:
        prelabel_in_child(noisy_project, threshold=0.3, progress=kill)
    assert str(caught.value).count("\n") == 0
    kept = sum(is_marked for _, is_marked in page(noisy_project))
    assert 2 <= kept < 8
    rest = prelabel_in_child(noisy_project, threshold=0.3)
    assert (rest.images, rest.skipped) == (8 - kept, kept)


def page(project):
    """Return the images with whether they have any mark at all."""
    rows = project._store.rows("SELECT id, suggested_with FROM images ORDER BY id")
    return [(row["id"], row["suggested_with"] is not None) for row in rows]


def test_a_stop_ends_the_child_at_once(noisy_project, children):
    seen = []
    began = time.monotonic()
    result = prelabel_in_child(
        noisy_project,
        threshold=0.3,
        progress=lambda done, _: seen.append((done, time.monotonic())),
        stopped=lambda: bool(seen),
    )
    assert (result.images, result.cancelled) == (1, True)
    assert time.monotonic() - seen[0][1] < ending.GRACE_SECONDS
    assert time.monotonic() > began
    assert gone(children[0].pid)


def test_a_stop_while_the_model_is_loading_is_heard(noisy_project, children):
    result = prelabel_in_child(noisy_project, threshold=0.3, stopped=lambda: True)
    assert (result.images, result.cancelled) == (0, True)
    assert gone(children[0].pid)


def test_what_the_child_cannot_do_is_said_as_if_it_were_here(noisy_project, tmp_path):
    row = noisy_project.versions.add("gone", folder=tmp_path / "gone", recipe="t", metrics={})
    noisy_project.versions.activate(row.id)
    with pytest.raises(CheckpointError, match="missing"):
        prelabel_in_child(noisy_project, threshold=0.3)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_the_child_does_not_outlive_its_parent(noisy_project, tmp_path):
    (tmp_path / "parent.py").write_text(
        "import os, pickle, signal, sys\n"
        "from cascadeclip.core.engine.prelabel.process import Child\n"
        "if __name__ == '__main__':\n"
        "    child = Child(pickle.loads(bytes.fromhex(sys.argv[1])), 'cpu')\n"
        "    child.ready(lambda: False)\n"
        "    print(child.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    choice = pickle.dumps(choice_of(noisy_project)).hex()
    line = [sys.executable, str(tmp_path / "parent.py"), choice]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, until = int(done.stdout), time.monotonic() + 20
    while not gone(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert gone(pid)
