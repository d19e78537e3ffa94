"""CLIP's vision transformer: the parts that every image tower here is made of."""

from __future__ import annotations

import torch
from torch import nn

from cascadeclip.core.model.config import DenseConfig, NetworkConfig
from cascadeclip.core.model.transformer import Block


class VisionTower(nn.Module):
    """Hold the tensors of CLIP's vision transformer under open_clip's names, blocks in a list."""

    def __init__(self, config: NetworkConfig | DenseConfig) -> None:
        super().__init__()
        width = config.width
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positional_embedding = nn.Parameter(
            torch.randn(1 + config.grid**2, width) * width**-0.5
        )
        self.conv1 = nn.Conv2d(3, width, config.patch, stride=config.patch, bias=False)
        self.ln_pre = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_width, config.activation)
            for _ in range(config.layers)
        )
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.randn(width, config.embed) * width**-0.5)
