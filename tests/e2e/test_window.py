"""The real main(), driven as a person would: open, type, accept, draw, export, close, reopen."""

import json
import subprocess
import sys

import numpy as np
import pytest
from acting import Person, window
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.main import main
from cascadeclip.app.window.assembly import Assembly
from cascadeclip.app.window.dialogs import Asking
from cascadeclip.core.images import open_image
from cascadeclip.core.project import Project

HEIGHT, WIDTH = 80, 120


def image_point(x, y):
    here = window().canvas.placement
    return QPoint(round(here.x + x * here.scale), round(here.y + y * here.scale))


def stroke(*points):
    canvas = window().canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=image_point(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, image_point(*point))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=image_point(*points[-1]))


def key(which, modifiers=Qt.KeyboardModifier.NoModifier):
    return lambda: QTest.keyClick(window().canvas, which, modifiers)


def type_words(text):
    def act():
        field = window().words.field
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    return act


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "images"
    folder.mkdir()
    rng = np.random.default_rng(4)
    rgb = rng.integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    Image.fromarray(rgb).save(folder / "plain.png")
    turned = Image.fromarray(np.rot90(rgb).copy())
    exif = turned.getexif()
    exif[274] = 6
    turned.save(folder / "turned.jpg", exif=exif)
    return folder


@pytest.fixture
def out(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    monkeypatch.setattr(Asking, "new_file", lambda *_: path)
    return path


def test_a_folder_is_opened_typed_drawn_exported_and_reopened(qapp, folder, out):
    def shown():
        return window().canvas.size_of_image is not None

    def drawn(count):
        return lambda: len(window().masks.model.shapes) == count

    person = Person(
        (shown, type_words("cat | kitten, dog")),
        (lambda: len(window().words.chips) == 2, key(Qt.Key.Key_B)),
        (lambda: True, lambda: stroke((20, 20), (60, 50))),
        (drawn(1), key(Qt.Key.Key_Escape)),
        (drawn(1), key(Qt.Key.Key_1)),
        (drawn(1), lambda: stroke((90, 10), (110, 70))),
        (drawn(2), key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)),
        (drawn(1), key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)),
        (drawn(2), key(Qt.Key.Key_K)),
        (lambda: "reviewed" in window().toast.text, key(Qt.Key.Key_D)),
        (lambda: window().status.place.text() == "2/2", lambda: None),
        (drawn(0), lambda: stroke((10, 60), (70, 60))),
        (drawn(1), lambda: window().actions_table.by_name["export_coco"].trigger()),
        (out.exists, lambda: None),
    )
    assert main([str(folder)]) == 0
    assert person.trouble == ""
    exported = json.loads(out.read_text())
    with Project.open(folder) as project:
        rows = project.images.page()
        assert [(row.path, row.status) for row in rows] == [
            ("plain.png", "reviewed"),
            ("turned.jpg", "unreviewed"),
        ]
        counts = []
        for row in rows:
            height, width = open_image(project.images.absolute(row.id)).shape[:2]
            assert (row.height, row.width) == (height, width)
            for annotation in project.annotations.of_image(row.id):
                assert project.annotations.mask(annotation.id).shape == (height, width)
            counts.append(len(project.annotations.of_image(row.id)))
    assert counts == [2, 1]
    assert len(exported["annotations"]) == 3


def test_what_was_left_is_there_again(qapp, folder, out):
    first = Person(
        (lambda: window().canvas.size_of_image is not None, type_words("cat")),
        (lambda: len(window().words.chips) == 1, key(Qt.Key.Key_B)),
        (lambda: True, lambda: stroke((20, 20), (60, 50))),
        # The window closes in the same breath: the stroke must reach the disk all the same.
    )
    assert main([str(folder)]) == 0
    assert first.trouble == ""
    second = Person(
        (
            lambda: len(window().masks.model.shapes) == 1,
            key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
        ),
        (lambda: len(window().masks.model.shapes) == 0, lambda: None),
    )
    assert main([str(folder)]) == 0
    assert second.trouble == ""


def test_the_demo_is_drawn_and_opened(qapp, folder, monkeypatch):
    from cascadeclip.core.scenes import demo

    def write_demo(place, *, seed, count, progress, stopped):
        with Project.create(place) as project:
            project.classes.add("cat")
            project.images.add(folder / "plain.png")
            progress(1, 1)

    monkeypatch.setattr(demo, "write_demo", write_demo)
    person = Person((lambda: len(window().words.chips) == 1, lambda: None))
    assert main(["--demo"]) == 0
    assert person.trouble == ""


def test_the_threads_are_gone_after_the_window(qapp, folder):
    import threading

    person = Person((lambda: window().canvas.size_of_image is not None, lambda: None))
    assert main([str(folder)]) == 0
    assert person.trouble == ""
    lanes = ("database", "inference", "work", "training")
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith(lanes)] == []


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_questions_about_the_program_need_no_screen(arguments):
    command = [sys.executable, "-m", "cascadeclip.app", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0
    assert answer.stdout.strip()
    assert answer.stderr == ""


def test_a_bad_place_ends_with_code_2(tmp_path):
    command = [sys.executable, "-m", "cascadeclip.app", str(tmp_path / "nowhere")]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 2
    assert answer.stderr.strip().count("\n") == 0
    assert "nowhere" in answer.stderr


def test_the_window_can_be_built_twice_in_one_process(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for _ in range(2):
        assembly = Assembly(version="0")
        assembly.window.show()
        assembly.window.close()
        assert assembly.jobs.idle()
