from __future__ import annotations

from pathlib import Path

import open_clip
import pytest
import torch
from safetensors.torch import save_file

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.clip import build_clip, network_config, network_from_clip
from cascadeclip.core.model.clip_store import ClipStore
from cascadeclip.core.model.origin import find_origin


@pytest.fixture(scope="module")
def clip() -> open_clip.CLIP:
    torch.manual_seed(2)
    vision = {"layers": 3, "width": 64, "head_width": 64, "patch_size": 4, "image_size": 12}
    text = {"context_length": 12, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1}
    config = {"embed_dim": 8, "quick_gelu": True, "vision_cfg": vision, "text_cfg": text}
    return build_clip(config).eval()


@pytest.fixture
def store(tmp_path: Path, clip) -> ClipStore:
    file = tmp_path / "clip.safetensors"
    save_file({name: value.contiguous() for name, value in clip.state_dict().items()}, file)
    kept = ClipStore(tmp_path / "kept")
    kept.add(file, "mine", quick_gelu=True)
    return kept


@pytest.fixture
def grown(clip) -> CascadeCLIP:
    config = network_config(clip, grid=5, prompts=2, decoder_heads=2)
    return network_from_clip(clip, config, class_embedding_once=False)


def test_the_clip_a_network_grew_from_is_found(store: ClipStore, grown: CascadeCLIP) -> None:
    found = find_origin(grown, store)
    assert found is not None
    assert found.name == "mine"


@pytest.mark.parametrize("name", ["blocks.2.mlp.c_fc.weight", "positional_embedding", "proj"])
def test_a_tower_that_was_changed_is_no_kept_clip(
    store: ClipStore, grown: CascadeCLIP, name: str
) -> None:
    with torch.no_grad():
        grown.encoder.get_parameter(name).view(-1)[3] += 1e-3
    assert find_origin(grown, store) is None


def test_other_sizes_and_damaged_weights_fit_nothing(
    store: ClipStore, grown: CascadeCLIP, network: CascadeCLIP, tmp_path: Path
) -> None:
    assert find_origin(network, ClipStore(tmp_path / "empty")) is None
    path = store.path_of("mine")
    path.write_bytes(path.read_bytes()[:-9])
    assert find_origin(grown, store) is None
