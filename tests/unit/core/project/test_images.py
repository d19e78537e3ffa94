"""Images of a project."""

import hashlib
import os
import shutil

import pytest
from PIL import Image

from cascadeclip.core.errors import ImageUnreadable, ProjectError
from cascadeclip.core.project import Project


def test_a_row_says_what_the_file_is(world, make_image):
    path = make_image("images/turned.jpg", height=40, width=60, orientation=6)
    row = world.project.images.add(path)
    assert (row.width, row.height, row.orientation) == (40, 60, 6)
    assert row.path == "../images/turned.jpg"
    assert row.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert row.status == "unreviewed"
    assert world.project.images.get(row.id) == row
    assert world.project.images.absolute(row.id) == path


def test_the_same_file_is_one_row_by_whatever_name(world, tmp_path, monkeypatch):
    images = world.project.images
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "images")
    for name in ("images/a.png", "images/../images/a.png", "link/a.png"):
        assert images.add(name) == world.first
    assert images.add(tmp_path / "images" / "a.png") == world.first
    assert images.count() == 2


def test_a_relative_path_may_count_from_the_project(world, make_image):
    make_image("project/inside.png")
    assert world.project.images.add("inside.png").path == "inside.png"


def test_a_project_moves_with_its_images(tmp_path, make_image):
    path = make_image("one/pictures/ä 猫.png")
    with Project.create(tmp_path / "one") as project:
        row = project.images.add(path)
        assert row.path == "pictures/ä 猫.png"
    shutil.move(tmp_path / "one", tmp_path / "two")
    with Project.open(tmp_path / "two") as project:
        assert project.images.absolute(row.id).is_file()


def test_a_project_opened_through_a_link_finds_its_images(tmp_path, make_image):
    path = make_image("images/a.png")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "short").symlink_to(tmp_path / "deep" / "er")
    with Project.create(tmp_path / "short" / "project") as project:
        row = project.images.add(path)
        assert project.images.absolute(row.id) == path
    with Project.open(tmp_path / "deep" / "er" / "project") as project:
        assert project.images.absolute(row.id).is_file()
        assert project.images.add(path) == row


def test_add_many_reports_what_cannot_be_read_and_goes_on(world, tmp_path, make_image):
    (tmp_path / "broken.png").write_bytes(b"no image")
    unreadable = os.fsdecode(b"bad\xff.png")
    shutil.copy(tmp_path / "images" / "a.png", tmp_path / unreadable)
    names = ["images/a.png", "broken.png", "images/c.png", "gone.png", unreadable, "images/d.png"]
    make_image("images/c.png")
    make_image("images/d.png")
    steps = []
    result = world.project.images.add_many(
        [tmp_path / name for name in names],
        progress=lambda done, total: steps.append((done, total)),
    )
    assert [row.path for row in result.added] == ["../images/c.png", "../images/d.png"]
    assert result.known == (world.first,)
    assert [name for name, _ in result.failed] == [
        str(tmp_path / "broken.png"),
        str(tmp_path / "gone.png"),
        str(tmp_path / "bad\\udcff.png"),
    ]
    assert all("cannot be" in sentence for _, sentence in result.failed)
    assert steps == [(n, 6) for n in range(1, 7)]


def test_add_many_keeps_what_was_done_when_stopped(world, make_image):
    paths = [make_image(f"images/{n}.png") for n in range(6)]
    asked = []

    def stopped():
        asked.append(1)
        return len(asked) > 4

    result = world.project.images.add_many(paths, stopped=stopped)
    assert len(result.added) == 4
    assert world.reopen().images.count() == 6


def test_add_refuses_what_is_no_image(world, tmp_path):
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(ImageUnreadable, match="text.png cannot be opened"):
        world.project.images.add(tmp_path / "text.png")
    with pytest.raises(ProjectError, match="no image number 99"):
        world.project.images.get(99)


def test_pages_filter_and_search(world, make_image):
    images = world.project.images
    for name in ("Cat_1.png", "cat-2.png", "cat%.png"):
        images.add(make_image(f"images/{name}"))
    images.set_status(world.second.id, "reviewed")
    names = lambda **by: [row.path.split("/")[-1] for row in images.page(**by)]  # noqa: E731
    assert names() == ["a.png", "b.png", "Cat_1.png", "cat-2.png", "cat%.png"]
    assert names(offset=1, limit=2) == ["b.png", "Cat_1.png"]
    assert names(status="reviewed") == ["b.png"]
    assert names(search="cat") == ["Cat_1.png", "cat-2.png", "cat%.png"]
    assert names(search="t_1") == ["Cat_1.png"]
    assert names(search="t%") == ["cat%.png"]
    assert names(search="cat", status="reviewed") == []
    assert (images.count(), images.count(status="unreviewed")) == (5, 4)
    with pytest.raises(ProjectError, match='not "done"'):
        images.page(status="done")


def test_status_can_be_undone(world):
    project, image = world.project, world.first
    assert project.images.set_status(image.id, "reviewed").status == "reviewed"
    project.images.set_status(image.id, "reviewed")
    assert project.undo(image.id) == "mark reviewed"
    assert project.images.get(image.id).status == "unreviewed"
    assert not project.can_undo(image.id)
    assert project.redo(image.id) == "mark reviewed"
    assert project.images.get(image.id).status == "reviewed"


def test_pages_of_a_hundred_thousand_images_come_from_an_index(world):
    store = world.project._store
    with store.transaction():
        store.run(
            """WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO images (path, width, height, orientation, digest, status, added)
            SELECT '../images/folder/image ' || i || '.jpg', 640, 480, 1, hex(randomblob(32)),
                CASE i % 3 WHEN 0 THEN 'reviewed' ELSE 'unreviewed' END, '' FROM n"""
        )
    images = world.project.images
    for by in ({}, {"status": "reviewed"}, {"offset": 33_000, "status": "reviewed"},
               {"offset": 99_000}):  # fmt: skip
        assert len(images.page(**by)) == 200
    plan = store.rows("EXPLAIN QUERY PLAN SELECT id FROM images WHERE status = 'x' ORDER BY id")
    assert "COVERING INDEX images_by_status" in plan[0]["detail"]
    assert images.count() == images.count(status="reviewed") + images.count(status="unreviewed")
    assert images.count() > 99_000


def test_of_several_pages_the_first_is_used_and_said(world, tmp_path):
    pages = [Image.new("RGB", size) for size in ((4, 3), (9, 9))]
    pages[0].save(tmp_path / "many.tif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "one.tif")
    result = world.project.images.add_many([tmp_path / "many.tif", tmp_path / "one.tif"])
    assert [(row.width, row.height) for row in result.added] == [(4, 3), (4, 3)]
    assert result.notes == (
        (str(tmp_path / "many.tif"), "many.tif has several pages; the first one is used."),
    )
    assert world.project.images.add_many([tmp_path / "many.tif"]).notes == ()
