"""The program that measures speaks JSON, a line at a time, whatever the libraries print."""

import json
import sys

import pytest

from cascadeclip.core.engine import measure, models
from cascadeclip.core.engine.backends.choice import Choice


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_try_is_a_line_and_the_choice_the_last(tmp_path, monkeypatch, capsys):
    asked = []

    def measured(folder, device, say):
        asked.append((folder, device))
        say("Trying torch-cpu ...")
        sys.stdout.write("an exporter that talks")
        return Choice("onnx-cpu", "9 ms a window; torch-cpu 20", {})

    monkeypatch.setattr(models, "measure_model", measured)
    assert measure.main([str(tmp_path), "--device", "cpu"]) == 0
    assert asked == [(tmp_path, "cpu")]
    assert lines(capsys) == [
        {"say": "Trying torch-cpu ..."},
        {"chosen": "onnx-cpu", "reason": "9 ms a window; torch-cpu 20"},
    ]


def test_nothing_to_measure_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(models, "measure_model", lambda *_: None)
    assert measure.main([str(tmp_path)]) == 0
    assert lines(capsys) == [{"chosen": None, "reason": ""}]


def test_a_model_that_cannot_be_read_is_a_sentence(tmp_path, capsys):
    assert measure.main([str(tmp_path / "gone")]) == measure.BAD_INPUT
    (said,) = lines(capsys)
    assert list(said) == ["failed"]
    assert "gone" in said["failed"]


def test_nobody_listening_ends_it(tmp_path, monkeypatch):
    def measured(folder, device, say):
        raise BrokenPipeError

    monkeypatch.setattr(models, "measure_model", measured)
    with pytest.raises(BrokenPipeError):
        measure.main([str(tmp_path)])
