"""The person's masks."""

from dataclasses import replace

import numpy as np
import pytest

from cascadeclip.core.errors import MaskInvalid, ProjectError, VocabularyError
from cascadeclip.core.values import Provenance


def test_masks_come_back_bit_for_bit_after_reopening(world):
    rng = np.random.default_rng(0)
    put = {}
    for _ in range(40):
        mask = rng.random((20, 30)) < rng.random()
        mask[0, 0] = True
        row = world.project.annotations.add(world.first.id, world.cat.id, mask)
        assert row.area == mask.sum()
        put[row.id] = mask
    annotations = world.reopen().annotations
    assert annotations.count() == len(put) == 40
    for row_id, mask in put.items():
        assert np.array_equal(annotations.mask(row_id), mask)
    assert [row.id for row in annotations.of_image(world.first.id)] == list(put)
    assert annotations.of_image(world.second.id) == []


def test_a_row_holds_area_box_and_provenance(world, box):
    given = Provenance("imported", "v1", ("cat",), ("a {}.",), 0.5, 0.25, "ann", 3.5, 4)
    row = world.project.annotations.add(
        world.first.id, world.cat.id, box(2, 3, 8, 10), provenance=given
    )
    assert row.area == 42
    assert row.bbox == (3, 2, 7, 6)
    assert row.provenance == given
    assert row.created == row.updated
    assert row.created.endswith("+00:00")
    drawn = world.project.annotations.add(world.first.id, world.cat.id, box(0, 0, 1, 1))
    assert drawn.provenance == Provenance(author="ann")


def test_wrong_masks_are_refused_and_leave_nothing(world, box):
    annotations = world.project.annotations
    row = annotations.add(world.first.id, world.cat.id, box(1, 1, 3, 3))
    for mask in (
        np.ones((30, 20), bool), np.zeros((20, 30), bool), np.ones((20, 30), np.uint8)
    ):  # fmt: skip
        with pytest.raises(MaskInvalid):
            annotations.add(world.first.id, world.cat.id, mask)
        with pytest.raises(MaskInvalid):
            annotations.edit(row.id, mask)
    with pytest.raises(VocabularyError):
        annotations.add(world.first.id, 99, box(1, 1, 3, 3))
    with pytest.raises(ProjectError, match="no image number 99"):
        annotations.add(99, world.cat.id, box(1, 1, 3, 3))
    with pytest.raises(VocabularyError):
        annotations.relabel(row.id, 99)
    for call in (annotations.get, annotations.mask, annotations.delete):
        with pytest.raises(ProjectError, match="no longer there"):
            call(99)
    assert annotations.of_image(world.first.id) == [row]
    assert world.project.undo(world.first.id) == "add mask"
    assert not world.project.can_undo(world.first.id)


def test_editing_a_drawn_mask(world, box):
    annotations = world.project.annotations
    row = annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
    edited = annotations.edit(row.id, box(1, 1, 5, 7))
    assert (edited.id, edited.area, edited.bbox) == (row.id, 24, (1, 1, 6, 4))
    assert edited.provenance == Provenance(author="ann")
    assert edited.created == row.created
    assert annotations.relabel(row.id, world.dog.id).class_id == world.dog.id


def test_steps_that_change_nothing_are_no_steps(world, box):
    annotations = world.project.annotations
    row = annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
    assert annotations.edit(row.id, box(1, 1, 5, 5)) == row
    assert annotations.relabel(row.id, world.cat.id) == row
    assert world.project.undo(world.first.id) == "add mask"


def test_ids_from_numpy_are_taken(world, box):
    row = world.project.annotations.add(
        np.int64(world.first.id), np.int32(world.cat.id), box(1, 1, 5, 5)
    )
    assert world.project.annotations.get(np.int64(row.id)) == row


def test_ids_are_never_given_twice(world, box):
    annotations = world.project.annotations
    first = annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5))
    annotations.delete(first.id)
    assert annotations.add(world.first.id, world.cat.id, box(1, 1, 5, 5)).id > first.id


def test_split_makes_several_masks_that_keep_where_they_come_from(world, box, proposal):
    rows = world.project.suggestions.replace(world.first.id, [proposal(world.cat.id)], "v1")
    whole = world.project.suggestions.accept(rows[0].id)
    parts = [box(2, 3, 4, 9), box(4, 3, 7, 9), box(7, 3, 8, 9)]
    made = world.project.annotations.split(whole.id, parts)
    assert [row.id for row in world.project.annotations.of_image(1)] == [row.id for row in made]
    assert made[0].id == whole.id
    for row, part in zip(made, parts, strict=True):
        assert np.array_equal(world.project.annotations.mask(row.id), part)
        cut_away = int(whole.area - part.sum())
        assert row.class_id == whole.class_id
        assert row.provenance == replace(whole.provenance, edited_pixels=cut_away)
    # The view counts suggestions, not what became of them; but no part is the model's mask.
    counts = world.project._store.row("SELECT accepted, unchanged FROM acceptance")
    assert counts == {"accepted": 1, "unchanged": 0}
    assert world.project.undo(1) == "split mask"
    assert world.project._store.value("SELECT unchanged FROM acceptance") == 1


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [(1, 1, 5, 5)],
        [(1, 1, 3, 5), (3, 1, 4, 5)],
        [(1, 1, 3, 5), (2, 1, 5, 5)],
        [(1, 1, 5, 5), (6, 6, 8, 8)],
        [(1, 1, 5, 5), (0, 0, 0, 0)],
    ],
)
def test_parts_that_do_not_make_up_the_mask_are_refused(world, box, parts):
    row = world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5))
    with pytest.raises(MaskInvalid):
        world.project.annotations.split(row.id, [box(*part) for part in parts])
    assert world.project.annotations.of_image(1) == [row]


def test_unite_makes_one_mask_under_the_first_word(world, box, proposal):
    rows = world.project.suggestions.replace(world.first.id, [proposal(world.cat.id)], "v1")
    first = world.project.suggestions.accept(rows[0].id)
    second = world.project.annotations.add(1, world.dog.id, box(7, 8, 10, 10))
    row = world.project.annotations.unite([first.id, second.id, first.id])
    assert (row.id, row.class_id) == (first.id, world.cat.id)
    whole = box(2, 3, 8, 9) | box(7, 8, 10, 10)
    assert np.array_equal(world.project.annotations.mask(row.id), whole)
    assert row.area == whole.sum()
    assert row.provenance.edited_pixels == whole.sum() - first.area
    assert world.project.annotations.count() == 1


def test_masks_of_two_images_are_not_united(world, box):
    rows = [world.project.annotations.add(image, 1, box(1, 1, 5, 5)) for image in (1, 2)]
    for ids in ([], [rows[0].id], [row.id for row in rows]):
        with pytest.raises(ProjectError, match="at least two masks of the same image"):
            world.project.annotations.unite(ids)
    assert world.project.annotations.count() == 2
