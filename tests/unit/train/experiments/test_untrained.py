from __future__ import annotations

import argparse
import io
import json

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model.config import DENSE
from cascadeclip.train.events import StoppedByRequest
from cascadeclip.train.experiments import command, untrained
from cascadeclip.train.experiments.scale import MiniScale

SMALL = MiniScale(words=24, train_scenes=4, test_scenes=2)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_scale", lambda options: SMALL)


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])


def run(*words: str, stopped: bool = False) -> list[str]:
    out = io.StringIO()
    command.run(options(*words), out, io.StringIO(), lambda: stopped)
    return out.getvalue().splitlines()


@pytest.mark.usefixtures("small")
def test_all_four_in_one_table() -> None:
    lines = run("--variant", "dense")
    assert [line.split()[0] for line in lines[1:5]] == list(DENSE)
    rows = [json.loads(line) for line in lines[5:]]
    assert [row["variant"] for row in rows] == list(DENSE)
    for row, line in zip(rows, lines[1:5], strict=True):
        assert (row["images"], row["words"], row["trained_parameters"]) == (2, 24, 0)
        assert str(row["pixel_accuracy"]) in line
    assert len({row["pixel_accuracy"] for row in rows}) == 4


@pytest.mark.usefixtures("small")
def test_one_variant_alone_and_twice_the_same() -> None:
    first, again = (json.loads(run("--variant", "dense-fast")[-1]) for _ in range(2))
    assert first["pixel_accuracy"] > 15
    assert first | {"seconds": 0} == again | {"seconds": 0}


@pytest.mark.usefixtures("small")
def test_what_is_not_trained_takes_no_steps_and_can_be_stopped() -> None:
    with pytest.raises(TrainingFailed, match="not trained"):
        run("--variant", "dense-fast", "--steps", "3")
    with pytest.raises(StoppedByRequest):
        run("--variant", "dense-fast", stopped=True)
    with pytest.raises(TrainingFailed, match="no variant"):
        run("--variant", "dense-most")
    assert set(DENSE) < set(untrained.NAMES)
