"""An image is found when it is opened, wherever its file went, and a changed one is said."""

import os
import shutil

import pytest
from PIL import Image

from cascadeclip.core.errors import ImageUnreadable, ProjectError
from cascadeclip.core.project import Project, finding
from cascadeclip.core.project.finding import find


@pytest.fixture
def shots(world, tmp_path):
    """The folder of the images; each has pixels of its own."""
    for row, colour in ((world.first, "red"), (world.second, "blue")):
        Image.new("RGB", (30, 20), colour).save(world.project.images.absolute(row.id))
        assert world.project.images.take_changed(row.id)
    return tmp_path / "images"


def test_a_file_in_its_place_is_not_read(world, shots, monkeypatch):
    monkeypatch.setattr(finding, "digest", lambda file: pytest.fail("read"))
    assert find(world.project, 1) == finding.Found(shots / "a.png")


@pytest.mark.parametrize("place", ["images/new name.png", "images/deep/er/a.png", "project/a.png"])
def test_a_moved_file_is_found_written_down_and_said(world, shots, tmp_path, place, box):
    row = world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    new = tmp_path / place
    new.parent.mkdir(parents=True, exist_ok=True)
    (shots / "a.png").rename(new)
    found = find(world.project, 1)
    assert (found.path, found.said) == (new, f"../images/a.png has moved: it is {new} now.")
    assert world.reopen().images.absolute(1) == new
    assert world.project.annotations.of_image(1) == [row]
    assert find(world.project, 1) == finding.Found(new)


def test_another_image_of_the_project_is_not_taken_for_it(world, shots):
    (shots / "a.png").unlink()
    shutil.copy(shots / "b.png", shots / "c.png")
    with pytest.raises(ImageUnreadable, match=r"^a\.png is not where it was, nor near it; look .*"):
        find(world.project, 1)
    world.project._store.run(
        "UPDATE images SET (digest, size) = (SELECT digest, size FROM images WHERE id = 2)"
    )
    assert find(world.project, 1).path == shots / "c.png"


def test_a_changed_file_is_said_each_time(world, shots):
    Image.new("RGB", (30, 20), "white").save(shots / "a.png")
    for _ in range(2):
        found = find(world.project, 1)
        assert found.path == shots / "a.png"
        assert found.said.startswith("a.png has changed since its masks were made; see: casc")


def test_a_touched_file_is_read_once(world, shots, monkeypatch):
    os.utime(shots / "a.png", (5, 5))
    assert find(world.project, 1).said == ""
    monkeypatch.setattr(finding, "digest", lambda file: pytest.fail("read"))
    assert find(world.project, 1).said == ""


def test_a_project_that_is_only_read_finds_it_too(world, shots):
    (shots / "a.png").rename(shots / "z.png")
    world.project.close()
    with Project.open(world.project.folder, read_only=True) as project:
        for _ in range(2):
            assert find(project, 1).path == shots / "z.png"


def test_the_search_ends(world, shots, monkeypatch):
    (shots / "deep").mkdir()
    (shots / "a.png").rename(shots / "deep" / "a.png")
    (shots / "c.png").write_bytes(b"")
    with pytest.raises(ImageUnreadable):
        find(world.project, 1, stopped=lambda: True)
    for name, value in (("SECONDS", -1), ("FILES", 0)):
        with monkeypatch.context() as patch:
            patch.setattr(finding, name, value)
            with pytest.raises(ImageUnreadable):
                find(world.project, 1)
    assert find(world.project, 1).path == shots / "deep" / "a.png"


def test_no_such_image_is_a_sentence(world):
    with pytest.raises(ProjectError, match="no image number 9"):
        find(world.project, 9)
