"""Images that moved are found by digest, changed ones are noticed, and neither silently."""

import os
import shutil

import pytest
from PIL import Image

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import files, opening


@pytest.fixture
def shots(tmp_path):
    """The folder of the images; each has pixels of its own."""
    for name, colour in (("a", "red"), ("b", "blue")):
        Image.new("RGB", (30, 20), colour).save(tmp_path / "images" / f"{name}.png")
    return tmp_path / "images"


@pytest.fixture
def world(world, shots):
    """The world with images that differ, so that their digests do."""
    for row in (world.first, world.second):
        assert world.project.images.take_changed(row.id)
    return world


def reports(world, **options):
    report = files.look(world.project, **options)
    return (
        [row.id for row in report.fine],
        [row.id for row in report.changed],
        [(row.id, file) for row, file in report.moved],
        [row.id for row in report.missing],
    )


def test_all_is_well(world):
    seen = []
    report = files.look(world.project, progress=lambda *step: seen.append(step))
    assert report.well
    assert not report.touched
    assert seen == [(1, 2), (2, 2)]
    assert files.sentence(report, world.project.folder) == ""


def test_unchanged_files_are_not_read(world, monkeypatch):
    monkeypatch.setattr(files, "digest", lambda file: pytest.fail("read"))
    assert files.look(world.project).well
    os.utime(world.project.images.absolute(1))
    with pytest.raises(pytest.fail.Exception):
        files.look(world.project)


def test_a_renamed_and_a_moved_image_are_found(world, shots, box):
    mask = world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    (shots / "deep" / "er").mkdir(parents=True)
    new = [shots / "renamed.png", shots / "deep" / "er" / "b.png"]
    (shots / "a.png").rename(new[0])
    (shots / "b.png").rename(new[1])
    assert reports(world, quick=True) == ([], [], [], [1, 2])
    assert reports(world) == ([], [], [(1, new[0]), (2, new[1])], [])
    report = files.look(world.project)
    assert world.project.images.absolute(1) == shots / "a.png"  # nothing was done by looking
    left = files.mend(world.project, report)
    assert left.well
    assert world.project.images.absolute(1) == new[0]
    assert world.project.images.get(2).path == "../images/deep/er/b.png"
    assert world.project.annotations.of_image(1) == [mask]
    assert reports(world) == ([1, 2], [], [], [])
    assert files.look(world.project, thorough=True).well


def test_a_folder_elsewhere_is_searched_when_it_is_named(world, shots, tmp_path):
    far = tmp_path / "far" / "away"
    shutil.copytree(shots, far)
    shutil.rmtree(shots)
    assert reports(world) == ([], [], [], [1, 2])
    assert reports(world, search=[tmp_path / "far"]) == (
        [], [], [(1, far / "a.png"), (2, far / "b.png")], []
    )  # fmt: skip


def test_images_that_look_alike_go_by_their_names(world, shots):
    for name in ("0", "b"):
        shutil.copy(shots / "a.png", shots / f"{name}.png")
    third = world.project.images.add(shots / "0.png")
    assert world.project.images.take_changed(2)
    (shots / "new").mkdir()
    for name in ("a", "b", "0"):
        (shots / f"{name}.png").rename(shots / "new" / f"{name}.png")
    assert reports(world)[2] == [
        (1, shots / "new" / "a.png"), (2, shots / "new" / "b.png"),
        (third.id, shots / "new" / "0.png"),
    ]  # fmt: skip


def test_another_image_of_the_project_is_not_taken_for_it(world, shots):
    shutil.copy(shots / "a.png", shots / "b.png")
    world.project.images.take_changed(2)
    (shots / "a.png").unlink()
    assert reports(world) == ([2], [], [], [1])
    with pytest.raises(ProjectError, match="is another image of this project already"):
        world.project.images.relink(1, shots / "b.png")


def test_a_changed_image_is_noticed_and_said(world, shots):
    stat = (shots / "a.png").stat()
    data = bytearray((shots / "a.png").read_bytes())
    data[-20] ^= 1
    (shots / "a.png").write_bytes(data)
    assert reports(world) == ([2], [1], [], [])
    assert reports(world, quick=True) == ([2], [1], [], [])
    report = files.look(world.project)
    assert files.sentence(report, world.project.folder) == (
        "1 image is no longer the file the masks were made on;"
        f" see: cascadeclip check {world.project.folder}"
    )
    assert files.mend(world.project, report).changed == report.changed
    # Put back to its old time it passes a glance, not a thorough look.
    os.utime(shots / "a.png", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert reports(world) == ([1, 2], [], [], [])
    assert reports(world, thorough=True) == ([2], [1], [], [])


def test_a_changed_image_is_taken_on_only_when_masks_still_fit(world, shots):
    Image.new("RGB", (30, 20), "white").save(shots / "a.png")
    Image.new("RGB", (31, 20), "white").save(shots / "b.png")
    report = files.look(world.project)
    assert [row.id for row in report.changed] == [1, 2]
    left = files.mend(world.project, report, take_changed=True)
    assert [row.id for row in left.changed] == [2]
    assert reports(world) == ([1], [2], [], [])
    (shots / "b.png").write_bytes(b"no image")
    report = files.look(world.project)
    assert files.mend(world.project, report, take_changed=True).changed == report.changed


def test_what_was_only_touched_is_remembered(world, shots):
    os.utime(shots / "a.png", (5, 5))
    report = files.look(world.project)
    assert [row.id for row in report.touched] == [1]
    assert report.well
    files.mend(world.project, report)
    assert files.look(world.project).touched == ()


def test_a_file_nothing_is_known_of_is_read_and_then_known(world, shots):
    world.project._store.run("UPDATE images SET size = NULL, modified = NULL WHERE id = 1")
    (shots / "b.png").write_bytes(b"")
    assert reports(world, quick=True) == ([1], [2], [], [])
    (shots / "a.png").rename(shots / "z.png")
    assert reports(world)[2] == [(1, shots / "z.png")]
    (shots / "z.png").rename(shots / "a.png")
    report = files.look(world.project)
    files.mend(world.project, report)
    assert world.project.images.sizes([1]) == {(shots / "a.png").stat().st_size}


def test_looking_can_be_stopped(world, shots):
    (shots / "b.png").unlink()
    asked = []

    def stopped():
        asked.append(1)
        return len(asked) > 1

    assert reports(world, stopped=stopped) == ([1], [], [], [])


def test_the_sentence_counts(world, shots):
    for name in ("a", "b"):
        (shots / f"{name}.png").unlink()
    text = files.sentence(files.look(world.project), world.project.folder)
    assert text.startswith("2 images are not where they were; see: cascadeclip check ")


def test_relinking_is_refused_when_the_project_can_only_be_read(world, shots):
    (shots / "a.png").rename(shots / "z.png")
    report = files.look(world.project)
    world.project.close()
    store = opening.open_store(world.project.folder, read_only=True)
    world.project.images._store = store
    with pytest.raises(ProjectError, match="opened to be read only"):
        files.mend(world.project, report)
    store.close()
