from __future__ import annotations

import json
from pathlib import Path

import open_clip
import pytest
import torch
from safetensors.torch import load_file, save_file

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import (
    CascadeCLIP,
    ModelInfo,
    load_checkpoint,
    load_model,
    save_model,
)
from cascadeclip.core.model import checkpoint as module
from cascadeclip.core.model.checkpoint import load_text
from cascadeclip.core.model.clip import network_config, network_from_clip, text_from_clip
from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.counts import count_folder
from cascadeclip.core.model.dense import DenseCLIP, dense_from_clip
from cascadeclip.core.model.text import TextEncoder, tokenize

INFO = ModelInfo(name="mini", version="3", trained_words=("cat", "käse"), templates=("a {}",))


def compact(clip: open_clip.CLIP) -> list[int]:
    ids: list[int] = tokenize(["a cat", "a dog"], 12).unique().tolist()
    with torch.no_grad():
        rows = clip.token_embedding.weight[ids].clone()
        clip.token_embedding.weight.zero_()
        clip.token_embedding.weight[ids] = rows
    return ids


@pytest.fixture
def folder(tmp_path: Path, clip: open_clip.CLIP) -> Path:
    config = network_config(clip, decoder_heads=2, logit_scale=8.0, logit_bias=-3.0)
    compact(clip)
    network, text = network_from_clip(clip, config), text_from_clip(clip)
    save_model(tmp_path / "mini", network, text, INFO, dtype=torch.float32)
    return tmp_path / "mini"


def redescribe(folder: Path, **change: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))


def reweigh(folder: Path, tensors: dict[str, torch.Tensor]) -> None:
    import hashlib

    path = folder / "model.safetensors"
    save_file(tensors, path)
    redescribe(folder, weights_sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_round_trip_is_exact(
    tmp_path: Path, clip: open_clip.CLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    network = network_from_clip(clip, network_config(clip, decoder_heads=2, logit_scale=8.0))
    text = text_from_clip(clip)
    save_model(tmp_path / "m", network, text, INFO, dtype=torch.float32)
    found = load_model(tmp_path / "m")
    assert found.info == INFO
    assert found.network.config == network.config
    assert not found.network.training
    for ours, theirs in ((network, found.network), (text, found.text)):
        assert theirs is not None
        state = theirs.state_dict()
        assert state.keys() == ours.state_dict().keys()
        for key, value in ours.state_dict().items():
            assert torch.equal(state[key], value), key
        needs = {name: value.requires_grad for name, value in theirs.named_parameters()}
        assert needs == {name: value.requires_grad for name, value in ours.named_parameters()}
    assert torch.equal(found.network(images, words), network(images, words))
    assert module.read_info(tmp_path / "m") == INFO
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "model.json",
        "model.safetensors",
    ]


def test_network_alone_and_through_its_file(folder: Path) -> None:
    alone = load_checkpoint(folder)
    beside = load_checkpoint(folder / "model.safetensors")
    assert torch.equal(alone.encoder.proj, beside.encoder.proj)
    assert alone.logit_scale is not None
    assert alone.logit_scale.item() == 8.0


def test_half_precision_halves_the_file(folder: Path, tmp_path: Path) -> None:
    loaded = load_model(folder)
    save_model(tmp_path / "half", loaded.network, loaded.text, INFO)
    sizes = [(path / "model.safetensors").stat().st_size for path in (folder, tmp_path / "half")]
    assert sizes[1] < 0.7 * sizes[0]
    found = load_model(tmp_path / "half").network.encoder.proj
    assert found.dtype == torch.float32
    assert torch.equal(found, loaded.network.encoder.proj.half().float())


def test_a_compact_token_table_is_stored_and_expanded(folder: Path, clip: open_clip.CLIP) -> None:
    tensors = load_file(folder / "model.safetensors")
    ids = tensors["text.token_ids"]
    assert ids.dtype == torch.int32
    assert tensors["text.token_embedding.weight"].shape == (len(ids), 16)
    text = load_model(folder).text
    assert text is not None
    table = text.token_embedding.weight
    assert table.shape == (49408, 16)
    assert torch.equal(table, clip.token_embedding.weight)
    assert int(table.any(dim=1).sum()) == len(ids)


@pytest.mark.parametrize(
    "ids", [[3, 2, 5], [1, 2], [1, 2, 49408], [-1, 2, 3], [[1, 2, 3]], [1.0, 2.0, 3.0]]
)
def test_a_token_table_that_does_not_fit(folder: Path, ids: list[object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    tensors["text.token_embedding.weight"] = torch.ones(3, 16)
    tensors["text.token_ids"] = torch.tensor(ids)
    reweigh(folder, tensors)
    with pytest.raises(CheckpointError, match="token table"):
        load_model(folder)


def test_a_model_without_text(tmp_path: Path, network: CascadeCLIP) -> None:
    save_model(tmp_path / "m", network, None, INFO)
    assert load_model(tmp_path / "m").text is None


def test_writing_again_replaces_everything(folder: Path, network: CascadeCLIP) -> None:
    save_model(folder, network, None, INFO, dtype=torch.float32)
    found = load_model(folder)
    assert found.text is None
    assert found.network.config == network.config


def test_missing_unknown_and_misshapen_keys_are_named(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    key = "network.encoder.proj"
    reweigh(folder, {name: value for name, value in tensors.items() if name != key})
    with pytest.raises(CheckpointError, match=f"lacks {key}: "):
        load_checkpoint(folder)
    reweigh(folder, tensors | {"network.extra": torch.zeros(1)})
    with pytest.raises(CheckpointError, match=r"unknown keys \(network\.extra\)"):
        load_checkpoint(folder)
    reweigh(folder, tensors | {key: torch.zeros(2, 3)})
    with pytest.raises(CheckpointError, match=rf"{key} is \(2, 3\) and should be \(16, 8\)"):
        load_checkpoint(folder)


def test_long_lists_of_keys_are_cut(folder: Path) -> None:
    reweigh(folder, {"a": torch.zeros(1)})
    with pytest.raises(CheckpointError, match=r"lacks .* and \d+ more: "):
        load_checkpoint(folder)


def test_damage_is_noticed(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(folder)
    path.unlink()
    with pytest.raises(CheckpointError, match=r"no readable model\.safetensors"):
        load_checkpoint(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', "\udcff"])
def test_a_damaged_description(folder: Path, text: str) -> None:
    (folder / "model.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(CheckpointError, match=r"model\.json"):
        load_model(folder)


def test_descriptions_of_another_program(folder: Path) -> None:
    redescribe(folder, format=2)
    with pytest.raises(CheckpointError, match="unknown kind"):
        load_model(folder)
    redescribe(folder, format=1, network={"patches": 3})
    with pytest.raises(CheckpointError, match=r"unknown keys \(patches\)"):
        load_model(folder)


def test_paths_that_are_no_models(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="There is no model"):
        load_model(tmp_path / "nothing")
    with pytest.raises(CheckpointError, match=r"holds no model\.json"):
        load_model(tmp_path)


def test_weights_that_cannot_be_stored(tmp_path: Path, network: CascadeCLIP) -> None:
    with torch.no_grad():
        network.encoder.proj[0, 0] = 1e6
    with pytest.raises(CheckpointError, match=r"encoder\.proj"):
        save_model(tmp_path / "m", network, None, INFO)
    assert not (tmp_path / "m").exists()


def test_a_failed_write_leaves_the_old_model(
    folder: Path, network: CascadeCLIP, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CheckpointError, match="No space left"):
        save_model(folder, network, None, INFO)
    monkeypatch.undo()
    assert load_model(folder).text is not None
    assert not [path for path in folder.iterdir() if ".part" in path.name]


def test_a_description_without_a_kind_is_a_cascade(folder: Path) -> None:
    path = folder / "model.json"
    description = json.loads(path.read_text())
    assert description.pop("kind") == "cascade"
    for new in ("short", "readout", "background", "none"):
        del description["info"][new]
    path.write_text(json.dumps(description))
    loaded = load_model(folder)
    assert loaded.info == INFO
    assert loaded.cascade is loaded.network
    assert count_folder(folder).head > 0


def test_a_network_without_training_is_stored_and_told(
    tmp_path: Path, clip: open_clip.CLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    network = dense_from_clip(clip, "dense-quality")
    info = ModelInfo(name="start", version="1", readout="softmax", background=("sky",), none=0.1)
    save_model(tmp_path / "m", network, text_from_clip(clip), info, dtype=torch.float32)
    found = load_model(tmp_path / "m")
    assert isinstance(found.network, DenseCLIP)
    assert (found.info, found.network.config) == (info, network.config)
    assert torch.equal(found.network(images, words), network(images, words))
    counts = count_folder(tmp_path / "m")
    assert (counts.head, counts.learning) == (0, 0)
    assert counts.tower == sum(value.numel() for value in clip.visual.parameters())
    with pytest.raises(CheckpointError, match="start answers from CLIP's weights alone"):
        load_checkpoint(tmp_path / "m")
    with pytest.raises(CheckpointError, match="nothing to train"):
        _ = found.cascade
    redescribe(tmp_path / "m", kind="drawn")
    with pytest.raises(CheckpointError, match="unknown kind"):
        load_model(tmp_path / "m")
    redescribe(tmp_path / "m", kind="cascade")
    with pytest.raises(CheckpointError, match=r"unknown keys \(variant\)|lacks|unknown keys"):
        load_model(tmp_path / "m")


def test_equal_weights_are_kept_once(
    tmp_path: Path, folder: Path, network: CascadeCLIP, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load_model(folder)
    for name in ("twin", "again"):
        save_model(tmp_path / name, loaded.network, loaded.text, INFO, dtype=torch.float32)
    save_model(tmp_path / "other", network, None, INFO)
    twin, weights = tmp_path / "twin", "model.safetensors"
    others = [tmp_path / "gone", tmp_path / "other"]
    assert not module.share_weights(twin, others)
    assert module.share_weights(twin, [*others, folder])
    assert (twin / weights).samefile(folder / weights)
    assert load_model(twin).info == INFO
    save_model(twin, network, None, INFO)
    assert load_model(folder).text is not None

    def refused(self: Path, target: Path) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert not module.share_weights(tmp_path / "again", [folder])
    assert load_model(tmp_path / "again").text is not None
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name]


def test_the_text_tower_loads_alone(tmp_path: Path, network: CascadeCLIP) -> None:
    text = TextEncoder(TextConfig(width=16, layers=1, heads=2, context=8, embed=8))
    with torch.no_grad():
        text.token_embedding.weight[1000:] = 0  # rows that are left out of the file
    save_model(tmp_path / "m", network, text, INFO, dtype=torch.float32)
    alone = load_text(tmp_path / "m")
    assert torch.equal(alone.encode(["cat"], ["a {}"]), text.eval().encode(["cat"], ["a {}"]))
    save_model(tmp_path / "silent", network, None, INFO)
    with pytest.raises(CheckpointError, match="no text tower"):
        load_text(tmp_path / "silent")
