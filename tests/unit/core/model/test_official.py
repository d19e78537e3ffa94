from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import CascadeCLIP, TextEncoder, load_checkpoint, load_model
from cascadeclip.core.model.config import NetworkConfig, TextConfig
from cascadeclip.core.model.official import Dialect, official_name

HEADS = {"heads": 2, "decoder_heads": 2}
LAYER = "decode_head.cascade_decoders.1.layers."
DEAD = {
    f"{LAYER}0.self_attn.in_proj_weight": (24, 8),
    f"{LAYER}0.norm1.weight": (8,),
    f"{LAYER}2.linear1.weight": (12, 8),
    f"{LAYER}2.multihead_attn.v.weight": (8, 8),
    f"{LAYER}2.norm3.bias": (8,),
    "decode_head.loss_decode.criterion.empty_weight": (6,),
}


@pytest.fixture
def state(network: CascadeCLIP) -> dict[str, Tensor]:
    alive = {official_name(key, Dialect()): value for key, value in network.state_dict().items()}
    return alive | {key: torch.zeros(shape) for key, shape in DEAD.items()}


def written(path: Path, state: dict[str, Tensor]) -> Path:
    torch.save({"meta": {"iter": 3, "CLASSES": ("cat",)}, "state_dict": state}, path)
    return path


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("encoder.proj", "backbone.proj"),
        (
            "encoder.blocks.3.attn.in_proj_bias",
            "backbone.transformer.resblocks.3.attn.in_proj_bias",
        ),
        ("encoder.stage_norms.2.bias", "backbone.ln_layers.2.bias"),
        ("encoder.stage_projections", "backbone.proj_layers"),
        ("aggregation.weights.0", "decode_head.weights_s1"),
        ("decoders.2.query.bias", "decode_head.q_projs.2.bias"),
        ("decoders.1.layers.0.v.weight", f"{LAYER}0.multihead_attn.v.weight"),
        ("decoders.1.layers.1.out.bias", f"{LAYER}1.multihead_attn.proj.bias"),
        ("decoders.1.layers.1.norm3.bias", f"{LAYER}1.norm3.bias"),
        ("decoders.1.last.k.weight", f"{LAYER}2.multihead_attn.k.weight"),
    ],
)
def test_names_of_the_release(ours: str, theirs: str) -> None:
    assert official_name(ours, Dialect()) == theirs


def test_sizes_come_from_the_tensors(
    tmp_path: Path,
    network: CascadeCLIP,
    state: dict[str, Tensor],
    images: Tensor,
    words: Tensor,
) -> None:
    found = load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)
    assert found.config == network.config
    assert not found.training
    assert torch.equal(found(images, words), network(images, words))
    learning = {name for name, value in network.named_parameters() if value.requires_grad}
    assert learning == {name for name, value in found.named_parameters() if value.requires_grad}


def test_prefixes_bare_dictionaries_halves_and_lists_are_accepted(
    tmp_path: Path, network: CascadeCLIP, state: dict[str, Tensor]
) -> None:
    projections = state.pop("backbone.proj_layers")
    state |= {f"backbone.proj_layers.{index}": item for index, item in enumerate(projections)}
    torch.save({"module." + key: value.half() for key, value in state.items()}, tmp_path / "a.pth")
    found = load_checkpoint(tmp_path / "a.pth", **HEADS)
    expected = network.encoder.stage_projections.half().float()
    assert torch.equal(found.encoder.stage_projections, expected)


@pytest.mark.parametrize(
    "key",
    [
        "backbone.conv1.weight",
        "backbone.prompt_norm.bias",
        "backbone.proj_layers",
        "decode_head.weights_s2",
        "decode_head.q_projs.1.bias",
        f"{LAYER}1.multihead_attn.proj.weight",
    ],
)
def test_missing_keys_are_named(tmp_path: Path, state: dict[str, Tensor], key: str) -> None:
    del state[key]
    with pytest.raises(CheckpointError, match=rf"a\.pth lacks {key}") as caught:
        load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["backbone.extra", "decode_head.q_projs.7.bias", "other"])
def test_unknown_keys_are_named(tmp_path: Path, state: dict[str, Tensor], key: str) -> None:
    state[key] = torch.zeros(3)
    with pytest.raises(CheckpointError, match=rf"unknown keys \({key}\)"):
        load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)


@pytest.mark.parametrize(
    "key", ["backbone.ln_pre.weight", "decode_head.q_projs.0.weight", f"{LAYER}0.linear2.weight"]
)
def test_misshapen_keys_are_named(tmp_path: Path, state: dict[str, Tensor], key: str) -> None:
    state[key] = torch.zeros(3, 3)
    with pytest.raises(CheckpointError, match=rf"wrong shapes? at {key}"):
        load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)


def test_stage_weights_that_do_not_fit_the_blocks(tmp_path: Path, state: dict[str, Tensor]) -> None:
    state["decode_head.weights_s1"] = torch.zeros(9)
    with pytest.raises(CheckpointError, match="make no network"):
        load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)


def test_heads_that_do_not_divide(tmp_path: Path, state: dict[str, Tensor]) -> None:
    with pytest.raises(CheckpointError, match="heads must divide width"):
        load_checkpoint(written(tmp_path / "a.pth", state), heads=3)


def test_values_that_are_no_numbers(tmp_path: Path, state: dict[str, Tensor]) -> None:
    state["backbone.proj"] = state["backbone.proj"] * float("nan")
    with pytest.raises(CheckpointError, match=r"backbone\.proj"):
        load_checkpoint(written(tmp_path / "a.pth", state), **HEADS)


def test_the_text_tower_comes_along(tmp_path: Path, state: dict[str, Tensor]) -> None:
    config = TextConfig(width=64, layers=2, heads=1, context=12, embed=8, vocabulary=49408)
    tower = TextEncoder(config).eval()
    names = {key: "text_encoder." + key for key in tower.state_dict()}
    for key, value in tower.state_dict().items():
        state[names[key].replace(".blocks.", ".transformer.resblocks.")] = value
    path = written(tmp_path / "a.pth", state)
    loaded = load_model(path, **HEADS)
    assert loaded.text is not None
    assert loaded.text.config == config
    expected = tower.encode(("cat",), loaded.info.templates)
    assert torch.equal(loaded.text.encode(("cat",), loaded.info.templates), expected)
    assert load_checkpoint(path, **HEADS).config == loaded.network.config
    del state["text_encoder.ln_final.bias"]
    with pytest.raises(CheckpointError, match=r"lacks text_encoder\.ln_final\.bias"):
        load_model(written(path, state), **HEADS)


def test_the_card_of_a_released_file(tmp_path: Path, state: dict[str, Tensor]) -> None:
    info = load_model(written(tmp_path / "coco.pth", state), **HEADS).info
    assert (info.name, info.window, info.stride, info.calibration) == ("coco", 12, 10, 0.1)
    assert len(info.templates) == 15


def test_the_full_size_has_the_names_and_sizes_of_the_release() -> None:
    with torch.device("meta"):
        network = CascadeCLIP(NetworkConfig())
    names = [official_name(key, Dialect()) for key in network.state_dict()]
    assert len(set(names)) == len(names)
    assert sum(p.numel() for p in network.parameters() if p.requires_grad) == 23_117_574
