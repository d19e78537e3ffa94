"""`cascadeclip models import` and `describe`: released checkpoints become models of our own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cascadeclip.app import cli
from cascadeclip.core.model import CascadeCLIP, NetworkConfig, TextEncoder, load_model
from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.official import Dialect, official_name
from cascadeclip.core.project import Project

CONFIG = NetworkConfig(
    patch=4, width=16, layers=7, heads=2, embed=8, grid=3, prompts=2,
    stages=((0, 1, 2), (3, 4, 5), (6,)), decoder_heads=2, decoder_ff=12,
)  # fmt: skip
HEADS = ("--heads", "2", "--decoder-heads", "2")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def released(tmp_path):
    torch.manual_seed(0)
    network = CascadeCLIP(CONFIG).eval()
    state = {official_name(key, Dialect()): value for key, value in network.state_dict().items()}
    state["decode_head.cascade_decoders.0.layers.0.norm1.weight"] = torch.ones(8)
    state["decode_head.loss_decode.criterion.empty_weight"] = torch.ones(4)
    text = TextEncoder(TextConfig(width=64, layers=1, heads=1, context=16, embed=8))
    for key, value in text.state_dict().items():
        state["text_encoder." + key.replace("blocks.", "transformer.resblocks.")] = value
    meta = {"CLASSES": ["cat"], "seed": np.int64(3), "PALETTE": np.zeros((2, 3), np.uint8)}
    torch.save({"meta": meta, "state_dict": state}, tmp_path / "coco.pth")
    return tmp_path / "coco.pth", network


def run(*words):
    return cli.run([str(word) for word in words])


def test_a_released_file_becomes_a_model(home, released, tmp_path, capsys):
    path, network = released
    (tmp_path / "words.txt").write_text("cat\n\n dog \n")
    code = run(
        "models", "import", path, "--name", "coco", "--words", tmp_path / "words.txt", *HEADS
    )
    assert code == 0
    folder = home / "models" / "coco"
    loaded = load_model(folder)
    images, words = torch.randn(1, 3, 12, 12), torch.randn(3, 8)
    assert torch.equal(loaded.network(images, words), network(images, words))
    assert loaded.text is not None
    assert (loaded.info.name, loaded.info.trained_words) == ("coco", ("cat", "dog"))
    own = sum(value.numel() for value in network.parameters())
    text = sum(value.numel() for value in loaded.text.parameters())
    learn = sum(value.numel() for value in network.parameters() if value.requires_grad)
    said = capsys.readouterr().out
    assert f"The file holds {own + text + 8:,} parameters, {learn + 8:,} of them trained" in said
    assert "; 8 have no effect" in said
    for place, heads in ((folder, ()), (path, HEADS)):
        assert run("models", "describe", place, *heads) == 0
        told = capsys.readouterr().out
        assert f"used           {own + text:,} parameters" in told
        assert f"trained        {learn:,} of them learn" in told
        assert f"in the file    {own + text + 8:,} parameters, {learn + 8:,} of them" in told
        assert "dropped        8 parameters without effect" in told


def test_a_project_gets_it_as_a_version(home, released, tmp_path, capsys):
    path, _ = released
    Project.create(tmp_path / "cats").close()
    words = ("models", "import", path, "--name", "coco", "--project", tmp_path / "cats", *HEADS)
    assert run(*words) == 0
    assert run("models", "activate", tmp_path / "cats", "coco") == 0
    assert (tmp_path / "cats" / "models" / "coco" / "model.json").is_file()
    assert run("models", "describe", tmp_path / "cats") == 0
    assert "name           coco" in capsys.readouterr().out
    assert run(*words) == 2
    assert "already" in capsys.readouterr().err


def test_half_precision_is_half_the_size(home, released):
    path, _ = released
    for name, more in (("whole", ()), ("half", ("--half",))):
        assert run("models", "import", path, "--name", name, *HEADS, *more) == 0
    sizes = [
        (home / "models" / name / "model.safetensors").stat().st_size for name in ("whole", "half")
    ]
    assert sizes[1] < 0.6 * sizes[0]


@pytest.mark.parametrize("name", ["../up", "", "..", "a/b", "mini"])
def test_names_that_are_no_folder_names(home, released, name, capsys):
    assert run("models", "import", released[0], "--name", name, *HEADS) == 2
    assert "cannot name a model" in capsys.readouterr().err
    assert not home.exists()


def test_bad_files_write_nothing(home, released, tmp_path, capsys):
    path, _ = released
    whole = path.read_bytes()
    (tmp_path / "cut.pth").write_bytes(whole[: len(whole) // 2])
    torch.save({"state_dict": {"model.conv1.weight": torch.ones(2)}}, tmp_path / "other.pth")
    for name in ("cut.pth", "other.pth", "absent.pth"):
        assert run("models", "import", tmp_path / name, "--name", "x", *HEADS) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert name in said
    assert run("models", "import", path, "--name", "x", "--words", tmp_path / "no.txt") == 2
    assert run("models", "import", path, "--name", "x", "--heads", "3") == 2
    assert "heads must divide width" in capsys.readouterr().err
    assert not home.exists()
