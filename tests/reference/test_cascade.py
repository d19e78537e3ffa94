"""The network and the losses against numbers of the released code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model import CascadeCLIP, load_checkpoint
from cascadeclip.core.model.official import Dialect, official_name
from cascadeclip.train.losses import cascade_loss, pseudo_labels

CLOSE = {"rtol": 0, "atol": 1e-5}
SEEN = [0, 1, 3, 4]


def assert_close(found: Tensor, expected: Tensor, **tolerance: float) -> None:
    torch.testing.assert_close(found, expected, **(CLOSE | tolerance))


@pytest.fixture(scope="module")
def tiny(reference: Path) -> dict[str, Tensor]:
    with np.load(reference / "cascade_tiny.npz", allow_pickle=False) as arrays:
        return {key: torch.from_numpy(arrays[key]) for key in arrays.files}


@pytest.fixture(scope="module")
def tiny_network(tiny: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> CascadeCLIP:
    state = {key[3:]: value for key, value in tiny.items() if key.startswith("sd/")}
    path = tmp_path_factory.mktemp("tiny") / "tiny.pth"
    torch.save({"meta": {"iter": 1}, "state_dict": state}, path)
    return load_checkpoint(path, heads=4, decoder_heads=4)


@pytest.fixture(scope="module")
def official(reference: Path) -> dict[str, Tensor]:
    with np.load(reference / "official_format.npz", allow_pickle=False) as arrays:
        return {key: torch.from_numpy(arrays[key]) for key in arrays.files}


@pytest.fixture
def official_network(reference: Path) -> CascadeCLIP:
    return load_checkpoint(reference / "official_format.pth", heads=4, decoder_heads=4)


def as_planes(maps: Tensor, grid: tuple[int, int]) -> Tensor:
    return maps.transpose(1, 2).unflatten(-1, grid)


@torch.inference_mode()
def test_tiny_features(tiny: dict[str, Tensor], tiny_network: CascadeCLIP) -> None:
    found = tiny_network.encoder(tiny["in/x"])
    assert len(found.maps) == 7
    for index, maps in enumerate(found.maps):
        assert_close(as_planes(maps, found.grid), tiny[f"out/feature_{index}"])
    assert_close(found.cls, tiny["out/global"])


@torch.inference_mode()
def test_tiny_aggregation(tiny: dict[str, Tensor], tiny_network: CascadeCLIP) -> None:
    found = tiny_network.encode(tiny["in/x"])
    stages = [as_planes(found.stages[:, stage], found.grid) for stage in range(3)]
    for stage in (0, 1):
        weights = tiny[f"sd/decode_head.weights_s{stage + 1}"]
        blocks = [tiny[f"out/feature_{3 * stage + index}"] for index in range(3)]
        expected = sum(weight * block for weight, block in zip(weights, blocks, strict=True))
        assert_close(stages[stage], expected)
    assert_close(stages[2], tiny["out/feature_6"])


@torch.inference_mode()
def test_tiny_masks(tiny: dict[str, Tensor], tiny_network: CascadeCLIP) -> None:
    masks = tiny_network(tiny["in/x"], tiny["in/text_fp16"])
    assert_close(masks, tiny["out/pred_masks_all"])
    probability = masks.sigmoid()
    assert_close(probability, tiny["out/pred_transductive"])
    probability[:, SEEN] -= 0.1
    assert_close(probability, tiny["out/pred_inductive"])
    assert_close(
        tiny_network(tiny["in/x"], tiny["in/text_fp16"][SEEN]), tiny["out/pred_masks_seen"]
    )


@torch.inference_mode()
def test_tiny_oblong(tiny: dict[str, Tensor], tiny_network: CascadeCLIP) -> None:
    images = functional.interpolate(tiny["in/x"], (96, 64), mode="nearest")
    found = tiny_network.encoder(images)
    assert found.grid == (6, 4)
    assert_close(as_planes(found.maps[-1], found.grid), tiny["out/x_96x64_feature_6"])
    assert_close(found.cls, tiny["out/x_96x64_global"])


def test_tiny_losses(tiny: dict[str, Tensor]) -> None:
    found = cascade_loss(tiny["out/pred_masks_seen"], tiny["out/label_ind"])
    assert_close(found["focal"], tiny["out/loss_focal_x100"][0], atol=1e-4)
    assert_close(found["dice"], tiny["out/loss_dice"][0])


def test_tiny_self_training(tiny: dict[str, Tensor]) -> None:
    masks, labels = tiny["out/pred_masks_all"], tiny["out/label_st_in"][:, 0]
    expected = tiny["out/label_st_out"][:, 0]
    found = pseudo_labels(masks, labels, seen=SEEN)
    assert torch.equal(found, expected)
    losses = cascade_loss(masks, found)
    assert_close(losses["focal"], tiny["out/loss_st_focal_x100"][0], atol=1e-4)
    assert_close(losses["dice"], tiny["out/loss_st_dice"][0])


@torch.inference_mode()
def test_official_file(official: dict[str, Tensor], official_network: CascadeCLIP) -> None:
    found = official_network.encoder(official["image"])
    for maps, expected in zip(found.maps, official["features"], strict=True):
        assert_close(as_planes(maps, found.grid), expected)
    assert_close(found.cls, official["global_embedding"])
    masks = official_network(official["image"], official["text"])
    assert_close(masks, official["pred_masks"])
    probability = masks.sigmoid()
    probability[:, :5] -= 0.1
    assert_close(probability, official["pred"])
    assert_close(
        official_network(official["image"], official["text"][:5]), official["seen_pred_masks"]
    )


def test_official_gradients(official: dict[str, Tensor], official_network: CascadeCLIP) -> None:
    masks = official_network(official["image"], official["text"][:5])
    losses = cascade_loss(masks, official["labels"])
    assert_close(losses["focal"].double(), official["loss_mask"], atol=1e-4)
    assert_close(losses["dice"].double(), official["loss_dice"])
    (losses["focal"] + losses["dice"]).backward()
    layers = official_network.config.decoder_layers
    named = {
        official_name(key, Dialect(layers)): value
        for key, value in official_network.named_parameters()
    }
    checked = 0
    for key, expected in official.items():
        if not key.startswith("grad_"):
            continue
        name = key.removeprefix("grad_")
        gradient = next(
            named[prefix + name].grad
            for prefix in ("backbone.", "decode_head.")
            if prefix + name in named
        )
        assert gradient is not None
        assert_close(gradient, expected, atol=1e-5 * max(1.0, float(expected.abs().max())))
        checked += 1
    assert checked == 5


def test_full_size_keys(reference: Path) -> None:
    lines = (reference / "cascade_keys.txt").read_text().splitlines()
    shapes = {
        key: tuple(int(size) for size in shape.strip("()").split(",") if size.strip())
        for key, shape in (line.split("\t") for line in lines if "\t" in line)
    }
    from cascadeclip.core.model import NetworkConfig

    with torch.device("meta"):
        network = CascadeCLIP(NetworkConfig())
    names = {official_name(key, Dialect()): value for key, value in network.state_dict().items()}
    assert {key: shapes.get(key) for key in names} == {
        key: tuple(value.shape) for key, value in names.items()
    }
    head = [value for key, value in names.items() if key.startswith("decode_head.")]
    assert sum(value.numel() for value in head) == 22_064_646
    learns = sum(value.numel() for value in network.parameters() if value.requires_grad)
    assert learns == 23_117_574
