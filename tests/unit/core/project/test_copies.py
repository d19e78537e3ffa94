"""A backup is of one moment, whole, and never seen before it is checked."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, copies, damage, placing


def test_a_backup_is_a_project_of_its_own(world, box, tmp_path):
    row = world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    steps = []
    made = copies.back_up(world.project.folder, progress=lambda *step: steps.append(step))
    assert made.parent == world.project.folder / "backups"
    assert made.name.startswith("project-20")
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert steps[-1][0] == steps[-1][1] > 0
    other = tmp_path / "restored"
    other.mkdir()
    made.rename(other / "project.db")
    with Project.open(other) as project:
        assert project.annotations.get(row.id) == row
        assert project.undo(1) == "add mask"
    assert world.project.annotations.count() == 1


def test_two_backups_have_two_names(world):
    made = {copies.back_up(world.project.folder) for _ in range(2)}
    assert len(made) == 2
    assert damage.newest_copy(world.project.folder) == max(made)


def test_a_named_file_is_replaced_whole(world, tmp_path):
    out = tmp_path / "new" / "copy.db"
    assert copies.back_up(world.project.folder, out=out) == out
    world.project.classes.add("bird")
    copies.back_up(world.project.folder, out=out)
    with closing(sqlite3.connect(out)) as copy:
        assert copy.execute("SELECT count(*) FROM classes").fetchone() == (3,)
    assert [path.name for path in out.parent.iterdir()] == ["copy.db"]


def test_what_is_written_meanwhile_is_not_part_of_it(world, box, monkeypatch):
    monkeypatch.setattr(copies, "_PAGES", 3)
    steps = []

    def write(done, total):
        if len(steps) < 5:
            world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
        steps.append(done)

    made = copies.back_up(world.project.folder, progress=write)
    assert len(steps) > 5
    assert steps == sorted(steps)  # it never began again
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT count(*) FROM annotations").fetchone() == (0,)
    assert world.project.annotations.count() == 5


def test_a_stopped_backup_leaves_nothing(world, tmp_path):
    out = tmp_path / "copy.db"
    out.write_bytes(b"the older one")
    with pytest.raises(ProjectError, match="stopped; nothing was written"):
        copies.back_up(world.project.folder, out=out, stopped=lambda: True)
    assert out.read_bytes() == b"the older one"
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_the_project_itself_is_no_copy(world, tmp_path):
    folder = world.project.folder
    with pytest.raises(ProjectError, match="is the project itself; name another file"):
        copies.back_up(folder, out=folder / ".." / "project" / "project.db")
    with pytest.raises(ProjectError, match="is a folder; name a file"):
        copies.back_up(folder, out=tmp_path)
    with pytest.raises(ProjectError, match="There is no project in"):
        copies.back_up(tmp_path)


def test_a_place_that_cannot_be_written_is_a_sentence(world, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="Nothing can be written in"):
        copies.back_up(world.project.folder, out=tmp_path / "file" / "copy.db")


def damage_table(path, table):
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(data)


def test_a_damaged_database_makes_no_copy_and_says_what_to_do(world):
    folder = world.project.folder
    world.project.close()
    kept = copies.back_up(folder)
    damage_table(folder / "project.db", "annotations")
    says = rf"is damaged.*: the newest copy is {kept} of 20.* UTC, and .*: cascadeclip backup --rec"
    for work in (Project.open, copies.back_up):
        with pytest.raises(ProjectError, match=says):
            work(folder)
    assert list((folder / "backups").iterdir()) == [kept]
    kept.unlink()
    with pytest.raises(ProjectError, match="is damaged.*: there is no copy in the project, and "):
        Project.open(folder)


def test_drafts_cut_off_long_ago_are_removed(world):
    folder = world.project.folder
    world.project.close()
    old, young, foreign = (
        placing.draft_of(folder / "project.db"), placing.draft_of(folder / "project.db"),
        folder / ".notes.new-one",
    )  # fmt: skip
    for path in (old, young, foreign):
        path.touch()
        os.utime(path, (5, 5))
    os.utime(young)
    Project.open(folder).close()
    assert {path.name for path in folder.glob(".*")} == {young.name, foreign.name}


WRITE = """
import sys
import numpy as np
from cascadeclip.core.project import Project
mask = np.zeros((20, 30), bool)
mask[2:9, 3:20] = True
with Project.open(sys.argv[1], read_only=False) as project:
    while True:
        print(project.annotations.add(1, 1, mask).id, flush=True)
"""


def test_a_backup_while_another_program_writes_is_of_one_moment(world, monkeypatch, tmp_path):
    monkeypatch.setattr(copies, "_PAGES", 2)
    folder = world.project.folder
    world.project.close()
    child = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        for number in range(3):
            # Before it begins so many were acknowledged: all of them are in the copy.
            acknowledged = int(child.stdout.readline())
            made = copies.back_up(folder, out=tmp_path / f"copy{number}" / "project.db")
            after = int(child.stdout.readline())
            with Project.open(made.parent, read_only=True) as copy:
                assert copy.integrity() == ""
                assert copy.annotations.count() >= acknowledged
                ids = [row.id for row in copy.annotations.of_image(1)]
                assert ids == list(range(1, len(ids) + 1))
                assert copy.can_undo(1)
            assert after > acknowledged
            assert child.poll() is None
    finally:
        child.kill()
        child.communicate()
    with Project.open(folder) as project:
        assert project.annotations.count() >= after
