"""Masks out and in through the window: chosen, looked at, done in the background, taken back."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from cascadeclip.app.presenters.exchange import ImportWish
from cascadeclip.app.window import export_dialog, import_dialog
from cascadeclip.core.formats import PROFILES, export
from cascadeclip.core.formats.importing import CROWDS, POLICIES, READERS
from cascadeclip.core.project import Project


def mask(left=3):
    made = np.zeros((64, 96), bool)
    made[5:20, left : left + 20] = True
    return made


@pytest.fixture
def filled(gui, wait):
    project = gui.state.project
    for image in project.images.page()[:2]:
        project.annotations.add(image.id, gui.state.words[0].id, mask())
    return gui


def trigger(gui, name):
    gui.window.actions_table.by_name[name].trigger()


def dialog(gui, name):
    return gui.window.findChild(QDialog, name)


def said(gui):
    return gui.window.toast.text.text() if hasattr(gui.window.toast, "text") else ""


def choose(combo, value):
    combo.setCurrentIndex(combo.findData(value))


def test_the_lists_are_those_of_the_formats():
    assert [kind for kind, _ in export_dialog.KINDS] == list(PROFILES)
    assert {kind for kind, _ in import_dialog.KINDS} == set(READERS)
    assert tuple(kind for kind, _ in import_dialog.POLICIES) == POLICIES
    assert tuple(kind for kind, _ in import_dialog.CROWDS) == CROWDS
    suggesting = {kind for kind, one in PROFILES.items() if one.suggestions}
    assert set(export_dialog._COCO) == suggesting


def test_an_export_with_options(filled, wait, asking, tmp_path):
    project = filled.state.project
    project.images.set_status(project.images.page()[0].id, "reviewed")
    trigger(filled, "export")
    shown = dialog(filled, "export_dialog")
    assert not shown.export.isEnabled()
    assert "Choose where" in shown.trouble.text()
    choose(shown.kind, "semantic")
    assert not shown.suggestions.isEnabled()
    asking.answers.append(tmp_path / "labels")
    shown.browse.click()
    shown.reviewed.setChecked(True)
    shown.split.setText("train=0.5")
    assert "add up to 1" in shown.trouble.text()
    shown.split.setText("")
    shown.export.click()
    wait()
    assert len(list((tmp_path / "labels/labels").rglob("*.png"))) == 1
    assert dialog(filled, "export_dialog") is None or not shown.isVisible()


def test_the_order_of_words_and_those_without_objects(filled, wait, tmp_path, refusals):
    names = [word.name for word in filled.state.words if not word.negative]
    trigger(filled, "export")
    shown = dialog(filled, "export_dialog")
    assert not shown.stuff.isEnabled()
    choose(shown.kind, "coco-panoptic")
    shown.out.setText(str(tmp_path / "out"))
    shown.words.setText(f"{names[-1]},")
    shown.stuff.setText(f" {names[0]} , {names[-1]}")
    shown.export.click()
    wait()
    written = json.loads((tmp_path / "out/annotations/panoptic.json").read_text())
    found = [(one["name"], one["isthing"]) for one in written["categories"]]
    assert found[0] == (names[-1], 0)
    assert [name for name, thing in found if not thing] == [names[-1], names[0]]
    trigger(filled, "export")
    shown = filled.window.findChildren(QDialog, "export_dialog")[-1]
    shown.out.setText(str(tmp_path / "o.json"))
    shown.words.setText("nonsense")
    shown.export.click()
    wait()
    assert '"nonsense" is no word' in str(refusals[0])


def test_one_file_or_a_folder_is_asked_for(filled, asking, tmp_path):
    trigger(filled, "export")
    shown = dialog(filled, "export_dialog")
    assert shown.one_file
    choose(shown.images, "copy")
    assert not shown.one_file
    choose(shown.images, "")
    shown.split.setText("train=0.5, val=0.5")
    assert not shown.one_file
    asking.answers.append(None)
    shown.browse.click()
    assert shown.out.text() == ""
    shown.reject()


def test_an_export_that_fails_is_one_sentence(filled, wait, tmp_path, refusals):
    (tmp_path / "there").write_text("a file")
    trigger(filled, "export")
    shown = dialog(filled, "export_dialog")
    choose(shown.kind, "voc")
    shown.out.setText(str(tmp_path / "there"))
    shown.export.click()
    wait()
    assert len(refusals) == 1
    assert "is a file" in str(refusals[0])


@pytest.fixture
def theirs(filled, tmp_path):
    """A COCO file with another mask, a new word, and an image that is not here."""
    out = tmp_path / "theirs.json"
    export(filled.state.project, out, "coco")
    data = json.loads(out.read_text())
    data["categories"].append({"id": 9, "name": "hat", "supercategory": "object"})
    data["images"].append({"id": 77, "file_name": "nowhere.png", "width": 96, "height": 64})
    ring = [[1, 1, 9, 1, 9, 9, 1, 9]]
    data["annotations"].append(
        {"id": 99, "image_id": 1, "category_id": 9, "segmentation": ring, "iscrowd": 0}
    )
    out.write_text(json.dumps(data))
    return out


def table(shown):
    rows = range(shown.table.rowCount())
    return {shown.table.item(at, 0).text(): shown.table.item(at, 1).text() for at in rows}


def test_an_import_is_looked_at_done_and_taken_back(filled, wait, asking, theirs):
    project = filled.state.project
    trigger(filled, "import")
    shown = dialog(filled, "import_dialog")
    assert not shown.bring_in.isEnabled()
    asking.answers.append(theirs)
    shown.file.click()
    wait()
    seen = table(shown)
    assert seen["Masks to add"] == "1"
    assert seen["New words"] == "1"
    assert seen["Name without an image"] == "nowhere.png"
    assert project.annotations.count() == 2
    choose(shown.policy, "skip")
    assert shown.table.rowCount() == 0
    assert not shown.bring_in.isEnabled()
    shown.look.click()
    wait()
    assert not shown.bring_in.isEnabled()  # both images have masks
    choose(shown.policy, "add")
    shown.look.click()
    wait()
    shown.bring_in.click()
    wait()
    assert project.annotations.count() == 3
    assert [word.name for word in filled.state.words][-1] == "hat"
    trigger(filled, "undo_import")
    wait()
    shown = dialog(filled, "imports_dialog")
    assert [shown.table.item(0, at).text() for at in range(1, 7)] == [
        "theirs.json", "1", "1", "0", "0", "",
    ]  # fmt: skip
    shown.take_back.click()
    wait()
    assert project.annotations.count() == 2


def test_another_import_than_the_newest_is_taken_back_and_edits_are_kept(filled, wait, theirs):
    project = filled.state.project
    for word in ("hat", "shoe"):
        theirs.write_text(theirs.read_text().replace('"hat"', f'"{word}"'))
        filled.features["Formats"].exchange.bring_in(ImportWish(theirs, "coco"))
        wait()
    assert project.annotations.count() == 4
    hat, shoe = project.annotations.of_image(1)[-2:]
    project.annotations.edit(shoe.id, ~project.annotations.mask(shoe.id))
    trigger(filled, "undo_import")
    wait()
    shown = dialog(filled, "imports_dialog")
    shown.table.selectRow(1)
    shown.take_back.click()
    wait()
    assert hat.id not in {row.id for row in project.annotations.of_image(1)}
    assert project.annotations.count() == 3
    trigger(filled, "undo_import")
    wait()
    shown = dialog(filled, "imports_dialog")
    assert shown.table.item(1, 6).text() == "taken back"
    shown.table.selectRow(1)
    assert not shown.take_back.isEnabled()
    shown.table.selectRow(0)
    shown.take_back.click()
    wait()
    assert project.annotations.count() == 3
    assert "1 masks or boxes changed since are kept" in filled.window.toast.text


def test_what_is_no_file_is_one_sentence_and_the_dialog_stays(filled, wait, tmp_path, refusals):
    (tmp_path / "x.json").write_text("nonsense")
    trigger(filled, "import")
    shown = dialog(filled, "import_dialog")
    shown.path.setText(str(tmp_path / "x.json"))
    shown.look.click()
    wait()
    assert "no proper JSON" in str(refusals[0])
    assert shown.isVisible()
    assert not shown.bring_in.isEnabled()
    shown.reject()


def test_closing_the_dialog_stops_the_look(filled, wait, theirs, qtbot):
    trigger(filled, "import")
    shown = dialog(filled, "import_dialog")
    shown.path.setText(str(theirs))
    shown.look.click()
    task = shown._task
    shown.reject()
    assert task.stop.is_set()
    wait()


def test_settings_of_the_project(filled, wait):
    trigger(filled, "project_settings")
    wait()
    shown = dialog(filled, "project_settings")
    assert (shown.author.text(), shown.steps.value()) == ("", 500)
    shown.author.setText("Bo")
    shown.steps.setValue(3)
    shown.keep.click()
    wait()
    project = filled.state.project
    row = project.annotations.add(1, filled.state.words[0].id, mask(40))
    assert row.provenance.author == "Bo"
    assert project.settings.get("journal.kept") == 3


def test_a_copy(filled, wait, asking, tmp_path):
    asking.answers += [None, tmp_path / "copy.db"]
    for _ in range(2):
        trigger(filled, "back_up")
        wait()
    (tmp_path / "other").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "other/project.db")
    with Project.open(tmp_path / "other") as copy:
        assert copy.annotations.count() == 2


def test_a_check_finds_what_moved_and_takes_it_on(filled, wait, folder):
    project = filled.state.project
    (folder / "image1.png").rename(folder / "renamed.png")
    (folder / "image2.png").unlink()
    trigger(filled, "check_project")
    wait()
    shown = dialog(filled, "check_dialog")
    assert "2 masks" in shown.verdict.text()
    assert shown.summary.text() == "1 images as they were, 1 moved, 1 missing."
    assert shown.rows.count() == 2
    assert not shown.take.isVisible()
    assert shown.search.isVisible()
    shown.relink.click()
    wait()
    assert shown.summary.text() == "2 images as they were, 1 missing."
    assert project.images.get(2).path.endswith("renamed.png")
    shown.reject()


def test_a_damaged_database_is_said(filled, wait, monkeypatch):
    monkeypatch.setattr(type(filled.state.project), "integrity", lambda self: "page 3 is wrong")
    trigger(filled, "check_project")
    wait()
    shown = dialog(filled, "check_dialog")
    assert "damaged (page 3 is wrong)" in shown.verdict.text()
    assert not shown.rows.isVisible() or shown.rows.count() == 0
    shown.reject()


def test_names_for_a_reader_of_the_screen(filled):
    trigger(filled, "export")
    shown = dialog(filled, "export_dialog")
    for widget in (shown.kind, shown.out, shown.images, shown.split, shown.area, shown.group):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    shown.reject()
