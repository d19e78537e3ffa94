from __future__ import annotations

from typing import Any

import open_clip
import pytest
import torch

from cascadeclip.core.model import CascadeCLIP, NetworkConfig
from cascadeclip.core.model.clip import build_clip

CONFIG = NetworkConfig(
    patch=4,
    width=16,
    layers=7,
    heads=2,
    embed=8,
    grid=3,
    prompts=2,
    stages=((0, 1, 2), (3, 4, 5), (6,)),
    decoder_heads=2,
    decoder_ff=12,
)
CLIP = {
    "embed_dim": 8,
    "quick_gelu": True,
    "vision_cfg": {
        "layers": 7,
        "width": 16,
        "head_width": 8,
        "patch_size": 4,
        "image_size": 12,
    },
    "text_cfg": {
        "context_length": 12,
        "vocab_size": 49408,
        "width": 16,
        "heads": 2,
        "layers": 2,
    },
}


def shaken(network: CascadeCLIP) -> CascadeCLIP:
    """Move every weight a little, so that no layer is a copy of another or an identity."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return network


@pytest.fixture
def network() -> CascadeCLIP:
    torch.manual_seed(1)
    return shaken(CascadeCLIP(CONFIG)).eval()


@pytest.fixture
def clip_config() -> dict[str, Any]:
    return CLIP


@pytest.fixture
def clip() -> open_clip.CLIP:
    torch.manual_seed(2)
    return build_clip(CLIP).eval()


@pytest.fixture
def words() -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.nn.functional.normalize(torch.randn(5, 8, generator=generator), dim=-1)


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(4))
