"""What a person chooses for a project counts from the next change on."""

import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.preferences import MOST_STEPS, Preferences, keep, read


def test_nothing_chosen_is_the_account_and_five_hundred_steps(world):
    assert read(world.project) == Preferences("", "ann", 500)


def test_choices_are_kept_and_count(world, box):
    keep(world.project, author="  Bo  Lee ", undo_steps=2)
    assert read(world.reopen()) == Preferences("Bo Lee", "ann", 2)
    rows = [world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5)) for _ in range(4)]
    assert {row.provenance.author for row in rows} == {"Bo Lee"}
    assert [world.project.undo(1) for _ in range(3)] == ["add mask", "add mask", None]
    keep(world.project, author="")
    assert read(world.project) == Preferences("", "ann", 2)
    assert (
        world.project.annotations.add(1, world.cat.id, box(1, 1, 5, 5)).provenance.author == "ann"
    )


@pytest.mark.parametrize(
    "chosen",
    [
        {"undo_steps": 0},
        {"undo_steps": MOST_STEPS + 1},
        {"author": "a" * 201},
        {"author": "a\0"},
        {"author": "Bo", "undo_steps": -1},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(world, chosen):
    with pytest.raises(ProjectError):
        keep(world.project, **chosen)
    assert read(world.project) == Preferences("", "ann", 500)


@pytest.mark.parametrize("value", ["many", 0, None, True, [3]])
def test_nonsense_in_the_file_counts_as_nothing(world, value):
    world.project.settings.set("journal.kept", value)
    world.project.settings.set("author", [value])
    assert read(world.project) == Preferences("", "ann", 500)
