"""A change of many images is one step to undo, and images stay apart all the same."""

import tracemalloc

import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project import journal
from cascadeclip.core.project.annotations import IMPORTED, Merge
from cascadeclip.core.project.rows import BatchUndone


@pytest.fixture
def filled(world, box, proposal):
    """A change that takes a mask out and adds two masks and a suggestion on two images."""
    project = world.project
    old = project.annotations.add(1, world.cat.id, box(9, 9, 12, 12))
    world.before = [world.state(image) for image in (1, 2)]
    new = masks.encode(box(1, 1, 5, 5))
    changes = [
        Merge(1, (old.id,), ((world.cat.id, new),), suggested=(proposal(world.dog.id),)),
        Merge(2, (), ((world.dog.id, new),)),
    ]
    world.number = project.annotations.merge(changes, name="import masks")
    world.after = [world.state(image) for image in (1, 2)]
    return world


def states(world):
    return [world.state(image) for image in (1, 2)]


def test_all_of_it_goes_and_comes_back_across_restarts(filled):
    (batch,) = filled.project.batches()
    assert (batch.id, batch.name, batch.images) == (filled.number, "import masks", 2)
    assert batch.stands
    assert filled.reopen().undo_batch(batch.id) == BatchUndone(2)
    assert states(filled) == filled.before
    assert not filled.project.batches()[0].stands
    assert filled.project.undo_batch(batch.id) == BatchUndone(0)
    assert filled.reopen().redo_batch(batch.id) == 2
    assert states(filled) == filled.after
    assert filled.project.redo_batch(batch.id) == 0


def test_an_image_can_be_undone_alone(filled):
    assert filled.project.undo(1) == "import masks"
    assert states(filled) == [filled.before[0], filled.after[1]]
    assert filled.project.undo_batch(filled.number) == BatchUndone(1)
    assert states(filled) == filled.before
    assert filled.project.redo_batch(filled.number) == 2
    assert states(filled) == filled.after


def test_what_was_added_since_stays_and_the_rest_is_a_step(filled, box):
    project = filled.project
    own = project.annotations.add(2, filled.cat.id, box(0, 0, 2, 2))
    changed = states(filled)
    assert project.undo_batch(filled.number) == BatchUndone(2)
    assert project.annotations.of_image(2) == [own]
    assert filled.state(1) == filled.before[0]
    assert not project.batches()[0].stands
    assert project.undo_batch(filled.number) == BatchUndone(0)
    assert filled.reopen().undo(2) == "undo import masks"
    assert filled.state(2) == changed[1]
    assert filled.project.batches()[0].stands
    assert [filled.project.undo(2) for _ in range(3)] == ["add mask", "import masks", None]
    assert states(filled) == filled.before


def changed_mask(filled, box):
    """Edit the mask that came to the second image; return what an undo must keep."""
    (row,) = filled.project.annotations.of_image(2)
    return 2, lambda: filled.project.annotations.edit(row.id, box(1, 1, 9, 9))


def changed_word(filled, box):
    (row,) = filled.project.annotations.of_image(2)
    return 2, lambda: filled.project.annotations.relabel(row.id, filled.cat.id)


def taken_suggestion(filled, box):
    (waiting,) = filled.project.suggestions.of_image(1)
    return 1, lambda: filled.project.suggestions.accept(waiting.id)


@pytest.mark.parametrize("change", [changed_mask, changed_word, taken_suggestion])
def test_what_was_changed_since_is_kept_and_counted(filled, box, change):
    project = filled.project
    image_id, work = change(filled, box)
    made = work()
    assert project.undo_batch(filled.number).kept == 1
    assert made in project.annotations.of_image(image_id)
    assert [row.area for row in project.annotations.of_image(1)][:1] == [9]  # it is back
    other = {1: 2, 2: 1}[image_id]
    assert filled.state(other) == filled.before[other - 1]


def test_what_is_gone_or_back_already_is_no_trouble(filled, box):
    project = filled.project
    for row in project.annotations.of_image(1):
        project.annotations.delete(row.id)
    assert project.undo_batch(filled.number) == BatchUndone(2)
    assert [row.area for row in project.annotations.of_image(1)] == [9]
    assert project.suggestions.of_image(1) == []


def test_an_image_twice_in_a_batch_is_taken_back_whole(world, box):
    changes = [
        Merge(1, (), ((world.cat.id, masks.encode(box(at, 1, at + 3, 5))),)) for at in (1, 6)
    ]
    number = world.project.annotations.merge(changes, name="x")
    assert world.project.undo_batch(number) == BatchUndone(1)
    assert world.project.annotations.count() == 0


def test_a_batch_says_what_it_brought_and_from_where(filled):
    world, project = filled, filled.project
    (row,) = project.batches()
    assert (row.source, row.added, row.removed, row.suggested) == (None, 2, 1, 1)
    new = Merge(1, (), ((world.dog.id, row_rle(project)),))
    project.annotations.merge([new], name="import masks", source="o.json")
    assert [(one.source, one.added) for one in project.batches()] == [("o.json", 1), (None, 2)]


def row_rle(project):
    return project.annotations.of_image(2)[0].rle


def test_an_image_that_left_it_is_left_alone(filled, box):
    filled.project.undo(2)
    filled.project.annotations.add(2, filled.cat.id, box(0, 0, 2, 2))
    kept = filled.state(2)
    assert filled.project.batches()[0].images == 1
    assert filled.project.undo_batch(filled.number) == BatchUndone(1)
    assert states(filled) == [filled.before[0], kept]
    filled.project.annotations.add(1, filled.cat.id, box(0, 0, 2, 2))
    assert filled.project.redo_batch(filled.number) == 0


def test_redo_does_not_jump_over_steps(world, box):
    project, rle = world.project, masks.encode(box(1, 1, 5, 5))
    for mask in (box(0, 0, 2, 2), box(0, 0, 3, 3)):
        project.annotations.add(1, world.cat.id, mask)
    number = project.annotations.merge([Merge(1, (), ((world.cat.id, rle),))], name="x")
    for _ in range(2):
        project.undo(1)
    with pytest.raises(ProjectError, match="changed since"):
        project.redo_batch(number)
    project.redo(1)
    assert project.redo_batch(number) == 1


def test_steps_that_are_kept_no_longer_are_said(filled, box):
    filled.project.settings.set(journal.KEPT_SETTING, 1)
    filled.project.annotations.add(1, filled.cat.id, box(0, 0, 2, 2))
    kept = filled.state(1)
    with pytest.raises(ProjectError, match="^1 image was changed since"):
        filled.project.redo_batch(filled.number)
    assert filled.project.undo_batch(filled.number) == BatchUndone(1, unknown=1)
    assert states(filled) == [kept, filled.before[1]]


def test_nothing_changed_is_no_batch(world):
    number = world.project.annotations.merge([Merge(1, (), ())], name="x")
    assert world.project.batches() == []
    with pytest.raises(ProjectError, match="There is no change"):
        world.project.undo_batch(number)


def test_a_wrong_suggestion_leaves_nothing(world, box, proposal):
    wrong = Merge(2, (), (), suggested=(proposal(world.dog.id, 0, 0, 0, 0),))
    first = Merge(1, (), ((world.cat.id, masks.encode(box(1, 1, 5, 5))),))
    with pytest.raises(MaskInvalid):
        world.project.annotations.merge([first, wrong], name="x")
    assert world.project.batches() == []
    assert world.project.annotations.count() == 0


def test_imported_suggestions_wait_whatever_a_model_proposes(filled, proposal):
    project = filled.project
    (waiting,) = project.suggestions.of_image(1)
    assert (waiting.model_version, waiting.class_id) == (IMPORTED, filled.dog.id)
    rows = project.suggestions.replace(1, [proposal(filled.cat.id)], "v1")
    assert [row.model_version for row in rows] == ["v1"]
    project.suggestions.replace(1, [], "v2")
    assert project.suggestions.of_image(1) == [waiting]
    project.annotations.merge([Merge(1, (), (), withdrawn=(waiting.id,))], name="x")
    assert project.suggestions.of_image(1) == []
    project.undo(1)
    assert project.suggestions.of_image(1) == [waiting]
    made = project.suggestions.accept(waiting.id)
    assert made.provenance.model_version == IMPORTED


def test_memory_holds_one_image_at_a_time(world):
    project, count, size = world.project, 200, 200
    with project._store.transaction():
        for number in range(count):
            record = {"path": f"n{number}.png", "width": size, "height": size, "orientation": 1}
            more = {"digest": str(number), "status": "unreviewed", "added": ""}
            project._store.insert("images", record | more)
    rng = np.random.default_rng(0)

    def changes():
        for image in project.images.page(offset=2):
            rle = masks.encode(rng.random((size, size)) < 0.5)
            sizes.append(len(rle.counts))
            yield Merge(image.id, (), ((world.cat.id, rle),))

    sizes = []
    for work in (
        lambda: project.annotations.merge(changes(), name="import masks"),
        lambda: project.undo_batch(1),
        lambda: project.redo_batch(1),
    ):
        tracemalloc.start()
        work()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(sizes) == count
        assert peak < sum(sizes) / 2
    assert project.annotations.count() == count
