"""`cascadeclip benchmark` hands its options to the training process as they are."""

from __future__ import annotations

import pytest

from cascadeclip.app import cli, training
from cascadeclip.app.commands import benchmark_published
from cascadeclip.train import benchmark_options
from cascadeclip.train.__main__ import _parser


@pytest.fixture
def asked(monkeypatch):
    """The arguments of every run that was started."""
    found = []

    def lines(arguments):
        found.append(list(arguments))
        yield "a table"

    monkeypatch.setattr(training, "run_lines", lines)
    return found


def test_nothing_is_said_that_was_not_given(asked, capsys):
    assert cli.run(["benchmark", "voc", "--root", "data"]) == 0
    assert capsys.readouterr().out == "a table\n"
    (words,) = asked
    assert words[:2] == ["benchmark", "voc"]
    assert sorted(words[2:]) == sorted(
        ["--root", "data", "--setting", "inductive", "--device", "auto"]
    )


def test_every_option_arrives(asked):
    line = "--root data --setting cross --model m --heads 12 --limit 3 --batch 2 --classes c.txt"
    line += " --check --per-word --device cpu --split paper"
    assert cli.run(["benchmark", "context", *line.split()]) == 0
    options = _parser().parse_args(asked[0])
    given = {name: str(value) for name, value in vars(options).items() if name != "run"}
    assert given == {
        "root": "data", "setting": "cross", "model": "m", "heads": "12", "limit": "3",
        "batch": "2", "classes": "c.txt", "check": "True", "per_word": "True", "device": "cpu",
        "split": "paper", "data_set": "context59",
    }  # fmt: skip


def test_both_sides_know_the_same_names():
    assert list(benchmark_published.TITLES) == list(benchmark_options.DATA_SETS)
    assert benchmark_published.SETTINGS == benchmark_options.SETTINGS
    assert benchmark_published.SPLITS == benchmark_options.SPLITS


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("voc", "Missing option '--root'"),
        ("voc --root data --setting zero", "'zero' is not one of"),
        ("voc --root data --limit 0", "0 is not in the range x>=1"),
        ("voc --root data --split paper", "No such option"),
        ("ade --root data", "No such command 'ade'"),
    ],
)
def test_other_requests_are_refused_before_anything_starts(asked, capsys, line, sentence):
    assert cli.run(["benchmark", *line.split()]) == 2
    assert sentence in capsys.readouterr().err
    assert asked == []


def test_a_refusal_of_the_process_is_one_sentence(tmp_path, capfd):
    assert cli.run(["benchmark", "voc", "--root", str(tmp_path), "--check"]) == 2
    out, error = capfd.readouterr()
    assert out == ""
    assert error.splitlines() == [
        f"There is no folder VOCdevkit/VOC2012 in {tmp_path}: name the folder that holds VOCdevkit."
    ]
