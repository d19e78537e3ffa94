"""One program writes, the others read and say so; a program that died holds nothing."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, lock

HOLD = """
import sys
from cascadeclip.core.project import Project
project = Project.open(sys.argv[1])
print(project.read_only, flush=True)
sys.stdin.read()
project.close()
"""


@pytest.fixture
def other(world):
    """Open the project in another program; it has it until it is told to end, or is killed."""
    world.project.close()
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(world.project.folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout.readline() == "False\n"
    yield child
    child.communicate()


def test_the_second_program_reads_and_says_so(world, other, box):
    folder = world.project.folder
    with Project.open(folder) as project:
        assert project.read_only
        assert re.fullmatch(
            rf"{re.escape(str(folder))} is open in another program \(process {other.pid}, since"
            r" \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\): here it can be read but not changed;"
            r" close the other program, then open it again\.",
            project.refusal,
        )
        assert project.images.count() == 2
        for write in (
            lambda: project.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5)),
            lambda: project.settings.set("a", 1),
            lambda: project.classes.add("bird"),
            lambda: project.images.set_status(world.first.id, "reviewed"),
            lambda: project.undo(world.first.id),
        ):
            with pytest.raises(ProjectError, match=f"process {other.pid}"):
                write()
        assert project.annotations.count() == 0
    with pytest.raises(ProjectError, match=f"process {other.pid}"):
        Project.open(folder, read_only=False)
    other.communicate()
    assert [path.name for path in folder.iterdir()] == ["project.db"]
    with Project.open(folder, read_only=False) as project:
        assert not project.read_only
        assert project.refusal == ""
        project.settings.set("a", 1)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_program_holds_nothing(world, other):
    os.kill(other.pid, signal.SIGKILL)
    other.wait(30)
    assert (world.project.folder / "project.db.lock").exists()
    with Project.open(world.project.folder, read_only=False) as project:
        project.settings.set("a", 1)
    assert [path.name for path in world.project.folder.iterdir()] == ["project.db"]


def test_what_was_left_behind_means_nothing(world):
    world.project.close()
    (world.project.folder / "project.db.lock").write_text("left, and no JSON")
    with Project.open(world.project.folder, read_only=False) as project:
        assert not project.read_only


def test_one_program_may_open_it_many_times(world):
    folder = world.project.folder
    with Project.open(folder, read_only=False) as second:
        world.project.close()
        second.settings.set("a", 1)
        facts = json.loads((folder / "project.db.lock").read_text())
        assert (facts["pid"], facts["host"]) == (os.getpid(), socket.gethostname())
    assert not (folder / "project.db.lock").exists()
    second.close()  # once more: gives nothing back twice
    with Project.open(folder, read_only=False):
        assert (folder / "project.db.lock").exists()


def test_opening_that_fails_gives_the_lock_back(world):
    world.project.close()
    path = world.project.folder / "project.db"
    path.write_bytes(b"hello")
    with pytest.raises(ProjectError):
        Project.open(world.project.folder)
    assert [one.name for one in path.parent.iterdir()] == ["project.db"]


def test_opened_to_be_read_it_is_only_read(world):
    with Project.open(world.project.folder, read_only=True) as project:
        assert project.read_only
        assert project.images.count() == 2
        with pytest.raises(ProjectError, match="opened to be read only; open it for writing"):
            project.settings.set("a", 1)
    world.project.settings.set("a", 1)


def test_a_disk_that_cannot_be_written_can_be_read(world, monkeypatch):
    world.project.close()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    before = sorted(path.name for path in world.project.folder.iterdir())
    with Project.open(world.project.folder, read_only=True) as project:
        assert project.images.count() == 2
        assert sorted(path.name for path in world.project.folder.iterdir()) == before
    with pytest.raises(ProjectError, match="Nothing can be written in"):
        Project.open(world.project.folder)


def test_the_sentence_leaves_out_what_is_not_known(tmp_path):
    assert " is open in another program: here" in lock.Holder().sentence(tmp_path)
    far = lock.Holder(7, "elsewhere", "2026-01-02T03:04:05.678+00:00").sentence(tmp_path)
    assert "(process 7 on elsewhere, since 2026-01-02 03:04:05 UTC)" in far


def test_a_file_that_vanishes_while_it_is_locked_is_made_anew(tmp_path, monkeypatch):
    path, real, seen = tmp_path / "lock", lock._locked, []

    def vanish(file):
        if not seen:
            path.unlink()
        seen.append(file)
        return real(file)

    monkeypatch.setattr(lock, "_locked", vanish)
    assert lock.take(path) is None
    assert len(seen) == 2
    assert path.exists()
    lock.release(path)
    assert not path.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_worker_does_not_keep_it(tmp_path):
    path = tmp_path / "lock"
    assert lock.take(path) is None
    reader, writer = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(writer)
        os.read(reader, 1)  # until the parent closes its end
        os._exit(0)
    try:
        os.close(lock._held.pop(path).file)  # as when the parent is killed
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from pathlib import Path;"
             "from cascadeclip.core.project import lock; print(lock.take(Path(sys.argv[1])))",
             str(path)], capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout == "None\n"
    finally:
        os.close(writer)
        os.close(reader)
        os.waitpid(worker, 0)


def test_threads_share_it(tmp_path):
    path, taken = tmp_path / "lock", []
    threads = [threading.Thread(target=lambda: taken.append(lock.take(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [None] * 8
    for left in range(8, 0, -1):
        assert path.exists(), left
        lock.release(path)
    assert not path.exists()
