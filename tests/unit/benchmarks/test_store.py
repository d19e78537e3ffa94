"""The benchmark of the store measures what is promised, on a project that holds what it says."""

import json

import pytest


@pytest.fixture
def store(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import store

    monkeypatch.setattr(store, "REPEATS", 2)
    return store


def test_every_limit_is_measured(store, capsys, monkeypatch):
    counts = []
    real = store._changes

    def count(project, images):
        counts.append((project.images.count(), project.annotations.count()))
        return real(project, images)

    monkeypatch.setattr(store, "_changes", count)
    monkeypatch.setattr(store, "LIMITS", dict.fromkeys(store.LIMITS, 1e9))
    assert store.main(["--images", "30", "--annotations", "90", "--export", "--json"]) == 0
    assert counts == [(10, 10), (30, 90)]
    figures = json.loads(capsys.readouterr().out)
    assert (figures.pop("images"), figures.pop("annotations"), figures.pop("over")) == (30, 90, [])
    assert set(figures) == {*store.LIMITS, "export, per row"}
    assert all(one["large_ms"] > 0 for one in figures.values())


def test_a_limit_that_is_passed_is_said(store, capsys, monkeypatch):
    monkeypatch.setitem(store.LIMITS, "open", 0.0)
    monkeypatch.setitem(store.LIMITS, "add an annotation", 1e9)
    assert store.main(["--images", "30", "--annotations", "90"]) == 1
    assert "over: open" in capsys.readouterr().out
