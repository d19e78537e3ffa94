from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.experiments import runs
from cascadeclip.train.experiments.runs import plan
from cascadeclip.train.experiments.scale import MiniScale
from cascadeclip.train.experiments.tables import TABLES, Row, Table, find_tables

SMALL = MiniScale(train_scenes=2, test_scenes=1)


def never() -> bool:
    return False


def test_a_run_that_several_tables_need_is_planned_once() -> None:
    wanted = plan(find_tables("all"), 3, None, MiniScale())
    keys = [run.key for run in wanted]
    assert len(keys) == len(set(keys))
    apart = sum(len(plan([table], 3, None, MiniScale())) for table in TABLES.values())
    assert len(wanted) < apart
    seeds = [run.training.seed for run in wanted]
    assert seeds == sorted(seeds)
    assert max(seeds) == 4


def test_a_key_follows_what_the_figures_depend_on() -> None:
    row = TABLES[4].rows[0]
    (first,) = runs.runs_of(dataclasses.replace(row, seeds=0), 1, None, SMALL)
    others = [
        runs.runs_of(dataclasses.replace(row, seeds=0), 1, 7, SMALL)[0],
        runs.runs_of(dataclasses.replace(row, preset="cascade", seeds=0), 1, None, SMALL)[0],
        runs.runs_of(dataclasses.replace(row, seeds=0), 1, None, MiniScale())[0],
        runs.runs_of(row, 2, None, SMALL)[1],
    ]
    assert len({run.key for run in (first, *others)}) == 5
    again = runs.runs_of(dataclasses.replace(row, seeds=0), 1, None, SMALL)[0]
    assert again.key == first.key


def test_what_was_run_is_not_run_again(tmp_path: Path, trained) -> None:
    wanted = plan([TABLES[9]], 2, 5, SMALL)
    assert runs.budget(wanted, tmp_path) == (4, pytest.approx(4 * 75 / 3600))
    lines: list[str] = []
    assert runs.run_all(wanted, tmp_path, lines.append, never)
    assert sorted(trained) == sorted((r.preset, r.training.seed, 5) for r in wanted)
    assert len(lines) == 4
    assert runs.run_all(wanted, tmp_path, lines.append, never)
    assert len(trained) == 4
    assert runs.budget(wanted, tmp_path)[0] == 0


def test_a_stopped_run_leaves_nothing(tmp_path: Path, trained) -> None:
    wanted = plan([TABLES[9]], 1, 5, SMALL)
    assert not runs.run_all(wanted, tmp_path, lambda line: None, lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_result_is_named(tmp_path: Path, trained) -> None:
    (run,) = plan([Table(1, "x", (Row("a", "cascade"),))], 1, 5, SMALL)
    (tmp_path / f"{run.key}.json").write_text("{")
    with pytest.raises(TrainingFailed, match=run.key):
        runs.run_once(run, tmp_path, never)
