"""Accepting on all images at once: what is found, and that it is one change."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks, sweep
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion

SIZE = 20, 30


def box(left):
    mask = np.zeros(SIZE, np.bool_)
    mask[4:12, left : left + 8] = True
    return mask


@pytest.fixture
def project(tmp_path):
    """Three images, each with a sure cat, an unsure cat and a sure dog; the last is reviewed."""
    with Project.create(tmp_path) as project:
        words = [project.classes.add(name).id for name in ("cat", "dog")]
        for number in range(3):
            path = tmp_path / f"{number}.png"
            Image.new("RGB", SIZE[::-1], (number, 0, 0)).save(path)
            image = project.images.add(path)
            rows = [(words[0], 0, 0.9), (words[0], 10, 0.6), (words[1], 20, 0.8)]
            found = [
                Suggestion(class_id, masks.encode(box(left)), score=score, threshold=0.5)
                for class_id, left, score in rows
            ]
            project.suggestions.replace(image.id, found, "v1")
        project.images.set_status(image.id, "reviewed")
        yield project


def counts(project):
    return [len(project.annotations.of_image(row.id)) for row in project.images.page()]


def accept(project, found, *, stop_at=9):
    asked = iter(range(9))
    return sweep.accept(
        project, found, progress=lambda *_: None, stopped=lambda: next(asked) >= stop_at
    )


def test_of_unreviewed_images_what_is_sure_is_found(project):
    assert sweep.find(project, 0.7).suggestions == 4
    cat, dog = project.classes.all()
    assert sweep.find(project, 0.5, class_id=cat.id).suggestions == 4
    assert sweep.find(project, 0.85, class_id=dog.id).groups == ()


def test_what_a_person_has_or_turned_down_is_left_out(project):
    first, second, _ = project.images.page()
    cat, dog = project.classes.all()
    project.annotations.add(first.id, cat.id, box(1))
    project.annotations.add(second.id, dog.id, box(0))  # another word in the cat's place
    project.suggestions.reject(project.suggestions.of_image(second.id)[2].id)
    rows = project.suggestions.of_image(first.id)
    project.suggestions.replace(second.id, [
        Suggestion(dog.id, masks.encode(box(20)), score=0.9, threshold=0.5),
        Suggestion(cat.id, masks.encode(box(0)), score=0.9, threshold=0.5),
    ], "v2")  # fmt: skip
    found = sweep.find(project, 0.7)
    assert found.groups[0] == (rows[2].id,)
    (left,) = found.groups[1]
    assert project.suggestions.get(left).class_id == cat.id


def test_it_is_one_change_and_can_be_taken_back_whole_or_by_image(project):
    found = sweep.find(project, 0.7)
    batch = accept(project, found)
    assert counts(project) == [2, 2, 0]
    assert sweep.find(project, 0.7).groups == ()
    project.undo_batch(batch)
    assert counts(project) == [0, 0, 0]
    batch = accept(project, sweep.find(project, 0.7))
    project.undo(project.images.page()[0].id)
    assert counts(project) == [0, 2, 0]


def test_stopped_it_changes_nothing(project):
    with pytest.raises(sweep.Stopped):
        accept(project, sweep.find(project, 0.7), stop_at=1)
    assert counts(project) == [0, 0, 0]
    assert project.batches() == []
