"""`cascadeclip analyse` hands its options to the training process as they are."""

from __future__ import annotations

import pytest

from cascadeclip.app import cli, training
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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "cka mini --scenes 8 --before fresh --limit 5 --out o",
            {"model": "mini", "images": None, "scenes": 8, "limit": 5, "before": "fresh"},
        ),
        (
            "cka m --images shots --out o",
            {"model": "m", "images": "shots", "scenes": None, "limit": 32, "before": "tower"},
        ),
        (
            "similarity m a.png --point 3,-4 --out o",
            {"model": "m", "image": "a.png", "point": "3,-4"},
        ),
        (
            "cost --out o",
            {"model": None, "words": 171, "side": None, "device": "auto", "repeats": 10},
        ),
        (
            "cost m --words 2 --side 64 --device cpu --repeats 3 --out o",
            {"model": "m", "words": 2, "side": 64, "device": "cpu", "repeats": 3},
        ),
    ],
)
def test_every_option_arrives(asked, capsys, line, expected):
    assert cli.run(["analyse", *line.split()]) == 0
    assert capsys.readouterr().out == "a table\n"
    options = vars(_parser().parse_args(asked[0]))
    assert str(options.pop("out")) == "o"
    options.pop("run")
    plain = {key: str(one) if hasattr(one, "parts") else one for key, one in options.items()}
    assert plain == expected


@pytest.mark.parametrize(
    "line", ["cka mini", "similarity m a.png --out o", "cost --words 0 --out o"]
)
def test_what_is_missing_is_said_before_anything_starts(asked, line):
    assert cli.run(["analyse", *line.split()]) == 2
    assert asked == []
