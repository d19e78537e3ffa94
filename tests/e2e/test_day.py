"""A day's work in the real main(), with the real model on drawn scenes, by keys and clicks."""

import json
import shutil

import numpy as np
import pytest
from acting import Person, window
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from cascadeclip.app.main import main
from cascadeclip.app.window.dialogs import Asking
from cascadeclip.core.project import Project
from cascadeclip.core.scenes.demo import write_demo

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SCENES = 3
PATIENCE = 2000


def seen():
    top = window()
    return (
        f"{len(top.masks.model.shapes)} masks, {pending()} suggestions, "
        f"{len(top.words.chips)} words, place {top.status.place.text()}, said {top.toast.text!r}"
    )


def work(place, *steps):
    person = Person(*steps, patience=PATIENCE, seen=seen)
    assert main([str(place)]) == 0
    assert person.trouble == ""


def key(which, modifiers=Modifier.NoModifier):
    return lambda: QTest.keyClick(window().canvas, which, modifiers)


def action(name):
    return lambda: window().actions_table.by_name[name].trigger()


def type_words(text):
    def act():
        QTest.keyClick(window(), Key.Key_L, Modifier.ControlModifier)
        field = window().words.field
        assert field.hasFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Key.Key_Return)
        window().canvas.setFocus()

    return act


def stroke(*points):
    def act():
        canvas = window().canvas
        here = canvas.placement

        def at(x, y):
            return QPoint(round(here.x + x * here.scale), round(here.y + y * here.scale))

        left = Qt.MouseButton.LeftButton
        QTest.mousePress(canvas, left, pos=at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, at(*point))
        QTest.mouseRelease(canvas, left, pos=at(*points[-1]))

    return act


def click_suggestion():
    shape = window().suggestions.list.model.shapes[0]
    rows, columns = np.nonzero(shape.cutout.pixels)
    middle = len(rows) // 2
    x, y = shape.cutout.left + columns[middle] + 0.5, shape.cutout.top + rows[middle] + 0.5
    stroke((x, y))()


def masks(count):
    return lambda: len(window().masks.model.shapes) == count


def settled(count):
    """So many masks, all on the image, and what was done can be undone."""

    def ready():
        shown = len(window().canvas.shapes) == count + pending()
        return masks(count)() and shown and window().actions_table.by_name["undo"].isEnabled()

    return ready


def drawn():
    return len(window().canvas.shapes) == pending()


def pending():
    return len(window().suggestions.list.model.shapes)


def said(text):
    return lambda: text in window().toast.text


def sheet(name):
    return window().findChild(QDialog, name)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Draw scenes once for all days."""
    folder = tmp_path_factory.mktemp("scenes") / "demo"
    write_demo(folder, seed=7, count=SCENES)
    return sorted((folder / "images").iterdir())


@pytest.fixture
def folder(tmp_path, scenes, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return copied(scenes, tmp_path / "mine")


def copied(scenes, folder):
    folder.mkdir()
    for scene in scenes:
        shutil.copy(scene, folder / scene.name)
    return folder


def counts(folder):
    with Project.open(folder) as project:
        return [len(project.annotations.of_image(row.id)) for row in project.images.page()]


def test_from_words_to_an_export_and_into_another_project(
    qapp, folder, scenes, tmp_path, monkeypatch
):
    out = tmp_path / "out" / "masks.json"
    monkeypatch.setattr(Asking, "new_file", lambda *_: out)
    out.parent.mkdir()
    work(
        folder,
        (lambda: window().canvas.size_of_image is not None, type_words("sky, car, dog, tv")),
        (lambda: len(window().words.chips) == 4 and pending() >= 4 and drawn(), click_suggestion),
        (settled(1), key(Key.Key_Return)),
        (settled(2), key(Key.Key_Z, Modifier.ControlModifier)),
        (settled(1), key(Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)),
        (settled(2), key(Key.Key_Escape)),
        (settled(2), key(Key.Key_B)),
        (settled(2), stroke((20, 200), (120, 230))),
        (settled(3), key(Key.Key_Z, Modifier.ControlModifier)),
        (settled(2), key(Key.Key_Y, Modifier.ControlModifier)),
        (settled(3), key(Key.Key_K)),
        (said("Marked as reviewed"), key(Key.Key_D)),
        (lambda: window().status.place.text() == f"2/{SCENES}", lambda: None),
        (lambda: masks(0)() and pending() >= 1, key(Key.Key_Return, Modifier.ShiftModifier)),
        (said("Accepted"), lambda: None),
    )
    before = counts(folder)
    assert before[0] == 3
    assert before[1] >= 1
    work(
        folder,
        (masks(3), lambda: None),
        (lambda: len(window().words.chips) == 4, action("export_coco")),
        (out.exists, lambda: None),
    )
    written = json.loads(out.read_text())
    assert len(written["annotations"]) == sum(before)
    elsewhere = copied(scenes, tmp_path / "theirs")

    def choose():
        dialog = sheet("import_dialog")
        dialog.path.setText(str(out))
        dialog.look.click()

    work(
        elsewhere,
        (lambda: window().canvas.size_of_image is not None, action("import")),
        (lambda: sheet("import_dialog"), choose),
        (
            lambda: sheet("import_dialog").bring_in.isEnabled(),
            lambda: sheet("import_dialog").bring_in.click(),
        ),
        (masks(3), lambda: None),
        (lambda: len(window().words.chips) == 4, lambda: None),
    )
    assert counts(elsewhere) == before
    with Project.open(folder) as mine, Project.open(elsewhere) as theirs:
        for one, other in zip(mine.images.page(), theirs.images.page(), strict=True):
            first = {row.rle for row in mine.annotations.of_image(one.id)}
            assert first == {row.rle for row in theirs.annotations.of_image(other.id)}


def test_a_batch_is_started_cancelled_and_resumed(qapp, folder):
    for number in range(12):
        shutil.copy(folder / "scene-0001.png", folder / f"more-{number:02}.png")
    total = 12 + SCENES

    def done():
        with Project.open(folder, read_only=True) as project:
            marked = [project.suggestions.of_image(row.id) for row in project.images.page()]
        return sum(bool(rows) for rows in marked)

    work(
        folder,
        (lambda: window().canvas.size_of_image is not None, type_words("sky, car, dog, tv")),
        (lambda: len(window().words.chips) == 4 and pending() >= 1, action("prelabel")),
        (lambda: done() >= 3, lambda: window().status.tasks.line.cancel_button.click()),
        (said("stopped"), lambda: None),
    )
    half = done()
    assert 3 <= half < total
    work(
        folder,
        (lambda: pending() >= 1, action("prelabel")),
        (lambda: done() == total, lambda: None),
    )
    assert done() == total
