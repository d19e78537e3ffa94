"""What models propose and people decide."""

import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError, VocabularyError
from cascadeclip.core.project import schema
from cascadeclip.core.values import Provenance, Rle, Suggestion


def test_rows_hold_what_was_proposed(world, proposal):
    given = proposal(world.cat.id)
    rows = world.project.suggestions.replace(world.first.id, [given], "mini-1")
    assert rows == world.reopen().suggestions.of_image(world.first.id)
    row = rows[0]
    assert (row.rle, row.score, row.threshold) == (given.rle, given.score, given.threshold)
    assert (row.phrases, row.templates) == (given.phrases, given.templates)
    assert (row.model_version, row.status) == ("mini-1", "pending")
    assert np.array_equal(world.project.suggestions.mask(row.id), masks.decode(given.rle))


def test_replace_keeps_annotations_and_what_was_decided(world, proposal, box):
    project, image = world.project, world.first.id
    drawn = project.annotations.add(image, world.dog.id, box(0, 0, 2, 2))
    old = project.suggestions.replace(image, [proposal(world.cat.id) for _ in range(3)], "v1")
    other = project.suggestions.replace(world.second.id, [proposal(world.cat.id)], "v1")
    accepted = project.suggestions.accept(old[0].id)
    project.suggestions.reject(old[1].id)
    before = project.annotations.of_image(image)
    new = project.suggestions.replace(image, [proposal(world.dog.id)], "v2")
    assert project.annotations.of_image(image) == before == [drawn, accepted]
    assert project.suggestions.of_image(image) == new
    assert [row.id for row in project.suggestions.of_image(image, status="accepted")] == [old[0].id]
    assert [row.id for row in project.suggestions.of_image(image, status="rejected")] == [old[1].id]
    assert len(project.suggestions.of_image(image, status=None)) == 3
    assert project.suggestions.of_image(world.second.id) == other
    assert project.suggestions.replace(image, [], "v3") == []
    assert project.suggestions.count(status="pending") == 1
    assert project.suggestions.count() == 3


@pytest.mark.parametrize(
    ("rle", "score", "class_id", "error"),
    [
        (masks.encode(np.ones((30, 20), bool)), 0.5, 1, MaskInvalid),
        (masks.encode(np.zeros((20, 30), bool)), 0.5, 1, MaskInvalid),
        (Rle(20, 30, b"0"), 0.5, 1, MaskInvalid),
        (masks.encode(np.ones((20, 30), bool)), 1.5, 1, ProjectError),
        (masks.encode(np.ones((20, 30), bool)), float("nan"), 1, ProjectError),
        (masks.encode(np.ones((20, 30), bool)), 0.5, 99, VocabularyError),
    ],
    ids=["other size", "empty", "damaged", "score", "no score", "word"],
)
def test_one_wrong_suggestion_leaves_all_as_it_was(world, proposal, rle, score, class_id, error):
    suggestions = world.project.suggestions
    before = suggestions.replace(world.first.id, [proposal(world.cat.id)], "v1")
    wrong = Suggestion(class_id, rle, score, 0.5)
    with pytest.raises(error):
        suggestions.replace(world.first.id, [proposal(world.cat.id), wrong], "v2")
    assert suggestions.of_image(world.first.id) == before
    with pytest.raises(ProjectError):
        suggestions.replace(99, [], "v2")


def test_accepting_makes_an_annotation_that_knows_its_origin(world, proposal):
    project = world.project
    given = proposal(world.cat.id)
    row = project.suggestions.replace(world.first.id, [given], "mini-1")[0]
    made = project.suggestions.accept(row.id)
    assert (made.image_id, made.class_id, made.rle) == (world.first.id, world.cat.id, given.rle)
    assert made.provenance == Provenance(
        "accepted", "mini-1", ("cat", "kitten"), ("a {}.",), 0.75, 0.5, "ann"
    )
    assert project.suggestions.of_image(world.first.id) == []
    assert project.suggestions.get(row.id).status == "accepted"


def test_correcting_an_accepted_mask_keeps_its_origin_and_counts_pixels(world, proposal, box):
    project = world.project
    row = project.suggestions.replace(world.first.id, [proposal(world.cat.id)], "mini-1")[0]
    made = project.suggestions.accept(row.id)
    project.annotations.edit(made.id, box(2, 3, 8, 11))
    edited = project.annotations.edit(made.id, box(3, 3, 8, 11))
    assert edited.provenance.edited_pixels == 12 + 8
    assert edited.provenance.origin == "accepted"
    assert edited.provenance.model_version == "mini-1"
    project.undo(world.first.id)
    assert project.annotations.get(made.id).provenance.edited_pixels == 12


def test_what_is_decided_cannot_be_decided_again(world, proposal):
    project = world.project
    one, two = project.suggestions.replace(world.first.id, [proposal(world.cat.id)] * 2, "v1")
    project.suggestions.accept(one.id)
    for call in (project.suggestions.accept, project.suggestions.reject):
        with pytest.raises(ProjectError, match="accepted already"):
            call(one.id)
        with pytest.raises(ProjectError, match="replaced by newer"):
            call(99)
    with pytest.raises(ProjectError):
        project.suggestions.accept_many([two.id, one.id])
    assert project.suggestions.get(two.id).status == "pending"
    assert project.annotations.count() == 1


def test_accept_many_is_one_step_per_image(world, proposal):
    project = world.project
    first = project.suggestions.replace(world.first.id, [proposal(world.cat.id)] * 3, "v1")
    second = project.suggestions.replace(world.second.id, [proposal(world.dog.id)] * 2, "v1")
    ids = [second[1].id, first[2].id, first[0].id, second[0].id, first[1].id]
    made = project.suggestions.accept_many(ids)
    assert [row.image_id for row in made] == [2, 1, 1, 2, 1]
    assert project.suggestions.accept_many([]) == []
    assert project.undo(world.first.id) == "accept 3 suggestions"
    assert not project.can_undo(world.first.id)
    assert project.annotations.of_image(world.first.id) == []
    assert len(project.suggestions.of_image(world.first.id)) == 3
    assert len(project.annotations.of_image(world.second.id)) == 2


def test_words_that_left_propose_nothing_until_they_return(world, proposal):
    project = world.project
    project.suggestions.replace(
        world.first.id, [proposal(world.cat.id), proposal(world.dog.id)], "v1"
    )
    project.classes.set_vocabulary([world.dog.word])
    assert [row.class_id for row in project.suggestions.of_image(world.first.id)] == [world.dog.id]
    project.classes.set_vocabulary([world.dog.word, world.cat.word])
    assert len(project.suggestions.of_image(world.first.id)) == 2
    with pytest.raises(ProjectError, match="one of pending"):
        project.suggestions.of_image(world.first.id, status="open")


def test_acceptance_is_counted_per_word_and_model(world, box, proposal):
    project, cat, dog = world.project, world.cat.id, world.dog.id
    first = [proposal(cat), proposal(cat, 1, 1, 4, 4), proposal(cat, 5, 5, 9, 9), proposal(dog)]
    rows = project.suggestions.replace(world.first.id, first, "v1")
    project.suggestions.accept(rows[0].id)
    changed = project.suggestions.accept(rows[1].id)
    project.annotations.edit(changed.id, box(1, 1, 4, 5))
    project.suggestions.reject(rows[2].id)
    project.suggestions.replace(world.second.id, [proposal(cat)], "v2")
    seen = project._store.rows("SELECT * FROM acceptance ORDER BY model_version, word")
    assert [tuple(row.values()) for row in seen] == [
        ("v1", cat, "cat", 3, 0, 2, 1, 1, 2 / 3),
        ("v1", dog, "dog", 1, 1, 0, 0, 0, None),
        ("v2", cat, "cat", 1, 1, 0, 0, 0, None),
    ]
    assert project.undo(world.first.id) == "reject suggestion"
    row = project._store.row("SELECT * FROM acceptance WHERE model_version = 'v1'")
    assert (row["pending"], row["rejected"], row["share"]) == (1, 0, 1.0)


# The view of version 3: it looked at every suggestion.
SLOW = next(sql for sql in schema.ACCEPTANCE_SQL if "VIEW" in sql).partition("AS")[2]


def looked_at(project):
    """The acceptance by looking at every row."""
    rows = project._store.rows(f"{SLOW} ORDER BY 1, 2")
    return [row | {"unchanged": row["unchanged"] or 0} for row in rows]


def doings(world, box, proposal, chance):
    """What may happen to the suggestions of an image."""
    project, words = world.project, (world.cat.id, world.dog.id)

    def replace():
        found = [proposal(int(chance.choice(words))) for _ in range(3)]
        project.suggestions.replace(1, found, str(chance.choice(["v1", "v2"])))

    def decide():
        for row in project.suggestions.of_image(1)[:2]:
            project.suggestions.accept(row.id)
        for row in project.suggestions.of_image(1)[:1]:
            project.suggestions.reject(row.id)

    def change():
        for row in project.annotations.of_image(1)[:1]:
            project.annotations.edit(row.id, box(1, 1, *chance.integers(3, 9, 2)))

    def relabel():
        for row in project.annotations.of_image(1)[-1:]:
            project.annotations.relabel(row.id, int(chance.choice(words)))

    return (replace, decide, change, relabel, lambda: project.undo(1),
            lambda: project.undo(1), lambda: project.redo(1))  # fmt: skip


def test_counts_follow_every_change(world, box, proposal):
    project, chance, seen = world.project, np.random.default_rng(5), set()
    things = doings(world, box, proposal, chance)
    for index in chance.integers(0, len(things) + 1, 150):
        if index < len(things):
            things[index]()
        else:
            for row in project.annotations.of_image(1)[1:2]:
                project.annotations.delete(row.id)
        quick = project._store.rows("SELECT * FROM acceptance ORDER BY 1, 2")
        assert quick == looked_at(project)
        assert project.suggestions.count() == sum(row["suggested"] for row in quick)
        seen |= {(row["pending"], row["accepted"], row["unchanged"]) for row in quick}
    assert len(seen) > 15


def test_accepted_as_another_word_is_one_step(world, proposal):
    project, image = world.project, world.first.id
    (row,) = project.suggestions.replace(image, [proposal(world.cat.id)], "v1")
    made = project.suggestions.accept(row.id, class_id=world.dog.id)
    assert (made.class_id, made.rle) == (world.dog.id, row.rle)
    assert project.undo(image) == f"accept suggestion as {world.dog.name}"
    assert project.annotations.of_image(image) == []
    assert [one.status for one in project.suggestions.of_image(image)] == ["pending"]
