"""A small project: two images and two words."""

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.project import ClassRow, ImageRow, Project
from cascadeclip.core.values import Suggestion

HEIGHT, WIDTH = 20, 30


@dataclass
class World:
    project: Project
    first: ImageRow
    second: ImageRow
    cat: ClassRow
    dog: ClassRow

    def reopen(self):
        self.project.close()
        self.project = Project.open(self.project.folder)
        return self.project

    def state(self, image_id):
        """Everything a person sees of one image."""
        project = self.project
        return (
            project.annotations.of_image(image_id),
            project.suggestions.of_image(image_id, status=None),
            project.images.get(image_id).status,
        )


@pytest.fixture(autouse=True)
def _account(monkeypatch):
    """Whatever the account is called: here it is ann's."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "ann")


@pytest.fixture
def make_image(tmp_path):
    def make(name, *, height=HEIGHT, width=WIDTH, orientation=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (width, height), "green")
        exif = image.getexif()
        if orientation:
            exif[0x0112] = orientation
        image.save(path, exif=exif)
        return path

    return make


@pytest.fixture
def world(tmp_path, make_image):
    project = Project.create(tmp_path / "project")
    made = World(
        project,
        project.images.add(make_image("images/a.png")),
        project.images.add(make_image("images/b.png")),
        project.classes.add("cat"),
        project.classes.add("dog"),
    )
    yield made
    made.project.close()


def box(top, left, bottom, right, *, height=HEIGHT, width=WIDTH):
    mask = np.zeros((height, width), bool)
    mask[top:bottom, left:right] = True
    return mask


@pytest.fixture(name="box")
def box_maker():
    return box


@pytest.fixture
def proposal():
    def make(class_id, *corners, score=0.75):
        rle = masks.encode(box(*(corners or (2, 3, 8, 9))))
        return Suggestion(class_id, rle, score, 0.5, ("cat", "kitten"), ("a {}.",))

    return make
