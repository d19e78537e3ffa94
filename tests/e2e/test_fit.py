"""Training as the paper does, through the real commands, on a small data set and a small CLIP."""

from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from cascadeclip.core.model import load_model
from cascadeclip.core.model.clip import build_clip
from cascadeclip.train.__main__ import main

SIDE = 32
CLIP = {
    "embed_dim": 64,
    "vision_cfg": {"layers": 12, "width": 64, "head_width": 64, "patch_size": 8, "image_size": 32},
    "text_cfg": {
        "context_length": 77, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1,
    },
}  # fmt: skip
SMALL = ("--side", str(SIDE), "--batch", "2", "--workers", "0", "--steps", "4", "--device", "cpu")


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("clip") / "clip.safetensors"
    save_file({k: v.contiguous() for k, v in build_clip(CLIP).state_dict().items()}, path)
    return path


@pytest.fixture
def voc(tmp_path) -> Path:
    base = tmp_path / "data" / "VOCdevkit" / "VOC2012"
    for folder in ("JPEGImages", "SegmentationClass", "SegmentationClassAug"):
        (base / folder).mkdir(parents=True)
    lists = base / "ImageSets" / "Segmentation"
    lists.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for part, folder, names in (
        ("train", "SegmentationClass", ("a", "b", "c")),
        ("aug", "SegmentationClassAug", ("d",)),
        ("val", "SegmentationClass", ("e",)),
    ):
        (lists / f"{part}.txt").write_text("\n".join(names) + "\n")
        for name in names:
            labels = np.kron(rng.integers(0, 21, (4, 5)), np.ones((10, 10))).astype(np.uint8)
            labels[:2] = 255
            cv2.imwrite(str(base / "JPEGImages" / f"{name}.jpg"), rng.integers(0, 255, (40, 50, 3)))
            Image.fromarray(labels).save(base / folder / f"{name}.png")
    return tmp_path / "data"


def run(*words: object) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    code = main([str(word) for word in words], out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith("{")]
    return code, [json.loads(line) for line in lines]


def test_inductive_then_transductive_then_measured(voc, clip, tmp_path):
    words = ("fit", "--data", "voc20", "--root", voc)
    first = tmp_path / "inductive"
    code, events = run(*words, "--clip", clip, "--out", first, *SMALL)
    assert code == 0, events
    assert [row["step"] for row in events if row["event"] == "step"] == [1, 2, 3, 4]
    assert events[-1]["event"] == "fitted"
    info = load_model(first / "model").info
    assert (info.window, info.calibration, len(info.trained_words)) == (SIDE, 0.1, 15)
    assert info.templates == ("a photo of a {}",)
    network = load_model(first / "half").network
    assert network.config.prompts == 10
    assert network.config.grid == 4
    second = tmp_path / "transductive"
    code, events = run(
        *words, "--setting", "transductive", "--model", first / "half", "--out", second, *SMALL
    )
    assert code == 0, events
    info = load_model(second / "model").info
    assert (info.calibration, len(info.trained_words)) == (0.0, 20)
    measure = ("benchmark", "voc", "--root", voc, "--model", second / "model", "--device", "cpu")
    code, rows = run(*measure, "--setting", "transductive")
    assert code == 0
    assert rows[-1]["images"] == 1


def test_a_stopped_run_goes_on_and_ends_as_one_that_was_not(voc, clip, tmp_path):
    words = ("fit", "--data", "voc20", "--root", voc, "--clip", clip, *SMALL)
    code, whole = run(*words, "--out", tmp_path / "whole")
    assert code == 0
    stop = tmp_path / "stop"
    stop.touch()
    parts = ("--out", tmp_path / "parts", "--stop-file", stop)
    code, events = run(*words, *parts)
    assert code == 130
    assert events[-1]["event"] == "failed"
    assert "--resume" in str(events[-1]["sentence"])
    stop.unlink()
    code, events = run(*words, *parts)
    assert code == 2
    code, events = run(*words, *parts, "--resume")
    assert code == 0, events

    def losses(rows):
        return [row["loss"] for row in rows if row["event"] == "step"]

    assert losses(events) == losses(whole)
    one, other = (load_model(tmp_path / name / "model").network for name in ("whole", "parts"))
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def _truncate(path):
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize(
    ("spoil", "change", "said"),
    [
        (None, {"--root": "nowhere"}, "nowhere"),
        (None, {"--clip": "no-such-clip"}, "no-such-clip"),
        (None, {"--preset": "magic"}, "magic"),
        (None, {"--data": "ade20k"}, "ade20k"),
        (None, {"--side": "30"}, "30"),
        (None, {"--setting": "guess"}, "guess"),
        (None, {"--classes": "words.txt"}, "words.txt"),
        (None, {"--setting": "transductive"}, "--model"),
        ("JPEGImages/a.jpg", {}, "a.jpg"),
        ("SegmentationClass/b.png", {}, "b.png"),
        ("labels", {}, "c.png"),
    ],
)
def test_bad_requests_are_one_sentence_and_leave_no_model(
    voc, clip, tmp_path, monkeypatch, spoil, change, said
):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("cat\ndog\n")
    base = voc / "VOCdevkit" / "VOC2012"
    if spoil == "labels":
        Image.fromarray(np.full((40, 50), 77, np.uint8)).save(base / "SegmentationClass" / "c.png")
    elif spoil:
        _truncate(base / spoil)
    options = {"--data": "voc20", "--root": voc, "--clip": clip, "--out": tmp_path / "out"}
    options |= dict(zip(SMALL[::2], SMALL[1::2], strict=True)) | change
    code, events = run("fit", *(word for pair in options.items() for word in pair))
    assert code == 2, events
    assert events[-1]["event"] == "failed"
    sentence = str(events[-1]["sentence"])
    assert said in sentence
    assert "\n" not in sentence
    assert not (tmp_path / "out").exists()


def test_a_checkpoint_of_another_architecture_is_refused(voc, tmp_path):
    torch.save({"state_dict": {"model.conv1.weight": torch.ones(2)}}, tmp_path / "other.pth")
    for option in ("--clip", "--model"):
        code, events = run(
            "fit", "--data", "voc20", "--root", voc, option, tmp_path / "other.pth",
            "--out", tmp_path / "out", *SMALL,
        )  # fmt: skip
        assert code == 2
        assert "other.pth" in str(events[-1]["sentence"])
