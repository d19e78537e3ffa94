"""What training measured is in rows, and comes back as it was."""

import gzip
import json
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project import Project, measures

OLD = Path(__file__).parent / "old" / "v3.db.gz"
QUALITY = {"miou": 0.5, "per_word": {"cat": 0.6, "dog": 0.4}, "accuracy": 0.9}
METRICS = {
    "before": {**QUALITY, "miou": 0.25},
    "after": QUALITY,
    "share": 0.75,
    "validation": {"0.5": 0.51, "1.0": 0.52},
    "views": 24,
    "seconds": 41.5,
    "activate": True,
    "reason": "better",
}


def add(world, name="v1", **options):
    folder = world.project.folder / "models" / name
    return world.project.versions.add(name, folder=folder, recipe="quick", **options)


def test_a_run_and_its_numbers_are_rows(world):
    run = {"name": "v1", "seed": 7, "device": "cpu", "words": ["cat"], "losses": [2.0, 1.5],
           "metrics": {"not": "again"}}  # fmt: skip
    version = add(world, metrics=METRICS, run=run)
    project = world.reopen()
    assert project.versions.get("v1") == version
    assert version.metrics == METRICS
    row = project.runs.of_version(version.id)
    assert project.runs.all() == [row]
    assert (row.version, row.recipe, row.device, row.seed) == ("v1", "quick", "cpu", 7)
    assert (row.seconds, row.advised, row.reason) == (41.5, True, "better")
    assert row.details == {"words": ["cat"], "losses": [2.0, 1.5]}
    store = project._store
    assert store.rows(
        "SELECT part, name, word, value FROM metrics WHERE word = 'cat' ORDER BY part"
    ) == [
        {"part": "after", "name": "per_word", "word": "cat", "value": 0.6},
        {"part": "before", "name": "per_word", "word": "cat", "value": 0.6},
    ]
    assert store.value("SELECT value FROM metrics WHERE name = 'miou' AND part = 'after'") == 0.5
    assert store.value("SELECT value FROM metrics WHERE part = ''  AND name = 'views'") == 24
    assert store.value("SELECT others FROM runs") == "{}"


def test_a_version_from_elsewhere_has_no_run(world):
    version = add(world, metrics={})
    assert version.metrics == {}
    assert world.project.runs.of_version(version.id) is None
    assert world.project.runs.all() == []
    world.project.runs.add(version.id, recipe="quick", metrics={"share": 0.5})
    assert world.project.versions.get("v1").metrics == {"share": 0.5}
    with pytest.raises(ProjectError, match="has its run already"):
        world.project.runs.add(version.id, recipe="quick", metrics={})


def test_odd_numbers_do_not_break_the_row(world):
    odd = {
        "nan": math.inf,
        "huge": 1 << 80,
        "": {"": 1},
        "deep": {"a": {"b": {"c": 1}}},
        "no": None,
    }
    odd |= {
        "activate": "perhaps",
        "seconds": "long",
        "reason": 3,
        "empty": {},
        "list": [1, {"a": 2}],
    }
    version = add(world, metrics=odd, run={"device": 3, "seed": "x"})
    assert version.metrics == odd
    row = world.project.runs.of_version(version.id)
    assert (row.seconds, row.advised, row.reason, row.device, row.seed) == (None,) * 5


leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
tree = st.recursive(
    leaf, lambda below: st.dictionaries(st.text(max_size=8), below, max_size=4), max_leaves=12
)


@given(st.dictionaries(st.text(max_size=8), tree, max_size=5))
def test_taken_apart_and_put_together_is_the_same(metrics):
    found = measures.apart(metrics)
    assert measures.together(found) == metrics
    assert all(math.isfinite(value) for *_, value in found.rows)
    json.dumps(found.rest)


def test_an_older_file_keeps_all_it_says(tmp_path):
    path = tmp_path / "project.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        metrics = [
            json.loads(text)
            for (text,) in connection.execute("SELECT metrics FROM model_versions ORDER BY id")
        ]
        acceptance = connection.execute("SELECT * FROM acceptance ORDER BY 1, 2").fetchall()
        marks = dict(connection.execute("SELECT key, value FROM settings WHERE key LIKE 'pre%'"))
    assert len(metrics) == 3
    assert len(marks) == 2
    with Project.open(tmp_path) as project:
        assert [row.metrics for row in project.versions.all()] == metrics
        assert [row.version for row in project.runs.all()] == ["v1", "v2"]
        first = project.runs.all()[0]
        assert (first.seconds, first.advised) == (41.5, True)
        assert first.created == project.versions.get("v1").created
        seen = project._store.rows("SELECT * FROM acceptance ORDER BY 1, 2")
        assert [tuple(row.values()) for row in seen] == acceptance
        assert len(acceptance) == 2
        stored = project._store.rows("SELECT id, suggested_with FROM images")
        assert {f"prelabel/{row['id']}": f'"{row["suggested_with"]}"' for row in stored} == marks
        assert project.settings.get("prelabel/1") is None
        assert project.settings.get("threshold") == 0.4
        assert project.versions.active().name == "v1"
