"""From a folder to an open project, or to one clear sentence."""

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from cascadeclip.core import masks
from cascadeclip.core.errors import ProjectError, ProjectTooNew
from cascadeclip.core.project import Project, opening, schema


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "project"
    Project.create(place).close()
    return place


def run(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_create_then_open(tmp_path):
    folder = tmp_path / "a b" / "größe"
    assert not Project.is_project(folder)
    with Project.create(folder) as project:
        assert project.folder == folder
        project.settings.set("a", 1)
    assert [path.name for path in folder.iterdir()] == ["project.db"]
    assert Project.is_project(str(folder))
    with Project.open(str(folder)) as project:
        assert project.settings.get("a") == 1


def test_create_refuses_a_project_and_a_file(folder, tmp_path):
    before = digest(folder / "project.db")
    with pytest.raises(ProjectError, match="already holds a project; open it"):
        Project.create(folder)
    assert digest(folder / "project.db") == before
    (tmp_path / "file").touch()
    for name in ("file", "file/below"):
        with pytest.raises(ProjectError):
            Project.create(tmp_path / name)


def test_create_leaves_nothing_behind_when_it_fails(tmp_path, monkeypatch):
    def fail(draft, path):
        raise OSError

    monkeypatch.setattr(opening, "put", fail)
    with pytest.raises(ProjectError):
        Project.create(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_open_without_a_project_names_the_command(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ProjectError, match=r"There is no project in .*: cascadeclip init "):
            Project.open(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_closed_project_says_so(folder, box):
    project = Project.open(folder)
    project.close()
    project.close()
    for call in (
        project.images.count,
        lambda: project.settings.set("a", 1),
        lambda: project.undo(1),
        lambda: project.suggestions.accept(1),
    ):
        with pytest.raises(ProjectError, match="The project is closed"):
            call()


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_refused(folder, content):
    path = folder / "project.db"
    path.write_bytes(content)
    with pytest.raises(ProjectError, match=r"project\.db is (damaged or )?not a project database"):
        Project.open(folder)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(folder):
    path = folder / "project.db"
    path.unlink()
    run(path, "CREATE TABLE images (id)")
    with pytest.raises(ProjectError, match="is not a project database"):
        Project.open(folder)


def test_damage_is_noticed(folder):
    path = folder / "project.db"
    whole = path.read_bytes()
    size = 4096
    refused = 0
    for page in range(len(whole) // size):
        damaged = bytearray(whole)
        damaged[page * size : (page + 1) * size] = b"\xa5" * size
        path.write_bytes(damaged)
        with pytest.raises(ProjectError, match="damaged"):
            Project.open(folder)
        refused += 1
    assert refused > 10
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(folder)


def test_damage_found_later_is_a_sentence_too(folder, monkeypatch):
    monkeypatch.setattr(opening, "_CHECKED_BYTES", 0)
    path = folder / "project.db"
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'annotations_by_image'"
        ).fetchone()[0]
    damaged = bytearray(path.read_bytes())
    damaged[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(damaged)
    with Project.open(folder) as project, pytest.raises(ProjectError, match="damaged"):
        project.annotations.of_image(1)


@pytest.mark.parametrize(
    "statement",
    [
        f"PRAGMA user_version = {schema.LATEST + 1}",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('cascadeclip', 'm9999_future', '')",
    ],
)
def test_a_newer_schema_is_refused_and_left_alone(folder, statement):
    path = folder / "project.db"
    run(path, statement)
    before = digest(path)
    with pytest.raises(ProjectTooNew, match="newer version of cascadeclip; update the program"):
        Project.open(folder)
    assert digest(path) == before
    assert [entry.name for entry in folder.iterdir()] == ["project.db"]


MASK = np.pad(np.ones((3, 4), bool), ((1, 2), (1, 3)))


def old_project(folder):
    """Write a project as the first version of the schema had it, with one mask in it."""
    folder.mkdir()
    rle = masks.encode(MASK)
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        schema.MIGRATIONS.ensure_migrations_table(Database(connection, execute_plugins=False))
        for statement in schema.BASE_SQL:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('cascadeclip', 'm0001_base', '2026-01-01')"
        )
        connection.execute("INSERT INTO images VALUES (1, 'a.png', 8, 6, 1, 'd', 'unreviewed', '')")
        connection.execute("INSERT INTO classes VALUES (1, 'cat', '[\"cat\"]', '#e69f00', 0, 0)")
        connection.execute(
            "INSERT INTO annotations VALUES (1, 1, 1, 6, 8, ?, 12, 1, 1, 4, 3, 'then', 'then')",
            (rle.counts.decode(),),
        )
        columns = ("image_id", "class_id", "height", "width", "counts", "area", "bbox_x", "bbox_y",
                   "bbox_width", "bbox_height", "created", "updated")  # fmt: skip
        record = dict(
            zip(columns, (1, 1, 6, 8, rle.counts.decode(), 12, 1, 1, 4, 3, "then", "then"),
                strict=True)
        )  # fmt: skip
        change = json.dumps([{"table": "annotations", "id": 1, "before": None, "after": record}])
        connection.execute("INSERT INTO journal VALUES (1, 1, 'add mask', ?, 0, 'then')", (change,))
        connection.commit()
    return folder


def test_an_older_project_is_copied_then_migrated(tmp_path):
    folder = old_project(tmp_path / "old")
    with Project.open(folder) as project:
        row = project.annotations.of_image(1)[0]
        assert np.array_equal(project.annotations.mask(1), MASK)
        assert row.provenance.origin == "drawn"
        assert (row.area, row.bbox) == (12, (1, 1, 4, 3))
        assert project.classes.all()[0].active
        assert project.undo(1) == "add mask"  # steps of the older version still work
        assert project.annotations.count() == 0
        assert project.redo(1) == "add mask"
        assert project.annotations.of_image(1) == [row]
        assert project._store.value("PRAGMA user_version") == schema.LATEST
    copy = folder / f"project.db.before-v{schema.LATEST}"
    assert sorted(path.name for path in folder.iterdir()) == ["project.db", copy.name]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM annotations").fetchone() == (1,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    Project.open(folder).close()
    assert len(list(folder.iterdir())) == 2


OLD = Path(__file__).parent / "old"


@pytest.mark.parametrize("version", range(1, schema.LATEST))
def test_a_file_of_every_past_version_is_brought_up_to_date(tmp_path, version):
    fixture = OLD / f"v{version}.db.gz"
    path = tmp_path / "project.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        before = connection.execute("SELECT id, counts FROM annotations").fetchall()
    with Project.open(tmp_path) as project:
        after = project._store.rows("SELECT id, counts FROM annotations")
        assert [tuple(row.values()) for row in after] == before
        assert len(before) >= 1
        assert project._store.value("PRAGMA integrity_check") == "ok"
        assert project._store.rows("PRAGMA foreign_key_check") == []
        known = [row.size is not None for row in project.images.file_facts(offset=0, limit=9)]
        assert known == [version >= 3] * len(known)
        for image in project.images.page():
            while project.undo(image.id):
                pass
        assert project.annotations.count() == 0
    assert (tmp_path / f"project.db.before-v{schema.LATEST}").is_file()
    Project.open(tmp_path).close()


def test_a_migration_that_fails_leaves_the_older_schema(tmp_path, monkeypatch):
    folder = old_project(tmp_path / "old")
    monkeypatch.setattr(schema, "PROVENANCE_SQL", (*schema.PROVENANCE_SQL, "SELECT broken"))
    with pytest.raises(sqlite3.OperationalError):
        Project.open(folder)
    monkeypatch.undo()
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(annotations)")]
    assert "origin" not in columns
    with Project.open(folder) as project:
        assert project.annotations.count() == 1


def test_two_openings_at_once_migrate_once(tmp_path):
    folder = old_project(tmp_path / "old")
    opened, gate = [], threading.Barrier(4)

    def work():
        gate.wait()
        with Project.open(folder) as project:
            opened.append(project.annotations.count())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [1] * 4
    with closing(sqlite3.connect(folder / f"project.db.before-v{schema.LATEST}")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    # SQLite's own two, which it leaves when connections close at the same moment.
    left = {path.name for path in folder.iterdir()} - {"project.db-wal", "project.db-shm"}
    assert left == {"project.db", f"project.db.before-v{schema.LATEST}"}


def test_a_copy_of_the_older_file_is_not_replaced_by_the_newer(folder):
    copy = folder / f"project.db.before-v{schema.LATEST}"
    copy.write_bytes(b"the older file")
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        opening._copy_before(connection, folder / "project.db")
    assert copy.read_bytes() == b"the older file"
    assert len(list(folder.iterdir())) == 2


READ_ONLY = """
import os, sys
from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for call, place in zip((Project.create, Project.open), sys.argv[1:]):
    try:
        call(place)
    except ProjectError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="folders are protected otherwise there")
def test_a_read_only_folder_is_a_sentence():
    with tempfile.TemporaryDirectory() as name:  # one that the other user may look into
        places = [Path(name).resolve() / part for part in ("empty", "project")]
        places[0].mkdir()
        Project.create(places[1]).close()
        places[0].parent.chmod(0o755)
        for place in places:
            place.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, *map(str, places)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        for place in places:
            place.chmod(0o755)
        left = [list(path.name for path in place.iterdir()) for place in places]
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"Nothing can be written in {place}; make it writable or copy the project elsewhere."
        for place in places
    ]
    assert left == [[], ["project.db"]]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE annotations RENAME COLUMN seconds TO second",
        "DROP INDEX journal_by_image",
        "DROP TRIGGER suggestion_added",
        "DROP TABLE runs",
    ],
)
def test_a_file_that_lacks_a_part_is_damaged(folder, statement):
    run(folder / "project.db", "DROP VIEW acceptance", statement)
    for read_only in (True, False):
        with pytest.raises(ProjectError, match=r"damaged \(.* lacks .*\): there is no copy"):
            Project.open(folder, read_only=read_only)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE annotations SET phrases = '[\"cat'",
        "UPDATE annotations SET phrases = 7",
        "UPDATE annotations SET origin = CAST(X'ff00ff' AS TEXT)",
        "UPDATE classes SET phrases = '{'",
        'UPDATE journal SET changes = \'[{"table": "annotations WHERE 1 --", "id": 1,'
        ' "before": null, "after": {}}]\'',
        "UPDATE journal SET changes = '[3]'",
        "UPDATE settings SET value = '{'",
    ],
)
def test_nonsense_in_a_row_is_a_sentence_and_changes_nothing(world, box, statement):
    project = world.project
    project.annotations.add(1, 1, box(1, 1, 5, 5))
    project.annotations.add(1, 1, box(1, 1, 6, 5))
    project.settings.set("author", "ann")
    project._store.run(statement)
    said = []
    for call in (
        lambda: project.annotations.of_image(1), lambda: project.classes.all(),
        lambda: project.undo(1), lambda: project.settings.get("author"),
    ):  # fmt: skip
        try:
            call()
        except ProjectError as error:
            said.append(str(error))
    assert said
    assert all(
        "is damaged (a row holds nonsense)" in one or "damaged or not" in one for one in said
    )
    assert project._store.value("SELECT count(*) FROM annotations") >= 1


def test_a_view_that_makes_no_sense_is_damage(folder):
    run(
        folder / "project.db",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'unchanged', 'unchaneed')"
        " WHERE name = 'acceptance'",
    )
    for read_only in (True, False):
        with pytest.raises(ProjectError, match=r"damaged \(.*no such column.*backup --recover"):
            Project.open(folder, read_only=read_only)
