"""A suggestion that is accepted with other pixels than its own."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion


@pytest.fixture
def project(tmp_path):
    Image.new("RGB", (12, 10)).save(tmp_path / "a.png")
    with Project.create(tmp_path) as project:
        project.images.add(tmp_path / "a.png")
        project.classes.add("cat")
        yield project


def square(side):
    mask = np.zeros((10, 12), bool)
    mask[:side, :side] = True
    return mask


@pytest.fixture
def row(project):
    found = Suggestion(1, masks.encode(square(4)), score=0.8, threshold=0.5, phrases=("cat",))
    return project.suggestions.replace(1, [found], "v7")[0]


def test_it_is_one_step_with_the_models_provenance(project, row):
    made = project.suggestions.correct(row.id, square(6))
    assert np.array_equal(project.annotations.mask(made.id), square(6))
    assert made.provenance.origin == "accepted"
    assert (made.provenance.model_version, made.provenance.score) == ("v7", 0.8)
    assert made.provenance.edited_pixels == 20
    assert project.suggestions.get(row.id).rle == row.rle
    assert project.undo(1) == "correct suggestion"
    assert project.annotations.of_image(1) == []
    assert project.suggestions.get(row.id).status == "pending"
    project.redo(1)
    assert project.annotations.get(made.id).provenance.edited_pixels == 20


def test_a_decided_one_or_a_wrong_mask_changes_nothing(project, row):
    with pytest.raises(MaskInvalid):
        project.suggestions.correct(row.id, np.ones((3, 3), bool))
    with pytest.raises(MaskInvalid):
        project.suggestions.correct(row.id, np.zeros((10, 12), bool))
    assert project.suggestions.get(row.id).status == "pending"
    project.suggestions.reject(row.id)
    with pytest.raises(ProjectError, match="rejected"):
        project.suggestions.correct(row.id, square(6))
