"""The prompted image tower: a frozen CLIP vision transformer driven block by block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.config import PLAIN, NetworkConfig
from cascadeclip.core.model.dropout import dropout
from cascadeclip.core.model.last_block import LAST_BLOCKS, Passed, class_token
from cascadeclip.core.model.spectral import SpectralFilter
from cascadeclip.core.model.tower import VisionTower
from cascadeclip.core.model.transformer import Block


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """Hold unit maps BxNxE of the taken blocks, the unit global vector BxE and the grid."""

    maps: tuple[Tensor, ...]
    cls: Tensor
    grid: tuple[int, int]


def resize_positions(positions: Tensor, height: int, width: int) -> Tensor:
    """Resize a (1+GG)xD positional embedding to (1+height*width)xD, the first row kept.

    Bilinear without corners aligned and without smoothing, as the paper's code does both when
    it imports CLIP and in every forward pass.
    """
    side = math.isqrt(positions.shape[0] - 1)
    if (height, width) == (side, side):
        return positions
    plane = positions[1:].T.reshape(1, -1, side, side)
    plane = functional.interpolate(plane, (height, width), mode="bilinear", align_corners=False)
    rest = plane[0].flatten(1).T
    return torch.cat((positions[:1], rest))


def _unit(x: Tensor) -> Tensor:
    # No guard against zero length: a guard would change every number by a little.
    length: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return x.div(length)


def learning(config: NetworkConfig) -> tuple[str, ...]:
    """Name the beginnings of those of the encoder's parameters that may learn."""
    return (
        "prompt_",
        "deep_prompt_",
        *(("stage_",) if config.train_stage_projections else ()),
        *(("spectral.",) if config.train_spectral else ()),
    )


class PromptedEncoder(VisionTower):
    """Encode images with deep visual prompts (Cascade-CLIP, section 3.2).

    Only the prompts, their projection and their norm learn; the tower is frozen, and so are the
    projections of the middle blocks unless the configuration trains them. Without prompts nothing
    learns here and there is no norm after the blocks: the tower is plain CLIP's.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config)
        self.config = config
        width, middle = config.width, len(config.taken) - 1
        self.stage_norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(middle))
        if middle:
            self.stage_projections = nn.Parameter(
                torch.randn(middle, width, config.embed) * width**-0.5
            )
        self.spectral = SpectralFilter(config.grid, width) if config.spectral_blocks else None
        self.prompt_norm: nn.Module = nn.Identity()
        if config.prompts:
            self.prompt_embeddings = nn.Parameter(torch.empty(1, config.prompts, width))
            self.deep_prompt_embeddings = nn.Parameter(
                torch.empty(config.layers - 1, config.prompts, width)
            )
            self.prompt_proj = nn.Linear(width, width)
            self.prompt_norm = nn.LayerNorm(width, eps=1e-6)
            self.reset_prompts()
        self._freeze()

    def reset_prompts(self) -> None:
        """Draw fresh prompts: uniform tokens, a Kaiming projection, an identity norm."""
        bound = math.sqrt(6 / (3 * self.config.patch**2 + self.config.width))
        nn.init.uniform_(self.prompt_embeddings, -bound, bound)
        nn.init.uniform_(self.deep_prompt_embeddings, -bound, bound)
        nn.init.kaiming_normal_(self.prompt_proj.weight, a=0, mode="fan_out")

    def _freeze(self) -> None:
        learns = learning(self.config)
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(name.startswith(learns))

    def _tokens(self, images: Tensor) -> tuple[Tensor, tuple[int, int]]:
        patches = self.conv1(images)
        grid = (int(patches.shape[-2]), int(patches.shape[-1]))
        positions = resize_positions(self.positional_embedding, *grid)
        # The paper's code adds the class embedding to its own position: it counts twice.
        first = (2 * self.class_embedding + positions[0]).expand(images.shape[0], 1, -1)
        rest = patches.flatten(2).transpose(1, 2) + positions[1:]
        tokens: Tensor = self.ln_pre(torch.cat((first, rest), dim=1))
        return tokens, grid

    def _prompts(self, batch: int) -> Sequence[Tensor | None]:
        if not self.config.prompts:
            return [None] * self.config.layers
        tokens = torch.cat((self.prompt_embeddings, self.deep_prompt_embeddings))
        projected = self.prompt_proj(tokens).unsqueeze(1).expand(-1, batch, -1, -1)
        # Dropped after the expansion: every image draws its own mask.
        dropped = dropout(projected, self.config.dropout, training=self.training, dim=1)
        return dropped.unbind()

    def forward(self, images: Tensor) -> Encoding:
        """Encode normalised images Bx3xHxW whose sides are multiples of the patch."""
        x, grid = self._tokens(images)
        prompts = self._prompts(images.shape[0])
        places = {block: index for index, block in enumerate(self.config.taken)}
        maps: list[Tensor] = []
        outputs: list[Tensor] = []
        plain = self.config.last_block == PLAIN
        for index, block in enumerate(self.blocks if plain else self.blocks[:-1]):
            if self.spectral is not None and index in self.config.spectral_blocks:
                x = self.spectral(x, grid)
            x = block(x, prompts[index])
            place = places.get(index)
            if place is not None and index < self.config.layers - 1:
                patches = self.stage_norms[place](self.prompt_norm(x[:, 1:]))
                maps.append(_unit(patches @ self.stage_projections[place]))
            if not plain:
                outputs.append(x)
        if not plain:
            x = self._last(Passed(tuple(outputs), grid))
        final = _unit(self.ln_post(self.prompt_norm(x)) @ self.proj)
        return Encoding(maps=(*maps, final[:, 1:]), cls=final[:, 0], grid=grid)

    def _last(self, passed: Passed) -> Tensor:
        """Return the tokens Bx(1+N)xD: the global one as CLIP made it, patches by `last_block`."""
        last = cast("Block", self.blocks[-1])
        patches = LAST_BLOCKS[self.config.last_block](last, passed)
        return torch.cat((class_token(last, passed.outputs[-1]), patches), dim=1)
