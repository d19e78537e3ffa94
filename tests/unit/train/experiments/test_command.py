from __future__ import annotations

import io
import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.events import StoppedByRequest
from cascadeclip.train.experiments import command


def never() -> bool:
    return False


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


def test_a_variant_prints_its_whole_configuration_before_its_figures(monkeypatch, outcome) -> None:
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
