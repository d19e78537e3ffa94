"""`check` says what is wrong with files and database and mends what it is told to; `backup`."""

import sqlite3
from contextlib import closing

import pytest
from PIL import Image

from cascadeclip.app import cli
from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, lock


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def shots(tmp_path):
    folder = tmp_path / "shots"
    folder.mkdir()
    for name, colour in (("a", "red"), ("b", "blue"), ("c", "green")):
        Image.new("RGB", (9, 6), colour).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def project(tmp_path, shots, run):
    assert run("init", tmp_path / "cats", "--images", shots, "--vocabulary", "cat")[0] == 0
    return tmp_path / "cats"


def test_all_is_well(run, project):
    assert run("check", project) == (
        0, "The database is whole: 0 masks.\n3 images as they were.\n", ""
    )  # fmt: skip


def test_what_moved_and_changed_is_said_and_then_mended(run, project, shots):
    (shots / "a.png").rename(shots / "z.png")
    Image.new("RGB", (9, 6), "white").save(shots / "b.png")
    code, out, error = run("check", project)
    assert code == 2
    assert out.splitlines()[1:] == [
        f"Found: ../shots/a.png is now {shots / 'z.png'}",
        "Changed since it was added: ../shots/b.png",
        "1 image as they were, 1 moved, 1 changed.",
    ]
    assert "--relink" in error
    assert "--take-changed" in error
    code, out, error = run("check", project, "--relink")
    assert (code, error) == (
        2, "Put the old files back, or take the new ones with --take-changed.\n"
    )  # fmt: skip
    assert "Moved: ../shots/a.png" in out
    assert run("check", project, "--take-changed")[0] == 0
    assert run("check", project, "--thorough")[::2] == (0, "")
    with Project.open(project) as opened:
        assert [row.path for row in opened.images.page()][0] == "../shots/z.png"


def test_what_cannot_be_mended_is_said(run, project, shots, tmp_path):
    (shots / "a.png").unlink()
    Image.new("RGB", (9, 7), "white").save(shots / "b.png")
    code, out, error = run("check", project, "--take-changed", "--relink")
    assert code == 2
    assert "Missing: ../shots/a.png" in out
    assert "1 changed image cannot be taken" in error
    assert "--search" in error
    (tmp_path / "far").mkdir()
    Image.new("RGB", (9, 6), "red").save(tmp_path / "far" / "x.png")
    assert "Moved: " in run("check", project, "--relink", "--search", tmp_path / "far")[1]


def test_a_project_another_program_has_can_be_checked(run, project, shots, monkeypatch):
    (shots / "a.png").rename(shots / "z.png")
    monkeypatch.setattr(lock, "take", lambda path: lock.Holder(7))
    assert "Found: " in run("check", project)[1]
    assert run("check", project, "--relink") == (2, "", lock.Holder(7).sentence(project) + "\n")


def spoil(project):
    path = project / "project.db"
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'annotations_by_image'"
        ).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(data)


def test_backup_then_damage_then_recover(run, project):
    code, out, error = run("backup", project)
    assert (code, error) == (0, "")
    copy = next((project / "backups").iterdir())
    assert out.startswith(f"Wrote {copy}, checked: ")
    spoil(project)
    code, out, error = run("check", project)
    assert (code, out) == (2, "")
    assert f"the newest copy is {copy}" in error
    assert len(error.splitlines()) == 1
    code, out, error = run("backup", "--recover", project)
    assert (code, error) == (0, "")
    assert out.startswith("Saved 0 masks, 3 images, 0 suggestions and 1 word in ")
    assert "To go on with it: move " in out
    code, out, error = run("backup", "--recover", project, "--out", "x.db")
    assert code == 2
    assert "leave out --out" in error


def test_damage_that_opening_does_not_see_is_seen_by_check(run, project, monkeypatch):
    from cascadeclip.core.project import opening

    monkeypatch.setattr(opening, "_CHECKED_BYTES", 0)
    spoil(project)
    code, out, error = run("check", project)
    assert (code, out) == (2, "")
    assert "is damaged" in error


@pytest.mark.parametrize("command", ["prelabel", "train"])
def test_commands_that_look_at_images_say_what_is_wrong_first(
    run, project, shots, command, monkeypatch
):
    (shots / "a.png").unlink()
    monkeypatch.setattr("cascadeclip.core.engine.open_engine", _end)
    monkeypatch.setattr("cascadeclip.app.training.TrainingRun", _end)
    code, out, error = run(command, project)
    assert (code, out) == (2, "")
    assert error.splitlines() == [
        f"1 image is not where it was; see: cascadeclip check {project}", "the end"
    ]  # fmt: skip


def _end(*_, **__):
    raise ProjectError("the end")


def test_init_says_that_of_several_pages_the_first_is_used(run, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    page = Image.new("RGB", (9, 6))
    page.save(folder / "a.tif", save_all=True, append_images=[page])
    code, out, error = run("init", tmp_path / "p", "--images", folder, "--vocabulary", "cat")
    assert (code, error) == (0, "a.tif has several pages; the first one is used.\n")
    assert "1 image, 1 word" in out
