"""Searching in the index finds what comparing every path finds."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project
from cascadeclip.core.project.searching import containing

# Letters that other letters fold to, marks of LIKE and of the index, what is no letter at all.
NAMES = st.text(
    st.sampled_from("aAbBcCkK\u212a\u00e4\u00c4\u0130i\u0131\"'%_\\*^-+: /.0\u0301\U0001f600"),
    max_size=9,
)
STEPS = st.lists(st.tuples(st.integers(1, 6), NAMES), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with Project.create(tmp_path_factory.mktemp("project")) as project:
        yield project


def plain(store, search):
    for mark in "\\%_":
        search = search.replace(mark, "\\" + mark)
    return store.values(
        "SELECT id FROM images WHERE path LIKE ? ESCAPE '\\' ORDER BY id", (f"%{search}%",)
    )


def found(store, search):
    condition, value = containing(search)
    return store.values(f"SELECT images.id FROM images WHERE {condition} ORDER BY id", (value,))


def put(store, image_id, path):
    """Add, move or take out an image as the steps come."""
    if not path:
        store.run("DELETE FROM images WHERE id = ?", (image_id,))
        return
    store.run(
        "INSERT INTO images (id, path, width, height, orientation, digest, added)"
        " VALUES (?, ?, 1, 1, 1, '', '') ON CONFLICT DO UPDATE SET path = excluded.path",
        (image_id, f"{image_id}/{path}"),
    )


@settings(max_examples=150, deadline=None)
@given(STEPS, NAMES, st.data())
def test_the_index_finds_what_like_finds(project, steps, search, data):
    store = project._store
    with store.transaction():
        store.run("DELETE FROM images")
        for image_id, path in steps:
            put(store, image_id, path)
    # A part of a path that is there, as it is and in the other case.
    path = data.draw(st.sampled_from([*store.values("SELECT path FROM images"), "none"]))
    at = data.draw(st.integers(0, len(path)))
    part = path[at : at + data.draw(st.integers(1, 6))]
    for one in (search, part, part.swapcase(), "\0", part + "\0more"):
        assert found(store, one) == plain(store, one), (
            one,
            store.values("SELECT path FROM images"),
        )


def test_from_three_characters_on_no_path_is_read(project):
    for search, reads_all in (("ab", True), ("abc", False), ("100%", False)):
        condition, value = containing(search)
        steps = project._store.rows(
            f"EXPLAIN QUERY PLAN SELECT images.id FROM images WHERE {condition}", (value,)
        )
        told = " ".join(step["detail"] for step in steps)
        assert ("SCAN images" in told) == reads_all, told


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER more AFTER INSERT ON images BEGIN SELECT upper(NEW.path); END",
        "CREATE VIEW more AS SELECT upper(path) FROM images",
        "DROP TRIGGER image_moved",
    ],
)
def test_triggers_and_views_are_the_programs_own(tmp_path, sql):
    Project.create(tmp_path).close()
    with sqlite3.connect(tmp_path / "project.db") as connection:
        connection.execute(sql)
    connection.close()
    for read_only in (True, False):
        with pytest.raises(ProjectError, match="damaged"):
            Project.open(tmp_path, read_only=read_only)
