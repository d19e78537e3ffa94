"""What runs a model is measured once, remembered, and only what agrees is offered."""

import json
from dataclasses import replace

import pytest
import torch

from cascadeclip.core.engine.backends import choice
from cascadeclip.core.engine.backends.base import is_small
from cascadeclip.core.engine.backends.choice import Measured, build, measure, place, remembered
from cascadeclip.core.model.config import NetworkConfig


@pytest.fixture
def without_card(monkeypatch):
    monkeypatch.setattr(choice, "cuda_works", lambda: False)


@pytest.mark.usefixtures("without_card")
def test_every_candidate_of_the_processor_is_tried_and_the_fastest_remembered(cascade, cache):
    said = []
    found = measure(cascade, "auto", cache, said.append)
    assert set(found.measured) == {"torch-cpu", "onnx-cpu", "onnx-cpu-int8"}
    assert found.measured["onnx-cpu"].agreement > 0.999999
    times = {name: one.ms for name, one in found.measured.items() if one.ms is not None}
    assert found.backend == min(times, key=times.get)
    assert f"{times[found.backend]:.0f} ms a window" in found.reason
    assert [line for line in said if line.startswith("Trying onnx-cpu-int8")]
    assert remembered(cascade, "auto", cache) == found
    assert remembered(cascade, "cpu", cache) is None
    assert remembered(replace(cascade, digest="other"), "auto", cache) is None


@pytest.mark.usefixtures("without_card")
def test_a_note_of_another_machine_or_damaged_is_not_believed(cascade, cache, monkeypatch):
    measure(cascade, "cpu", cache)
    (note,) = place(cascade, cache).glob("choice-*.json")
    assert remembered(cascade, "cpu", cache) is not None
    whole = json.loads(note.read_text())
    wrong = whole | {"choice": whole["choice"] | {"backend": "rm -rf"}}
    for text in ("", "{}", "[1]", json.dumps(wrong)):
        note.write_text(text)
        assert remembered(cascade, "cpu", cache) is None
    note.write_text(json.dumps(whole))
    monkeypatch.setattr(choice, "machine", lambda: "another processor")
    assert remembered(cascade, "cpu", cache) is None


@pytest.mark.usefixtures("without_card")
def test_what_disagrees_or_fails_is_refused_with_a_reason(cascade, cache, monkeypatch):
    real = choice.build

    class Wrong:
        name, device, precision = "wrong", torch.device("cpu"), "int8"

        def encode(self, images):
            right = real("torch-cpu", cascade, cache).encode(images)
            return replace(right, stages=right.stages.flip(2))

    def broken(name, model, folder):
        if name == "onnx-cpu":
            raise OSError("libgone.so: cannot open shared object\nmore")
        return Wrong() if name == "onnx-cpu-int8" else real(name, model, folder)

    monkeypatch.setattr(choice, "build", broken)
    found = measure(cascade, "auto", cache)
    assert found.backend == "torch-cpu"
    assert found.measured["onnx-cpu"] == Measured(refused="libgone.so: cannot open shared object")
    assert found.measured["onnx-cpu-int8"].agreement < choice.AGREEMENT
    assert "agree only" in found.measured["onnx-cpu-int8"].refused


def test_built_backends_say_what_they_are(cascade, cache):
    for name, said in (
        ("torch-cpu", "torch cpu"),
        ("onnx-cpu", "onnxruntime cpu fp32"),
        ("onnx-cpu-int8", "onnxruntime cpu int8"),
    ):
        backend = build(name, cascade, cache)
        assert backend.name == said
        assert backend.device.type == "cpu"
    assert {one.device for one in choice.CANDIDATES.values()} == {"cpu", "cuda"}


def test_small_models_are_left_alone(cascade):
    assert is_small(cascade)
    info = replace(cascade.info, window=512)
    large = NetworkConfig()
    network = type("Stand", (), {"config": large})()
    assert not is_small(replace(cascade, network=network, info=info))
