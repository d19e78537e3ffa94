"""Undo and redo of everything, across restarts, never across images."""

import random

import pytest

from cascadeclip.core.project import journal

OPERATIONS = {
    "add mask": lambda w, ids, box: w.project.annotations.add(
        w.first.id, w.cat.id, box(0, 0, 9, 9)
    ),
    "edit mask": lambda w, ids, box: w.project.annotations.edit(ids["mask"], box(5, 5, 9, 9)),
    "change word": lambda w, ids, box: w.project.annotations.relabel(ids["mask"], w.dog.id),
    "split mask": lambda w, ids, box: w.project.annotations.split(
        ids["mask"], [box(1, 1, 2, 4), box(2, 1, 4, 4)]
    ),
    "merge masks": lambda w, ids, box: w.project.annotations.unite([ids["mask"], ids["other"]]),
    "delete mask": lambda w, ids, box: w.project.annotations.delete(ids["mask"]),
    "accept suggestion": lambda w, ids, box: w.project.suggestions.accept(ids["open"][0]),
    "reject suggestion": lambda w, ids, box: w.project.suggestions.reject(ids["open"][0]),
    "accept 3 suggestions": lambda w, ids, box: w.project.suggestions.accept_many(ids["open"]),
    "mark reviewed": lambda w, ids, box: w.project.images.set_status(w.first.id, "reviewed"),
}


@pytest.fixture
def ids(world, box, proposal):
    mask = world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 4, 4)).id
    other = world.project.annotations.add(world.first.id, world.dog.id, box(3, 3, 8, 8)).id
    rows = world.project.suggestions.replace(world.first.id, [proposal(world.cat.id)] * 3, "v1")
    world.project._store.run("DELETE FROM journal")
    return {"mask": mask, "other": other, "open": [row.id for row in rows]}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("reopen", [False, True], ids=["at once", "after reopening"])
def test_every_operation_is_undone_and_done_again(world, ids, box, name, reopen):
    again = world.reopen if reopen else lambda: world.project
    before = world.state(world.first.id)
    OPERATIONS[name](world, ids, box)
    after = world.state(world.first.id)
    assert before != after
    for _ in range(2):
        assert again().can_undo(world.first.id)
        assert world.project.undo(world.first.id) == name
        assert world.state(world.first.id) == before
        assert not again().can_undo(world.first.id)
        assert world.project.can_redo(world.first.id)
        assert again().redo(world.first.id) == name
        assert world.state(world.first.id) == after
        assert not world.project.can_redo(world.first.id)


def test_there_is_nothing_to_undo_at_first(world):
    assert world.project.undo(world.first.id) is None
    assert world.project.redo(world.first.id) is None
    assert world.project.undo(99) is None


def test_images_are_apart(world, box):
    one = world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 4, 4))
    two = world.project.annotations.add(world.second.id, world.cat.id, box(1, 1, 4, 4))
    assert world.project.undo(world.first.id) == "add mask"
    assert world.project.undo(world.first.id) is None
    assert world.project.annotations.get(two.id) == two
    assert not world.project.can_redo(world.second.id)
    assert world.project.redo(world.second.id) is None
    world.project.annotations.relabel(two.id, world.dog.id)  # leaves the other image's redo alone
    assert world.project.redo(world.first.id) == "add mask"
    assert world.project.annotations.get(one.id) == one


def test_a_new_operation_clears_redo(world, box):
    row = world.project.annotations.add(world.first.id, world.cat.id, box(1, 1, 4, 4))
    world.project.annotations.delete(row.id)
    world.project.undo(world.first.id)
    world.project.annotations.relabel(row.id, world.dog.id)
    assert not world.project.can_redo(world.first.id)
    assert world.project.redo(world.first.id) is None
    assert world.project.undo(world.first.id) == "change word"
    assert world.project.undo(world.first.id) == "add mask"


def test_undoing_an_acceptance_survives_new_suggestions(world, ids, proposal):
    project, image = world.project, world.first.id
    made = project.suggestions.accept(ids["open"][0])
    project.suggestions.replace(image, [proposal(world.dog.id)], "v2")
    project.undo(image)
    assert [row.model_version for row in project.suggestions.of_image(image)] == ["v1", "v2"]
    project.suggestions.replace(image, [], "v3")
    assert project.redo(image) == "accept suggestion"
    assert project.annotations.get(made.id) == made
    assert project.undo(image) == "accept suggestion"
    assert [row.id for row in project.annotations.of_image(image)] == [ids["mask"], ids["other"]]


def test_any_sequence_is_undone_step_by_step(world, box, proposal):
    chance = random.Random(7)
    image = world.first.id
    states = [world.state(image)]
    for number in range(60):
        masks = world.project.annotations.of_image(image)
        pending = world.project.suggestions.of_image(image)
        if not pending and number % 10 == 0:
            rows = [proposal(world.cat.id, n, n, n + 3, n + 4) for n in range(4)]
            world.project.suggestions.replace(image, rows, f"v{number}")
            states[-1] = world.state(image)
            break_point = len(states) - 1
        one_step(world, chance, masks, pending, box)
        if world.state(image) != states[-1]:
            states.append(world.state(image))
    assert len(states) > 30
    for expected in reversed(states[break_point:-1]):
        assert world.project.undo(image)
        assert world.state(image) == expected
    for expected in states[break_point + 1 :]:
        assert world.reopen().redo(image)
        assert world.state(image) == expected


def one_step(world, chance, masks, pending, box):
    project, image = world.project, world.first.id
    top, left = chance.randrange(10), chance.randrange(10)
    area = box(top, left, top + chance.randrange(1, 9), left + chance.randrange(1, 9))
    kind = chance.randrange(7)
    if kind == 0 or not masks:
        project.annotations.add(image, world.cat.id, area)
    elif kind == 1:
        project.annotations.edit(chance.choice(masks).id, area)
    elif kind == 2:
        project.annotations.delete(chance.choice(masks).id)
    elif kind == 3 and pending:
        project.suggestions.accept_many([row.id for row in pending[:2]])
    elif kind == 4 and pending:
        project.suggestions.reject(pending[0].id)
    elif kind == 5:
        project.images.set_status(image, chance.choice(["reviewed", "unreviewed"]))
    else:
        project.annotations.relabel(chance.choice(masks).id, chance.choice([1, 2]))


def test_the_oldest_steps_go_first(world, box, monkeypatch):
    monkeypatch.setattr(journal, "KEPT", 5)
    for number in range(1, 9):
        world.project.annotations.add(world.first.id, world.cat.id, box(0, 0, number, 9))
    world.project.annotations.add(world.second.id, world.cat.id, box(0, 0, 5, 9))
    undone = 0
    while world.project.undo(world.first.id):
        undone += 1
    assert undone == 5
    assert [row.area for row in world.project.annotations.of_image(world.first.id)] == [9, 18, 27]


@pytest.mark.parametrize(("chosen", "kept"), [(2, 2), (7, 7), (0, 1), ("many", 4), (None, 4)])
def test_how_many_steps_are_kept_is_a_choice(world, box, monkeypatch, chosen, kept):
    monkeypatch.setattr(journal, "KEPT", 4)
    world.project.settings.set(journal.KEPT_SETTING, chosen)
    for number in range(1, 10):
        world.project.annotations.add(world.first.id, world.cat.id, box(0, 0, number, 9))
    undone = 0
    while world.project.undo(world.first.id):
        undone += 1
    assert undone == kept


def test_a_step_that_fails_leaves_nothing(world, box):
    def fail():
        with world.project._journal.step(world.first.id, "x") as step:
            step.update("images", world.first.id, {"status": "reviewed"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert world.project.images.get(world.first.id).status == "unreviewed"
    assert not world.project.can_undo(world.first.id)


def test_a_row_changed_twice_in_one_step_goes_back_to_its_first_state(world):
    before = world.state(world.first.id)
    with world.project._journal.step(world.first.id, "two changes") as step:
        step.update("images", world.first.id, {"status": "reviewed", "digest": "x"})
        step.update("images", world.first.id, {"digest": "y"})
    after = world.project.images.get(world.first.id)
    assert world.project.undo(world.first.id) == "two changes"
    assert world.project.images.get(world.first.id) == world.first
    assert world.state(world.first.id) == before
    world.project.redo(world.first.id)
    assert world.project.images.get(world.first.id) == after
