"""`cascadeclip models export-onnx`: the file runs elsewhere and says what it takes and gives."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from cascadeclip.app import cli
from cascadeclip.core.model import CascadeCLIP, ModelInfo, NetworkConfig, load_model, save_model
from cascadeclip.core.project import Project

SIDE = 32


@pytest.fixture
def model(tmp_path):
    torch.manual_seed(0)
    network = CascadeCLIP(
        NetworkConfig(
            patch=8, width=16, layers=3, heads=2, embed=16, grid=4, prompts=2,
            stages=((0, 1), (2,)), decoder_heads=2, decoder_ff=32,
        )
    )  # fmt: skip
    info = ModelInfo(name="tiny", version="tiny-0", window=SIDE, stride=SIDE)
    save_model(tmp_path / "tiny", network, None, info, dtype=torch.float32)
    return tmp_path / "tiny"


def run(*words):
    return cli.run(["models", "export-onnx", *(str(word) for word in words)])


def test_the_file_gives_what_the_model_gives(model, tmp_path, capsys):
    out = tmp_path / "new" / "onnx"
    assert run("--model", model, "--out", out) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"Wrote {out / 'tower.onnx'}: fp32, ")
    assert said[0].endswith("opset 18.")
    assert said[1] == "takes  images  float32 windows x 3 x 32 x 32"
    assert [line for line in said if line.startswith("gives")] == [
        "gives  stages  float32 windows x 2 x 16 x 16",
        "gives  cls  float32 windows x 16",
    ]
    images = np.random.default_rng(0).normal(size=(3, 3, SIDE, SIDE)).astype(np.float32)
    session = onnxruntime.InferenceSession(str(out / "tower.onnx"))
    stages, cls = session.run(["stages", "cls"], {"images": images})
    with torch.inference_mode():
        features = load_model(model).network.encode(torch.from_numpy(images))
    np.testing.assert_allclose(stages, features.stages.numpy(), atol=1e-4)
    np.testing.assert_allclose(cls, features.cls.numpy(), atol=1e-4)
    assert sorted(one.name for one in (tmp_path / "new").iterdir()) == ["onnx"]


def test_a_place_that_is_taken_is_left_as_it_was(model, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    assert run("--model", model, "--out", tmp_path / "mine") == 2
    assert "exists already" in capsys.readouterr().err
    assert list((tmp_path / "mine").iterdir()) == []


def test_what_cannot_be_meant_is_a_sentence(model, tmp_path, capsys):
    with Project.create(tmp_path / "project"):
        pass
    out = tmp_path / "onnx"
    assert run(tmp_path / "project", "--model", model, "--out", out) == 2
    assert "not both" in capsys.readouterr().err
    assert run("--model", tmp_path / "gone", "--out", out) == 2
    assert run(tmp_path / "no-project", "--out", out) == 2
    assert not out.exists()
