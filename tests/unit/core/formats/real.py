"""A real project with images on the disk, for what has to be written and read again."""

from __future__ import annotations

import numpy as np
from PIL import Image

from cascadeclip.core.project import Project

NAMES = ("a.png", "a.jpg", "deeper/Zürich 東京.png", "deeper/b.png")


def shapes(height=20, width=31):
    """Masks with every difficulty: holes, parts, borders, lines, noise."""
    yy, xx = np.mgrid[:height, :width]
    radius = np.hypot(yy - height / 2, xx - width / 2)
    two = np.zeros((height, width), bool)
    two[1:5, 1:6] = two[9:12, 9:15] = True
    line, corner = np.zeros((2, height, width), bool)
    line[3] = True
    corner[-1, -1] = True
    return {
        "donut": (radius < 8) & (radius > 4),
        "two parts": two,
        "line": line,
        "corner": corner,
        "whole": np.ones((height, width), bool),
        "noise": np.random.default_rng(0).random((height, width)) > 0.5,
    }


def make_images(folder, names=NAMES, size=(20, 31)):
    """Write image files of different content."""
    rng = np.random.default_rng(1)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (*size, 3)).astype(np.uint8)).save(folder / name)


def make_project(folder, images, *, words=("cat", "grass", "road")):
    """Make a project of all image files in a folder, without masks."""
    project = Project.create(folder)
    for name in NAMES:
        project.images.add(images / name)
    for word in words:
        project.classes.add(word)
    return project


def annotate(project, *, apart=False):
    """Put the shapes on the first images; the last has none. `apart`: one mask per image."""
    images = project.images.page()
    words = project.classes.all()
    for at, mask in enumerate(shapes().values()):
        image = images[at % 3]
        if not apart or at < 3:
            project.annotations.add(image.id, words[at % len(words)].id, mask)


def state(project):
    """What counts of all annotations: image, word and mask in their order."""
    names = {row.id: row.name for row in project.classes.all(include_hidden=True)}
    return [
        (image.path.rpartition("images/")[2], names[one.class_id], one.rle)
        for image in project.images.page()
        for one in project.annotations.of_image(image.id)
    ]
