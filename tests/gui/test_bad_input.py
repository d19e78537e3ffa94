"""What a person can do wrong: one sentence each, and the rest goes on."""

import shutil
import sqlite3

import pytest

from cascadeclip.app.main import main
from cascadeclip.app.window.actions import ACTIONS
from cascadeclip.core.project import Project, lock


def test_a_broken_image_says_one_sentence_and_the_others_work(bare, folder, wait):
    (folder / "broken.png").write_bytes(b"\x89PNG no")
    bare.library.open(folder)
    wait()
    assert bare.window.toast.text.startswith("broken.png cannot be opened")
    assert bare.window.images.model.rowCount() == 3
    assert bare.state.image is not None


def test_an_image_that_breaks_later_is_said_on_the_canvas(gui, folder, wait):
    (folder / "image1.png").write_bytes(b"nothing")
    gui.images.open(1)
    wait()
    canvas, view = gui.window.canvas, gui.window.images.model
    assert canvas.message.startswith("image1.png cannot be opened")
    assert canvas.size_of_image is None
    assert view.data(view.index(1, 0), 3).endswith("cannot be opened")
    gui.images.step(forward=True)
    wait()
    assert gui.state.image.path == "image2.png"
    assert len(gui.state.suggestions) == 2


def test_a_folder_without_images_is_refused(bare, tmp_path, wait, refusals, asking):
    empty = tmp_path / "empty"
    empty.mkdir()
    asking.answers = [empty]
    bare.window.actions_table.by_name["open_folder"].trigger()
    wait()
    assert refusals == [f"There are no images in {empty}: choose a folder that holds some."]
    assert bare.state.project is None
    assert list(empty.iterdir()) == []


def test_what_is_no_project_is_refused(bare, folder, wait, refusals, asking):
    asking.answers = [folder]
    bare.window.actions_table.by_name["open_project"].trigger()
    wait()
    assert "is not a project" in refusals[0]
    assert not (folder / "project.db").exists()


def test_a_folder_that_cannot_be_written_is_refused(bare, folder, wait, refusals, monkeypatch):
    def create(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(Project, "create", create)
    bare.library.open(folder)
    wait()
    assert refusals == [
        f"Writing to {folder} is not allowed: choose another folder or change its rights."
    ]


def make_newer(folder):
    Project.create(folder).close()
    with sqlite3.connect(folder / "project.db") as db:
        db.execute("PRAGMA user_version = 9999")
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if "migrations" in tables:
            db.execute("UPDATE migrations SET version = 9999 WHERE version = 1")
    db.close()


def test_an_empty_word_is_said_and_nothing_is_kept(gui, wait):
    assert not gui.words.keep(" , ,")
    wait()
    assert "empty" in gui.window.toast.text
    assert len(gui.window.words.chips) == 2


def test_no_model_leaves_drawing_and_export(bare, folder, wait, monkeypatch, asking, tmp_path):
    import cascadeclip.core.engine as engines
    from cascadeclip.core.errors import CheckpointError

    def missing(*_, **__):
        raise CheckpointError("The bundled mini model is missing.")

    monkeypatch.setattr(engines, "open_engine", missing)
    bare.library.open(folder)
    wait()
    bare.words.keep("red")
    wait()
    assert bare.window.banner.text == "The bundled mini model is missing."
    assert bare.window.status.engine.text() == "No model"
    asking.answers = [tmp_path / "out.json"]
    bare.window.actions_table.by_name["export_coco"].trigger()
    wait()
    assert (tmp_path / "out.json").is_file()
    assert bare.window.toast.text.startswith("Exported 0 masks on 3 images")


def test_an_export_that_cannot_be_written_is_refused(gui, wait, asking, tmp_path, refusals):
    (tmp_path / "file").touch()
    asking.answers = [tmp_path / "file" / "out.json"]
    gui.batch.export_coco()
    wait()
    assert len(refusals) == 1


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "newer"])
def test_bad_places_on_the_command_line_are_one_sentence_and_code_2(tmp_path, capsys, kind):
    place = tmp_path / kind
    if kind == "file":
        place.touch()
    elif kind == "empty":
        place.mkdir()
    elif kind == "newer":
        place.mkdir()
        make_newer(place)
    assert main([str(place)]) == 2
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert said.endswith(".")
    assert str(place) in said or "newer" in said


def test_a_project_another_program_has_is_shown_and_not_changed(
    bare, folder, wait, refusals, monkeypatch
):
    with Project.create(folder) as project:
        project.settings.set("window.images_folder", ".")
        project.images.add(folder / "image0.png")
        project.classes.add("red")
    holder = lock.Holder(7, "elsewhere", "2026-01-02T03:04:05+00:00")
    with monkeypatch.context() as patch:
        patch.setattr(lock, "take", lambda path: holder)
        bare.library.open(folder)
        wait()
    assert refusals == []
    assert "(process 7 on elsewhere, since 2026-01-02 03:04:05 UTC)" in bare.window.banner.text
    assert bare.window.images.model.rowCount() == 1  # the other files are not added
    assert bare.state.suggestions != ()
    assert bare.window.toast.text == ""
    bare.images.toggle_reviewed()
    wait()
    assert "process 7" in bare.window.toast.text
    assert not bare.state.project.suggestions.count()


@pytest.fixture
def read_only(bare, folder, wait, monkeypatch):
    """The window on a project of one image and the word red that another program has."""
    with Project.create(folder) as project:
        project.images.add(folder / "image0.png")
        project.classes.add("red")
    holder = lock.Holder(7, "elsewhere", "2026-01-02T03:04:05+00:00")
    with monkeypatch.context() as patch:
        patch.setattr(lock, "take", lambda path: holder)
        bare.library.open(folder)
        wait()
    return bare


def test_what_edits_is_disabled_with_the_reason_while_looking_goes_on(read_only):
    actions = read_only.window.actions_table.by_name
    for row in ACTIONS:
        if row.edits:
            assert not actions[row.name].isEnabled(), row.name
            assert "process 7" in actions[row.name].toolTip(), row.name
            assert "process 7" in actions[row.name].statusTip(), row.name
    for name in ("next", "zoom_in", "suggest", "export_coco", "open_folder", "type_word"):
        assert actions[name].isEnabled(), name
    assert read_only.window.status.saved.text() == "read only"
    assert "process 7" in read_only.window.status.saved.toolTip()
    assert not read_only.window.suggestions.button.isEnabled()
    assert "process 7" in read_only.window.suggestions.button.toolTip()


def test_nothing_changes_on_the_screen_of_a_project_that_is_only_read(read_only, wait):
    gui = read_only
    (before,) = gui.state.suggestions
    said = []
    gui.window.toast.say = lambda text, **_: said.append(text)
    gui.review._messages = gui.words._messages = gui.window.toast
    gui.window.canvas.picked.emit(before)
    gui.review.reject(before)
    gui.review.accept_all()
    gui.review.undo()
    gui.words.keep("green")
    gui.words.remove(gui.state.words[0].id)
    gui.words.choose_templates(("the {}",))
    wait()
    assert len(said) == 7
    assert all("process 7" in text for text in said)
    assert gui.state.suggestions == (before,)
    assert gui.state.annotations == ()
    assert [word.name for word in gui.state.words] == ["red"]


def test_the_next_project_can_be_changed_again(read_only, wait, folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "image0.png", other)
    read_only.library.open(other)
    wait()
    actions = read_only.window.actions_table.by_name
    assert actions["reviewed"].isEnabled()
    assert actions["reviewed"].statusTip() == ""
    assert actions["brush"].toolTip() == "Brush (B)"
    assert read_only.window.status.saved.text() == "saved"


def test_images_that_are_gone_or_changed_are_said_on_opening(bare, folder, wait):
    with Project.create(folder) as project:
        for number in range(3):
            project.images.add(folder / f"image{number}.png")
    (folder / "image1.png").rename(folder / "other.png")
    (folder / "image2.png").write_bytes((folder / "image0.png").read_bytes())
    bare.library.open(folder)
    wait()
    assert bare.window.toast.text == (
        "1 image is not where it was and 1 image is no longer the file the masks were made on;"
        f" see: cascadeclip check {folder}"
    )
