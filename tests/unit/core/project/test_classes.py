"""Words of a project."""

import pytest

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.vocabulary import colour_for, parse_vocabulary


def names(rows):
    return [row.name for row in rows]


def test_words_have_phrases_colours_and_places(world):
    classes = world.project.classes
    bird = classes.add(" bird ", phrases=("sparrow", "Bird"), negative=True)
    assert (bird.name, bird.phrases, bird.negative) == ("bird", ("bird", "sparrow"), True)
    assert [row.colour for row in classes.all()] == [colour_for(n) for n in range(3)]
    assert [row.position for row in classes.all()] == [0, 1, 2]
    assert bird.word.phrases == ("bird", "sparrow")
    assert classes.add("red", colour="#FF0000").colour == "#ff0000"


@pytest.mark.parametrize("name", ["cat", "CAT", "", "a,b", "a|b", "-a"])
def test_what_cannot_be_a_word_is_refused(world, name):
    with pytest.raises(VocabularyError):
        world.project.classes.add(name)
    assert names(world.project.classes.all()) == ["cat", "dog"]


@pytest.mark.parametrize("colour", ["red", "#12345", "#12345g", "123456#"])
def test_what_is_no_colour_is_refused(world, colour):
    with pytest.raises(VocabularyError, match="A colour is written like"):
        world.project.classes.add("bird", colour=colour)


def test_update_changes_only_what_is_given(world):
    classes = world.project.classes
    row = classes.update(world.cat.id, phrases=("kitten",))
    assert row.phrases == ("cat", "kitten")
    row = classes.update(world.cat.id, name="tom", colour="#010203", negative=True)
    assert (row.id, row.phrases, row.colour) == (world.cat.id, ("tom", "kitten"), "#010203")
    assert row.negative
    assert classes.update(world.cat.id, name="Tom").name == "Tom"
    with pytest.raises(VocabularyError, match="already a word"):
        classes.update(world.cat.id, name="DOG")
    with pytest.raises(VocabularyError, match="no word number 77"):
        classes.update(77, name="x")


def test_reorder(world):
    classes = world.project.classes
    assert names(classes.reorder([world.dog.id, world.cat.id])) == ["dog", "cat"]
    assert names(classes.all()) == ["dog", "cat"]
    for wrong in ([world.dog.id], [world.dog.id] * 2, [world.dog.id, world.cat.id, 9]):
        with pytest.raises(VocabularyError):
            classes.reorder(wrong)


def test_remove_is_refused_while_masks_use_the_word(world, box):
    project = world.project
    row = project.annotations.add(world.first.id, world.cat.id, box(1, 1, 4, 4))
    with pytest.raises(VocabularyError, match='"cat" is the word of 1 mask'):
        project.classes.remove(world.cat.id)
    project.annotations.delete(row.id)
    project.classes.remove(world.cat.id)
    assert names(project.classes.all()) == ["dog"]
    project.undo(world.first.id)  # the mask comes back, and its word is still known
    assert project.classes.get(project.annotations.get(row.id).class_id).name == "cat"
    assert project.classes.add("Cat").id == world.cat.id


def test_remove_takes_undecided_suggestions_along(world, proposal):
    project = world.project
    project.suggestions.replace(
        world.first.id, [proposal(world.cat.id), proposal(world.dog.id)], "mini"
    )
    project.classes.remove(world.cat.id)
    project.classes.add("cat")
    left = project.suggestions.of_image(world.first.id)
    assert [row.class_id for row in left] == [world.dog.id]


def test_set_vocabulary_adds_updates_hides_and_orders(world):
    classes = world.project.classes
    rows = classes.set_vocabulary(parse_vocabulary("bird, -Dog | hound"))
    assert [(row.name, row.phrases, row.negative) for row in rows] == [
        ("bird", ("bird",), False),
        ("Dog", ("Dog", "hound"), True),
    ]
    assert rows[1].id == world.dog.id
    assert rows[1].colour == world.dog.colour
    hidden = classes.all(include_hidden=True)[-1]
    assert (hidden.id, hidden.active) == (world.cat.id, False)
    back = classes.set_vocabulary(parse_vocabulary("cat, dog, bird"))
    assert [row.id for row in back] == [world.cat.id, world.dog.id, rows[0].id]
    assert not back[1].negative
    assert len({row.colour for row in back}) == 3
    assert world.reopen().classes.all() == back


def test_new_words_take_colours_that_are_free(world):
    classes = world.project.classes
    rows = classes.set_vocabulary(parse_vocabulary("dog, bird"))  # both want the second colour
    assert rows[0].colour == world.dog.colour
    assert rows[1].colour != rows[0].colour


def test_set_vocabulary_refuses_nothing_and_twice(world):
    classes = world.project.classes
    with pytest.raises(VocabularyError, match="empty"):
        classes.set_vocabulary([])
    with pytest.raises(VocabularyError, match="twice"):
        classes.set_vocabulary(parse_vocabulary("bird") * 2)
    assert names(classes.all()) == ["cat", "dog"]


def test_the_same_vocabulary_again_writes_nothing(world):
    words = parse_vocabulary("cat | kitten, dog")
    world.project.classes.set_vocabulary(words)
    before = world.project._store.db.conn.total_changes
    world.project.classes.set_vocabulary(words)
    assert world.project._store.db.conn.total_changes == before


def test_a_word_may_have_its_own_threshold(world):
    classes = world.project.classes
    assert classes.set_threshold(world.cat.id, 0.25).word.threshold == 0.25
    classes.update(world.cat.id, colour="#112233")
    classes.set_vocabulary([row.word for row in classes.all()])
    assert [row.threshold for row in world.reopen().classes.all()] == [0.25, None]
    assert world.project.classes.set_threshold(world.cat.id, None).threshold is None
    for wrong in (-0.1, 1.5):
        with pytest.raises(VocabularyError, match="between 0 and 1"):
            world.project.classes.set_threshold(world.cat.id, wrong)


def test_a_key_belongs_to_one_word(world):
    classes = world.project.classes
    assert [row.key for row in classes.set_key(world.cat.id, 7)] == [7, None]
    assert [row.key for row in classes.set_key(world.dog.id, 7)] == [None, 7]
    assert [row.key for row in classes.set_key(world.cat.id, 0)] == [0, 7]
    assert [row.key for row in classes.set_key(world.dog.id, None)] == [0, None]
    with pytest.raises(VocabularyError, match="one of 0 to 9"):
        classes.set_key(world.cat.id, 10)
