import numpy as np
import pytest
from PIL import Image

from cascadeclip.app.presenters import edits
from cascadeclip.app.presenters.edits import Copied
from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.project import Project
from cascadeclip.core.shaping import operations
from cascadeclip.core.shaping.part import EMPTY, Part

SIZE = 20, 30


@pytest.fixture
def project(tmp_path):
    Image.fromarray(np.zeros((*SIZE, 3), np.uint8)).save(tmp_path / "one.png")
    with Project.create(tmp_path) as project:
        project.image = project.images.add(tmp_path / "one.png")
        project.word = project.classes.add("cat")
        yield project


def box(top, left, bottom, right):
    return Part(top, left, np.ones((bottom - top, right - left), bool))


def whole(part):
    return part.on((0, 0, *SIZE))


def stored(project):
    return [masks.decode(row.rle) for row in project.annotations.of_image(project.image.id)]


@pytest.fixture
def add(project):
    def add(part, *, spare=False):
        return edits.add(project, project.image.id, project.word.id, part, spare=spare)

    return add


def test_a_new_mask_is_signed_and_one_step(project, add):
    number = add(box(2, 3, 8, 9))
    row = project.annotations.get(number)
    assert row.provenance.origin == "drawn"
    assert row.provenance.author == project.annotations._hand.author()
    assert project.undo(project.image.id) == "add mask"
    assert stored(project) == []


def test_a_spared_mask_is_left_alone(project, add):
    add(box(2, 3, 8, 9))
    add(box(5, 5, 15, 20), spare=True)
    first, second = stored(project)
    assert not (first & second).any()
    assert np.array_equal(first | second, whole(box(2, 3, 8, 9)) | whole(box(5, 5, 15, 20)))
    with pytest.raises(MaskInvalid, match="already"):
        add(box(3, 4, 6, 8), spare=True)


def test_nothing_cannot_be_added(add):
    with pytest.raises(MaskInvalid):
        add(EMPTY)


def test_growing_with_sparing_keeps_what_overlapped_before(project, add):
    first = add(box(2, 3, 8, 12))
    add(box(4, 10, 8, 20))
    edits.edit(project, first, lambda part, *size: operations.grow(part, 3, *size), spare=True)
    grown, other = stored(project)
    assert np.array_equal(grown & other, whole(box(4, 10, 8, 12)))  # as it was, no pixel more
    assert grown[0, 5]


def test_what_nothing_is_left_of_is_deleted(project, add):
    number = add(box(2, 3, 8, 9))
    assert edits.edit(project, number, lambda *_: EMPTY) is None
    assert stored(project) == []
    project.undo(project.image.id)
    assert len(stored(project)) == 1


def test_splitting_what_hangs_together_writes_nothing(project, add):
    number = add(box(2, 3, 8, 9))
    assert edits.split(project, number, operations.split) == 1
    assert project.undo(project.image.id) == "add mask"


def test_a_copy_is_cut_where_the_image_ends(project, add):
    add(box(12, 22, 18, 28))
    rle = project.annotations.of_image(project.image.id)[0].rle
    copied = Copied(project.word.id, rle)
    edits.paste(project, project.image.id, copied, 4, spare=False)
    assert np.array_equal(stored(project)[1], whole(box(16, 26, 20, 30)))
    with pytest.raises(MaskInvalid, match="outside"):
        edits.paste(project, project.image.id, copied, 30, spare=False)


def test_subtract_is_one_step(project, add):
    first, second = add(box(2, 3, 12, 13)), add(box(4, 5, 8, 9))
    edits.subtract(project, first, [second])
    assert np.array_equal(stored(project)[0], whole(box(2, 3, 12, 13)) & ~whole(box(4, 5, 8, 9)))
    project.undo(project.image.id)
    assert np.array_equal(stored(project)[0], whole(box(2, 3, 12, 13)))
