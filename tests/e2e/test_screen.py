"""A day's work on a screen of its own: the program started as a person does, driven from outside.

Nothing of the program is reached but by key, mouse and eye; what came of it is read from disk.
"""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings
from screen import Worker, missing, screen

from cascadeclip.app.window import keymap
from cascadeclip.app.window.wiring.program import KEYS
from cascadeclip.core import masks
from cascadeclip.core.project import Project
from cascadeclip.core.scenes.demo import write_demo

SCENES = 2
WORDS = "sky, car, dog, tv"

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def scenes(tmp_path):
    write_demo(tmp_path / "demo", seed=7, count=SCENES)
    return sorted((tmp_path / "demo" / "images").iterdir())


@pytest.fixture
def worker(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with screen() as display:
        worker = Worker(display, home)
        yield worker
        worker.stop()


def copied(scenes, folder):
    folder.mkdir()
    for scene in scenes:
        shutil.copy(scene, folder / scene.name)
    return folder


def stored(folder, at=0):
    """Return the masks of an image and what is suggested there."""
    with Project.open(folder, read_only=True) as project:
        image = project.images.page()[at]
        return project.annotations.of_image(image.id), project.suggestions.of_image(image.id)


def status(folder):
    with Project.open(folder, read_only=True) as project:
        return [row.status for row in project.images.page()]


def test_from_an_opened_folder_to_masks_in_another_project(worker, scenes, tmp_path):
    mine = copied(scenes, tmp_path / "mine")

    def settled(count, at=0):
        worker.until(lambda: len(stored(mine, at)[0]) == count, f"{count} masks")

    worker.start()
    open_folder(worker, mine)
    at_full_size(worker, scenes[0])
    type_words(worker)
    worker.until(lambda: len(stored(mine)[1]) >= 3, "suggestions")
    left, top = peek(worker, scenes[0])
    smallest = min(stored(mine)[1], key=lambda row: masks.decode(row.rle).sum())
    rows, columns = np.nonzero(masks.decode(smallest.rle))
    middle = len(rows) // 2
    worker.click(left + columns[middle], top + rows[middle])
    settled(1)
    assert stored(mine)[0][0].rle == smallest.rle
    worker.key("Return")
    settled(2)
    worker.key("ctrl+z")
    settled(1)
    worker.key("ctrl+shift+z")
    settled(2)
    worker.key("Return", "ctrl+z", "ctrl+z", "ctrl+y")  # in one breath
    settled(2)
    worker.key("Escape", "b")
    worker.drag((left + 20, top + 200), (left + 70, top + 220), (left + 120, top + 230))
    settled(3)
    assert stored(mine)[0][2].provenance.origin == "drawn"
    worker.key("ctrl+z")
    settled(2)
    worker.key("ctrl+y")
    settled(3)
    worker.key("k")
    worker.until(lambda: status(mine)[0] == "reviewed", "a reviewed image")
    leave(worker)
    first = stored(mine)[0]

    worker.start(mine)
    at_full_size(worker, scenes[0])
    worker.key("d")
    at_full_size(worker, scenes[1])
    worker.until(lambda: stored(mine, 1)[1], "suggestions of the second image")
    worker.key("shift+Return")
    worker.until(lambda: stored(mine, 1)[0], "masks of the second image")
    out = tmp_path / "masks.json"
    worker.key("ctrl+e")
    worker.focus("Export")
    worker.type(out)
    worker.key("Return")
    worker.until(out.exists, "an export")
    worker.focus("Cascade-CLIP")
    leave(worker)
    assert stored(mine)[0] == first
    written = [stored(mine, at)[0] for at in range(SCENES)]
    assert len(json.loads(out.read_text())["annotations"]) == sum(map(len, written))

    theirs = copied(scenes, tmp_path / "theirs")
    give_key(worker.home, "import", "F6")
    worker.start(theirs)
    at_full_size(worker, scenes[0])
    worker.key("F6")
    worker.focus("Import")
    worker.type(out)
    worker.key("Return")
    worker.until(lambda: take(worker), "an import")
    worker.until(lambda: len(stored(theirs)[0]) == 3, "what was imported")
    worker.focus("Cascade-CLIP")
    leave(worker)
    for at in range(SCENES):
        assert {row.rle for row in stored(theirs, at)[0]} == {row.rle for row in written[at]}


def open_folder(worker, folder):
    worker.key("ctrl+o")
    worker.focus("folder")
    worker.type(folder)
    worker.key("Return")
    worker.until(lambda: not worker.windows("Open a folder"), "the dialog to go")
    worker.focus("Cascade-CLIP")


def type_words(worker):
    worker.key("ctrl+l")
    worker.type(WORDS)
    worker.key("Return", "Escape")


def at_full_size(worker, scene):
    """Show an image, a pixel of it for a pixel of the screen."""
    wanted = picture(scene)

    def shown():
        worker.key("ctrl+0")
        return worker.find(wanted, least=0.5)

    worker.until(shown, f"{scene.name} at 100 %")


def peek(worker, scene):
    """Return left and top of an image on the screen, where it is seen bare while M is held."""
    wanted, found = picture(scene), []

    def bare():
        found[:] = [worker.find(wanted, least=0.99)]
        return found[0]

    with worker.held("m"):
        worker.until(bare, f"{scene.name} without masks")
    return found[0]


def picture(scene):
    return np.asarray(Image.open(scene).convert("RGB"))


def take(worker):
    """Take what was looked at; until it was, Enter does nothing."""
    if worker.windows("Import"):
        worker.focus("Import")
        worker.key("Return")
    return not worker.windows("Import")


def leave(worker):
    worker.key("ctrl+q")
    assert worker.ended() == (0, "")


def give_key(home, action, key):
    """Let the person have a key of their own, as the dialog keeps it."""
    settings = QSettings(str(home / "cascadeclip" / "window.ini"), QSettings.Format.IniFormat)
    keys = keymap.preset(keymap.LABELME) | {action: (key,)}
    settings.setValue(KEYS, keymap.stored(keymap.LABELME, keys))
    settings.sync()
