"""The engine's benchmarks measure what they say: each step once, the same answer on both sides."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch


@pytest.fixture
def benches(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import forward
    import random_models

    return forward, random_models


def test_redecode_prints_every_key(root):
    script = root / "benchmarks" / "redecode.py"
    options = ["--random-weights", "--repeats", "1", "--no-int8", "--json"]
    done = subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    steps = ("encode_ms", "add_phrase_ms", "vocabulary_171_ms", "remove_phrase_ms")
    assert all(found[step] > 0 for step in steps)
    ratio = found["encode_ms"] / found["add_phrase_ms"]
    assert found["add_phrase_times_cheaper"] == pytest.approx(ratio)
    assert found["backend"] == "torch cpu"


def test_the_plain_method_and_the_engine_give_the_same_maps(benches):
    forward, random_models = benches
    model = random_models.model_for("mini", random=True)
    plain = forward.plain_of(model)
    images = np.random.default_rng(1).normal(size=(1, 3, 96, 96)).astype(np.float32)
    text = torch.nn.functional.normalize(torch.randn(5, 128), dim=-1)
    tower = forward.TorchTower(model.network, torch.device("cpu"), exact=True)
    got = forward.ours(model, tower, images, text)
    with torch.inference_mode():
        expected = plain(torch.from_numpy(images), text)
    same = forward.agreement(got, expected)
    assert same["agreement"] > 0.9999
    assert same["difference"] < 1e-5
    assert forward.agreement(got.flip(1), expected)["agreement"] < 0.99
