"""Every mask says who made it and how long it took."""

import getpass

import pytest

from cascadeclip.core.project import hand


@pytest.fixture
def clock(world, monkeypatch):
    """A clock that goes on by hand."""
    time = [100.0]
    monkeypatch.setattr(world.project._hand, "_clock", lambda: time[0])

    def go_on(seconds):
        time[0] += seconds

    return go_on


def seconds(world, row):
    return world.project.annotations.get(row.id).provenance.seconds


def test_the_time_since_the_last_change_counts(world, clock, box, proposal):
    project = world.project
    rows = project.suggestions.replace(1, [proposal(1)] * 3, "v1")
    project.look(1)
    clock(4.5)
    drawn = project.annotations.add(1, 1, box(1, 1, 5, 5))
    clock(2)
    accepted = project.suggestions.accept(rows[0].id)
    clock(3)
    both = project.suggestions.accept_many([rows[1].id, rows[2].id])
    assert [seconds(world, row) for row in (drawn, accepted, *both)] == [4.5, 2, 1.5, 1.5]
    clock(1.25)
    project.annotations.edit(accepted.id, box(1, 1, 6, 6))
    clock(1)
    project.annotations.relabel(accepted.id, world.dog.id)
    assert seconds(world, accepted) == 2 + 1.25 + 1
    project.undo(1)
    assert seconds(world, accepted) == 3.25
    assert world.reopen().annotations.get(drawn.id).provenance.seconds == 4.5


def test_parts_share_the_time_and_a_whole_has_all_of_it(world, clock, box):
    project = world.project
    project.look(1)
    clock(3)
    whole = project.annotations.add(1, 1, box(1, 1, 5, 5))
    clock(1)
    parts = project.annotations.split(whole.id, [box(1, 1, 3, 5), box(3, 1, 5, 5)])
    assert [row.provenance.seconds for row in parts] == [2, 2]
    clock(0.5)
    assert project.annotations.unite([row.id for row in parts]).provenance.seconds == 4.5


def test_pauses_and_other_images_do_not_count(world, clock, box):
    project = world.project
    project.look(1)
    clock(5000)
    long = project.annotations.add(1, 1, box(1, 1, 5, 5))
    elsewhere = project.annotations.add(2, 1, box(1, 1, 5, 5))
    assert seconds(world, long) == hand.PAUSE_SECONDS
    assert seconds(world, elsewhere) is None
    project.annotations.edit(elsewhere.id, box(1, 1, 5, 6))
    assert seconds(world, elsewhere) is None


def test_what_the_program_accepts_is_nobodys(world, clock, proposal):
    project = world.project
    rows = project.suggestions.replace(1, [proposal(1)], "v1")
    project.look(1)
    clock(3)
    (made,) = project.suggestions.accept_many([rows[0].id], author=hand.PROGRAM)
    assert (made.provenance.author, made.provenance.seconds) == (hand.PROGRAM, None)


def test_who_it_is_can_be_chosen(world, box):
    project = world.project
    assert project.annotations.add(1, 1, box(1, 1, 5, 5)).provenance.author == "ann"
    project.settings.set(hand.AUTHOR_SETTING, " Zoë ")
    assert project.annotations.add(1, 1, box(1, 1, 5, 5)).provenance.author == "Zoë"
    for nonsense in ("", 3, None):
        project.settings.set(hand.AUTHOR_SETTING, nonsense)
        assert project.annotations.add(1, 1, box(1, 1, 5, 5)).provenance.author == "ann"


def test_an_account_without_a_name_is_nobody(world, box, monkeypatch):
    def fail():
        raise KeyError("no such user")

    monkeypatch.setattr(getpass, "getuser", fail)
    assert world.project.annotations.add(1, 1, box(1, 1, 5, 5)).provenance.author is None
