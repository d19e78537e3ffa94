"""The images as a list shows them."""

import re

import numpy as np
import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.listing import ListRow, Wanted, _natural, following
from cascadeclip.core.project.looks import Look


@pytest.fixture
def listing(world, make_image):
    world.project.images.add(make_image("images/A 10%.png"))
    return world.project.listing


def test_all_images_by_name(listing):
    ids = listing.ids()
    assert (ids.dtype, ids.tolist()) == (np.int64, [3, 1, 2])
    assert listing.total() == 3
    assert [row.image.path.rsplit("/")[-1] for row in listing.rows(ids[:2])] == [
        "A 10%.png", "a.png",
    ]  # fmt: skip
    assert listing.rows([2, 99, 1]) == [listing.rows([one])[0] for one in (2, 1)]


def test_numbers_in_names_count_by_their_value(world, make_image):
    for name in ("images/b10.png", "images/B9.png", "images/b9/1.png", "1/z.png"):
        world.project.images.add(make_image(name))
    listing = world.project.listing
    names = [row.image.path.removeprefix("../") for row in listing.rows(listing.ids())]
    assert names == [
        "1/z.png", "images/a.png", "images/B9.png", "images/b9/1.png", "images/b10.png",
        "images/b.png",
    ]  # fmt: skip


def test_the_order_is_that_of_texts_and_numbers_in_turn():
    rng = np.random.default_rng(0)
    paths = [
        "".join(rng.choice(list("aB01 9/.\u00dfs\u00b2"), rng.integers(0, 9))) for _ in range(3000)
    ]

    def in_turn(path):
        parts = re.split("([0-9]+)", path.casefold())
        return [int(part) if at % 2 else part for at, part in enumerate(parts)]

    keys = _natural(paths)
    found = sorted(range(len(paths)), key=keys.__getitem__)
    assert found == sorted(range(len(paths)), key=lambda at: in_turn(paths[at]))


def test_a_list_begins_with_what_was_added_first(world, listing):
    assert [row.image.id for row in listing.begin(2)] == [1, 2]


def test_search_takes_its_marks_as_they_are(listing):
    assert listing.ids(Wanted(search="A.P")).tolist() == [1]
    assert listing.ids(Wanted(search="%")).tolist() == [3]
    assert listing.ids(Wanted(search="_")).tolist() == []


def test_states_and_words(world, listing, box, proposal):
    project = world.project
    project.suggestions.replace(1, [proposal(world.cat.id)], "v")
    project.suggestions.replace(2, [proposal(world.dog.id)], "v")
    project.annotations.add(2, world.cat.id, box(1, 1, 5, 5))
    project.images.set_status(3, "reviewed")
    found = {row.image.id: row for row in listing.rows(listing.ids())}
    assert {number: row.state for number, row in found.items()} == {
        1: "suggestions", 2: "masks", 3: "reviewed",
    }  # fmt: skip
    assert found[2] == ListRow(project.images.get(2), masks=1, suggestions=1)
    expected = {
        "": [3, 1, 2], "unreviewed": [1, 2], "reviewed": [3], "suggestions": [1, 2],
        "masks": [2], "disagreement": [],
    }  # fmt: skip
    assert {state: listing.ids(Wanted(state=state)).tolist() for state in expected} == expected
    assert listing.ids(Wanted(class_id=world.cat.id)).tolist() == [1, 2]
    assert listing.ids(Wanted(class_id=world.dog.id)).tolist() == [2]
    both = Wanted(state="masks", class_id=world.dog.id, search="b.p")
    assert listing.ids(both).tolist() == [2]
    assert listing.unreviewed().tolist() == [1, 2]


def test_suggestions_of_a_word_that_left_are_nobodys(world, listing, proposal):
    world.project.suggestions.replace(1, [proposal(world.cat.id)], "v")
    world.project.classes.set_vocabulary([world.dog.word])
    assert listing.ids(Wanted(state="suggestions")).tolist() == []
    assert listing.rows([1])[0].state == "unreviewed"


def test_low_agreement(world, listing):
    world.project.looks.put(1, Look("v", np.ones(1), 0.1, 0.2))
    world.project.looks.put(2, Look("v", np.ones(1), 0.1, 0.9))
    world.project.looks.put(3, Look("v", np.ones(1), 0.1))
    assert listing.ids(Wanted(state="disagreement")).tolist() == [1]
    assert [row.agreement for row in listing.rows([1, 2, 3])] == [0.2, 0.9, None]


def test_an_unknown_filter_is_refused(listing):
    with pytest.raises(ProjectError, match="choose another filter"):
        listing.ids(Wanted(state="nice"))


def test_reading_a_page_is_two_statements_whatever_the_size(world, listing):
    seen = []
    store = world.project._store
    store._connection.set_trace_callback(seen.append)
    listing.rows(listing.ids())
    store._connection.set_trace_callback(None)
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("here", "forward", "expected"),
    [
        (None, True, 1), (None, False, 4), (1, True, 4), (4, True, 1), (4, False, 1),
        (1, False, 4), (2, True, 4), (2, False, 1),
    ],
)  # fmt: skip
def test_the_next_one_goes_round(here, forward, expected):
    ids = np.array([9, 7, 5, 3, 1])
    assert following(ids, here, np.array([1, 7]), forward=forward) == expected


def test_there_may_be_no_next_one():
    ids = np.array([9, 7])
    assert following(ids, 0, np.array([9]), forward=True) is None
    assert following(ids, 0, np.array([], np.int64), forward=False) is None
    assert following(np.array([], np.int64), None, np.array([9]), forward=True) is None
