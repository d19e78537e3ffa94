"""A glance at a project changes nothing in it."""

import numpy as np
from PIL import Image

from cascadeclip.core.project import Project
from cascadeclip.core.project.glance import glance


def test_counts_and_the_first_image_with_masks(tmp_path):
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.full((8, 8, 3), number, np.uint8)).save(path)
        paths.append(path)
    with Project.create(tmp_path) as project:
        rows = [project.images.add(path) for path in paths]
        first = glance(tmp_path)
        assert (first.images, first.reviewed, first.masks) == (3, 0, 0)
        assert first.image == paths[0]
        word = project.classes.add("cat")
        project.annotations.add(rows[1].id, word.id, np.eye(8, dtype=bool))
        project.images.set_status(rows[2].id, "reviewed")
    before = (tmp_path / "project.db").read_bytes()
    found = glance(tmp_path)
    assert (found.images, found.reviewed, found.masks) == (3, 1, 1)
    assert found.image == paths[1]
    assert (tmp_path / "project.db").read_bytes() == before


def test_what_is_no_project_says_nothing(tmp_path):
    assert glance(tmp_path) is None
    (tmp_path / "project.db").write_bytes(b"not a database at all")
    assert glance(tmp_path) is None
