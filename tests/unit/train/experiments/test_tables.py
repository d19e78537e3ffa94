from __future__ import annotations

import dataclasses
import io
import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.assess import Assessment
from cascadeclip.train.events import StoppedByRequest
from cascadeclip.train.experiments import command, runs
from cascadeclip.train.experiments.report import Measured, measured, put_section, section
from cascadeclip.train.experiments.runs import Figures, plan
from cascadeclip.train.experiments.scale import MiniScale, Outcome
from cascadeclip.train.experiments.tables import TABLES, Row, Table, find_tables
from cascadeclip.train.presets import PRESETS

SMALL = MiniScale(train_scenes=2, test_scenes=1)


def figures(harmonic: float) -> Figures:
    return Figures(
        seen=60.0, unseen=50.0, harmonic=harmonic, accuracy=90.0, seconds=10.0, trained=1_500_000
    )


def never() -> bool:
    return False


def outcome(seen: float) -> Outcome:
    told = Assessment(("cat",), (seen,), seen, 0.5, 0.55, 0.5, 0.9, 1)
    return Outcome(told, 12.0, 3, 0.1)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Replace the training by a note of what would have been trained."""
    asked: list[tuple[str, int, int]] = []

    def run(preset, training, scale, *, emit, stopped):
        if stopped():
            return None
        asked.append((preset.name, training.seed, training.steps))
        return outcome(0.6 + training.seed / 100)

    monkeypatch.setattr(runs, "run_variant", run)
    return asked


def test_every_table_of_the_issue_is_there_with_presets_that_exist() -> None:
    assert tuple(TABLES) == (4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18)
    for table in TABLES.values():
        assert len(table.rows) >= 2
        assert {row.preset for row in table.rows} <= set(PRESETS)
        assert table.choice in {row.preset for row in table.rows}


def test_only_known_tables_are_found() -> None:
    assert find_tables("all") == tuple(TABLES.values())
    assert find_tables("8") == (TABLES[8],)
    for wrong in ("99", "x", "-4", "²"):
        with pytest.raises(TrainingFailed):
            find_tables(wrong)


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


def test_a_section_tells_mean_spread_and_whose_order_it_is() -> None:
    table = Table(9, "Words", (Row("shared", "shared-text"), Row("own", "cascade", paper="1 / 2")))
    rows = (
        Measured(table.rows[0], (figures(50.0), figures(52.0))),
        Measured(table.rows[1], (figures(60.0), figures(64.0))),
    )
    text = section(table, rows)
    assert "| own | `cascade` | 2 | 60.0 ± 0.0 | 50.0 ± 0.0 | 62.0 ± 2.8 |" in text
    assert "| 1.50 M | 1 / 2 |" in text
    assert "As in the paper" in text
    assert "11.0 hIoU over `shared-text`, beyond twice the spread of the difference (3.2)" in text
    turned = section(table, (rows[0], Measured(table.rows[1], (figures(48.0), figures(49.0)))))
    assert "**Not the paper's order:** `shared-text` is best here, 2.5 hIoU over" in turned
    assert "within twice the spread" in turned


def test_a_table_that_is_not_run_to_the_end_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="lacks 2 runs of 'shared by the decoders'"):
        measured(TABLES[9], 2, 5, SMALL, tmp_path)


def test_a_section_replaces_its_older_self_and_no_other() -> None:
    text = "# Title\n\nWords.\n"
    for number, body in ((4, "four"), (14, "fourteen"), (4, "FOUR")):
        table = Table(number, "T", (Row("a", "cascade"),))
        text = put_section(text, table, f"## Table {number}: T\n\n{body}\n")
    assert text == "# Title\n\nWords.\n\n## Table 4: T\n\nFOUR\n\n## Table 14: T\n\nfourteen\n"


def options(*line: str):
    parser = ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    command.add_arguments(parser)
    return parser.parse_args(line)


def test_tables_are_told_and_written(tmp_path: Path, trained) -> None:
    out, document = io.StringIO(), tmp_path / "experiments.md"
    document.write_text("# Experiments\n")
    words = ("--table", "9", "--seeds", "2", "--work", str(tmp_path / "w"), "--out", str(document))
    command.run(options(*words), out, io.StringIO(), never)
    assert out.getvalue().startswith("4 runs, 4 still to do: about 0.1 hours of one core.")
    assert document.read_text().startswith("# Experiments\n\n## Table 9: ")
    assert not list(tmp_path.glob("*.part"))


def test_parts_share_the_runs_between_them(tmp_path: Path, trained) -> None:
    words = ("--table", "9", "--seeds", "2", "--work", str(tmp_path))
    for part in ("1/2", "2/2"):
        command.run(options(*words, "--part", part), io.StringIO(), io.StringIO(), never)
    assert len(trained) == 4
    command.run(options(*words), io.StringIO(), io.StringIO(), never)
    assert len(trained) == 4


@pytest.mark.parametrize("part", ["0/2", "3/2", "x", "1", "1/0"])
def test_parts_that_are_none(tmp_path: Path, trained, part: str) -> None:
    words = options("--table", "9", "--work", str(tmp_path), "--part", part)
    with pytest.raises(TrainingFailed, match="--part"):
        command.run(words, io.StringIO(), io.StringIO(), never)
    assert trained == []


def test_stopping_says_what_is_kept(tmp_path: Path, trained) -> None:
    words = options("--table", "9", "--work", str(tmp_path))
    with pytest.raises(StoppedByRequest, match="finished runs are kept"):
        command.run(words, io.StringIO(), io.StringIO(), lambda: True)


def test_a_variant_prints_its_whole_configuration_before_its_figures(monkeypatch) -> None:
    def run(preset, training, scale, *, emit, stopped):
        assert (preset.name, training.setting, training.seed, training.steps, scale.words) == (
            "zegclip", "full", 3, 2, 24,
        )  # fmt: skip
        return outcome(0.25)

    monkeypatch.setattr("cascadeclip.train.experiments.scale.run_variant", run)
    words = "--variant zegclip --setting full --seed 3 --steps 2 --words 24"
    out = io.StringIO()
    command.run(options(*words.split()), out, io.StringIO(), never)
    assert " * stages = ((11,),)" in out.getvalue()
    row = json.loads(out.getvalue().splitlines()[-1])
    assert (row["variant"], row["setting"], row["miou_seen"]) == ("zegclip", "full", 25.0)
