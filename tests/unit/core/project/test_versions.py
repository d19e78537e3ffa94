"""Model versions of a project."""

import pytest

from cascadeclip.core.errors import ProjectError


def add(world, name, **more):
    return world.project.versions.add(
        name, folder=f"models/{name}", recipe="quick", metrics={"miou": {"after": 0.5}}, **more
    )


def test_rows(world):
    first = add(world, "v1")
    second = add(world, "v2", parent="v1")
    versions = world.reopen().versions
    assert versions.all() == [first, second]
    assert versions.get("v2") == second
    assert second.folder == world.project.folder / "models" / "v2"
    assert (second.parent, second.recipe) == ("v1", "quick")
    assert second.metrics == {"miou": {"after": 0.5}}
    assert versions.active() is None
    with pytest.raises(ProjectError, match='no model version "v9"'):
        versions.get("v9")
    with pytest.raises(ProjectError, match="already a model version"):
        add(world, "v1")


def test_activate_and_roll_back_step_by_step(world):
    rows = [add(world, f"v{n}") for n in (1, 2, 3)]
    versions = world.project.versions
    for row in rows:
        assert versions.activate(row.id).active
    versions.activate(rows[2].id)  # again: no second step
    assert [row.active for row in versions.all()] == [False, False, True]
    assert versions.rollback().name == "v2"
    assert world.reopen().versions.active().name == "v2"
    versions = world.project.versions
    assert versions.activate(rows[2].id).name == "v3"
    assert [versions.rollback().name for _ in range(2)] == ["v2", "v1"]
    assert versions.rollback() is None  # the model that comes with the program
    assert versions.active() is None
    with pytest.raises(ProjectError, match="No trained model is active"):
        versions.rollback()
    history = world.project._store.rows("SELECT reason FROM model_activations ORDER BY id")
    assert [row["reason"] for row in history] == ["activate"] * 3 + [
        "rollback", "activate", "rollback", "rollback", "rollback"
    ]  # fmt: skip
    with pytest.raises(ProjectError, match="number 99"):
        versions.activate(99)
