"""What can be read of a damaged database is saved, and the damaged file is left as it is."""

import hashlib
import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, recovery

COUNT = 400


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def large(world, box):
    """A project of many pages: 400 masks on two images, with steps and suggestions."""
    project = world.project
    project.settings.set("threshold", 0.4)
    row = project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    columns = "image_id, class_id, height, width, counts, area, bbox_x, bbox_y, bbox_width,\
        bbox_height, created, updated"
    project._store.run(
        f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})
        INSERT INTO annotations ({columns}) SELECT 1 + i % 2, 1 + i % 2, height, width, counts,
            area, bbox_x, bbox_y, bbox_width, bbox_height, created, updated
            FROM annotations, n"""
    )
    project.close()
    return row


def pages(path, table):
    """The leaf pages of a table, as SQLite's own page numbers, by trying which ones hold rows."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()[0]
    page = data[(root - 1) * 4096 : root * 4096]
    if page[0] == 13:
        return [root]
    assert page[0] == 5  # an inner page: its cells begin with the number of a page below
    cells = int.from_bytes(page[3:5], "big")
    places = [int.from_bytes(page[12 + 2 * i : 14 + 2 * i], "big") for i in range(cells)]
    return [int.from_bytes(page[place : place + 4], "big") for place in places]


def spoil(path, page):
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(data)


def use(world, result):
    """Put the recovered file in the place of the damaged one, as the command says."""
    path = world.project.folder / "project.db"
    path.unlink()
    result.path.rename(path)
    return Project.open(world.project.folder)


def test_one_bad_page_costs_its_rows_only(world, large, box):
    path = world.project.folder / "project.db"
    leaves = pages(path, "annotations")
    assert len(leaves) > 5
    spoil(path, leaves[3])
    before = digest(path)
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(world.project.folder)
    result = recovery.recover(world.project.folder)
    assert digest(path) == before
    assert result.path.parent == world.project.folder / "backups"
    assert [one.name for one in result.path.parent.iterdir()] == [result.path.name]
    lost = result.lost["annotations"]
    assert 5 < lost < COUNT / 5
    assert result.saved["annotations"] == COUNT - lost
    assert (result.saved["images"], result.saved["classes"], result.stubs) == (2, 2, 0)
    with use(world, result) as project:
        assert project.integrity() == ""
        assert project.annotations.get(large.id) == large
        assert np.array_equal(project.annotations.mask(large.id), box(1, 1, 5, 5))
        assert project.settings.get("threshold") == 0.4
        assert project.undo(1) == "add mask"


@pytest.mark.parametrize("table", ["images", "classes"])
def test_masks_of_a_lost_image_or_word_are_kept(world, large, table):
    path = world.project.folder / "project.db"
    spoil(path, pages(path, table)[0])
    result = recovery.recover(world.project.folder)
    assert result.saved["annotations"] == COUNT
    assert result.saved[table] == 0
    assert result.stubs == 2
    with use(world, result) as project:
        assert project.integrity() == ""
        assert project.annotations.get(large.id).rle == large.rle
        names = [row.path for row in project.images.page()]
        names += [row.name for row in project.classes.all()]
        assert sum(name.startswith("lost") for name in names) == 2


def test_a_cut_file_gives_what_is_left(world, large):
    path = world.project.folder / "project.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: -5 * 4096 - 100])
    result = recovery.recover(world.project.folder)
    assert 0 < result.saved["annotations"] < COUNT
    with use(world, result) as project:
        assert project.integrity() == ""
        assert project.annotations.count() == result.saved["annotations"]


def test_what_was_not_yet_in_the_file_is_saved_too(world, box):
    row = world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    assert (world.project.folder / "project.db-wal").stat().st_size > 0
    result = recovery.recover(world.project.folder)
    assert result.saved["annotations"] == 1
    assert result.lost == {}
    assert world.project.annotations.get(row.id) == row


def test_a_mask_that_is_nonsense_is_not_saved(world, large):
    path = world.project.folder / "project.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE annotations SET counts = 'nonsense' WHERE id = 7")
        connection.execute("UPDATE journal SET image_id = 99")
    result = recovery.recover(world.project.folder)
    assert result.lost == {"annotations": 1, "journal": 1}


def test_an_older_file_becomes_a_current_one(world):
    path = world.project.folder / "project.db"
    world.project.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP VIEW acceptance")
        connection.execute("ALTER TABLE images DROP COLUMN size")
        connection.execute("DROP TABLE model_activations")
    result = recovery.recover(world.project.folder)
    assert result.saved["images"] == 2
    with use(world, result) as project:
        assert project.versions.active() is None


def test_nothing_to_read_is_a_sentence_and_leaves_nothing(world, tmp_path):
    path = world.project.folder / "project.db"
    world.project.close()
    path.write_bytes(b"\xa5" * 20_000)
    with pytest.raises(ProjectError, match=r"Nothing in .*project\.db can be read"):
        recovery.recover(world.project.folder)
    assert list((path.parent / "backups").iterdir()) == []
    with pytest.raises(ProjectError, match=r"There is no project\.db in"):
        recovery.recover(tmp_path)


def test_a_switch_of_a_lost_model_is_left_out(world):
    project = world.project
    for name in ("v1", "v2"):
        row = project.versions.add(name, folder=name, recipe="quick", metrics={})
        project.versions.activate(row.id)
    project.close()
    with closing(sqlite3.connect(project.folder / "project.db")) as connection, connection:
        connection.execute("DELETE FROM model_versions WHERE name = 'v1'")
    result = recovery.recover(project.folder)
    assert result.lost == {"model_activations": 1}
    with use(world, result) as opened:
        assert opened.versions.active().name == "v2"
        assert json.loads("null") is opened.versions.rollback()
