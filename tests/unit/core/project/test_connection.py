"""One connection for all threads, and faults of the disk as sentences."""

import sqlite3
import threading
from contextlib import closing

import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, opening


def test_the_disk_is_asked_for_durability(world):
    store = world.project._store
    assert store.value("PRAGMA journal_mode") == "wal"
    assert store.value("PRAGMA synchronous") == 2
    assert store.value("PRAGMA foreign_keys") == 1
    assert store.value("PRAGMA busy_timeout") == 5000


def test_threads_share_one_project(world, box):
    faults = []

    def work(image_id):
        try:
            for _ in range(10):
                world.project.annotations.add(image_id, world.cat.id, box(1, 1, 5, 5))
                world.project.undo(image_id)
                world.project.redo(image_id)
        except (ProjectError, sqlite3.Error) as error:
            faults.append(error)

    threads = [
        threading.Thread(target=work, args=(image.id,)) for image in (world.first, world.second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert world.project.annotations.count() == 20


def test_two_projects_on_one_file_see_each_other(world, box):
    with Project.open(world.project.folder) as other:
        row = other.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
        assert world.project.annotations.get(row.id) == row
        world.project.annotations.relabel(row.id, world.dog.id)
        assert other.annotations.get(row.id).class_id == world.dog.id


def test_another_program_that_holds_on_is_a_sentence(world, box, monkeypatch):
    world.project._store.db.conn.execute("PRAGMA busy_timeout = 10")
    monkeypatch.setattr(opening, "_BUSY_MS", 10)
    path = world.project.folder / "project.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError, match="Another program is writing to"):
            world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
        with pytest.raises(ProjectError, match="Another program is writing to"):
            Project.open(world.project.folder)
        other.execute("ROLLBACK")
    world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))


def test_a_full_disk_is_a_sentence_and_nothing_is_half_written(world, box):
    store = world.project._store
    store.rows(f"PRAGMA max_page_count = {store.value('PRAGMA page_count')}")
    added = 0
    with pytest.raises(ProjectError, match="The disk is full"):  # noqa: PT012 - fills up somewhere
        for _ in range(2000):
            world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
            added += 1
    assert world.project.annotations.count() == added
    store.rows("PRAGMA max_page_count = 1000000")
    world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))


def test_a_fault_of_the_program_is_not_disguised(world):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        world.project._store.rows("SELECT * FROM nowhere")


def test_too_little_memory_is_a_sentence(world, monkeypatch):
    class Greedy:
        in_transaction = False

        def execute(self, sql, values=()):
            raise MemoryError

    monkeypatch.setattr(world.project._store, "_open", Greedy)
    with pytest.raises(ProjectError, match="not enough memory for .*project.db: close other"):
        world.project.images.count()
