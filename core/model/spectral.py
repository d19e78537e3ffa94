"""SPT-SEG's parts: spectral prompts in the tower and decoders that split frequencies.

The construction is SPT-SEG's (arXiv 2312.12754); both parts work on any grid here, where the
published ones are tied to 32 x 32.
"""

from __future__ import annotations

import copy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.decoder import Known, PostNorm
from cascadeclip.core.model.dropout import attention

WINDOW = 3  # patches; the side of the windows and of the pooled cells
LOW_SHARE = 0.9  # of the heads see low frequencies
_EPSILON = 1e-12


class SpectralFilter(nn.Module):
    """Add to the patches what a learnt filter passes of their product with the class token."""

    def __init__(self, grid: int, width: int) -> None:
        super().__init__()
        self.complex_weight = nn.Parameter(0.02 * torch.randn(grid, grid // 2 + 1, width, 2))

    def _weight(self, grid: tuple[int, int]) -> Tensor:
        size = (grid[0], grid[1] // 2 + 1)
        weight: Tensor = self.complex_weight
        if weight.shape[:2] != size:
            # Another grid has other frequencies: the filter is read between its own.
            plane = weight.permute(3, 2, 0, 1)
            plane = functional.interpolate(plane, size, mode="bilinear", align_corners=False)
            weight = plane.permute(2, 3, 1, 0).contiguous()
        return torch.view_as_complex(weight)

    def forward(self, tokens: Tensor, grid: tuple[int, int]) -> Tensor:
        """Map tokens Bx(1+N)xD, the class token first, to the same shape; that token stays."""
        cls, patches = tokens[:, :1], tokens[:, 1:]
        product = (patches * cls).float().view(len(tokens), *grid, -1)
        spectrum = torch.fft.rfft2(product, dim=(1, 2), norm="ortho") * self._weight(grid)
        passed = torch.fft.irfft2(spectrum, s=grid, dim=(1, 2), norm="ortho")
        return torch.cat((cls, patches + passed.flatten(1, 2).to(patches)), dim=1)


def low_heads(heads: int) -> int:
    """Return how many of `heads` see low frequencies; the others see windows."""
    return int(heads * LOW_SHARE)


class SpectralMemory(nn.Module):
    """Mix a stage's map: local windows for high frequencies, pooled cells for low ones, a gate."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size, heads = config.embed, config.decoder_heads
        head = size // heads
        self.low_heads = low_heads(heads)
        self.high_heads = heads - self.low_heads
        low, high = self.low_heads * head, self.high_heads * head
        self.prompt = nn.Parameter(torch.randn(size))
        self.top_down_transform = nn.Parameter(torch.eye(size))
        self.l_q = nn.Linear(size, low, bias=False)
        self.l_kv = nn.Linear(size, 2 * low, bias=False)
        self.l_proj = nn.Linear(low, low)
        self.h_qkv = nn.Linear(size, 3 * high, bias=False)

    def forward(self, memory: Tensor, grid: tuple[int, int]) -> Tensor:
        """Map a stage map BxNxD on `grid` to BxNxD; no word is needed."""
        height, width = grid
        plane = memory.view(len(memory), *grid, -1)
        plane = functional.pad(plane, (0, 0, 0, -width % WINDOW, 0, -height % WINDOW))
        mixed = torch.cat((self._high(plane), self._low(plane)), dim=-1)
        mixed = mixed[:, :height, :width].flatten(1, 2)
        length = mixed.norm(dim=-1).clamp(min=_EPSILON) * self.prompt.norm().clamp(min=_EPSILON)
        gate = ((mixed @ self.prompt) / length).clamp(0, 1).unsqueeze(-1)
        result: Tensor = (mixed * gate) @ self.top_down_transform
        return result

    def _high(self, plane: Tensor) -> Tensor:
        """Attend among the nine patches of every window: BxHxWxD to BxHxWxDh."""
        batch, height, width, _ = plane.shape
        rows, columns = height // WINDOW, width // WINDOW
        windows = plane.view(batch, rows, WINDOW, columns, WINDOW, -1).transpose(2, 3)
        split = self.h_qkv(windows.reshape(batch, rows * columns, WINDOW**2, -1))
        split = split.view(*split.shape[:3], 3, self.high_heads, -1).permute(3, 0, 1, 4, 2, 5)
        mixed = functional.scaled_dot_product_attention(split[0], split[1], split[2])
        mixed = mixed.transpose(2, 3).flatten(3)
        mixed = mixed.view(batch, rows, columns, WINDOW, WINDOW, -1).transpose(2, 3)
        return mixed.reshape(batch, height, width, -1)

    def _low(self, plane: Tensor) -> Tensor:
        """Let every patch attend to the averages of all windows: BxHxWxD to BxHxWxDl."""
        batch, height, width, _ = plane.shape
        cells = functional.avg_pool2d(plane.permute(0, 3, 1, 2), WINDOW).flatten(2).transpose(1, 2)
        query = self.l_q(plane.flatten(1, 2)).view(batch, height * width, self.low_heads, -1)
        known = self.l_kv(cells).view(batch, cells.shape[1], 2, self.low_heads, -1)
        query, known = query.transpose(1, 2), known.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, known[0], known[1])
        result: Tensor = self.l_proj(mixed.transpose(1, 2).flatten(2))
        return result.view(batch, height, width, -1)


class SpectralLayer(PostNorm):
    """Update the queries by attention to the mixed map, without projections of its own."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config)
        self.memory = SpectralMemory(config)

    def forward(self, queries: Tensor, mixed: Tensor) -> Tensor:
        """Map queries BxCxD to BxCxD given the mixed map BxNxD; scores are not scaled."""
        attended = attention(queries, mixed, mixed, self.dropout, training=self.training, scale=1.0)
        return self.settle(queries, attended)


class SpectralDecoder(nn.Module):
    """Refine the queries on frequency-split maps and score every patch by the raw product.

    Every layer mixes the same original map, so the mixing is done once per image. Of the last
    layer only the mixing can reach the scores. All layers start as copies of the first.
    """

    def __init__(self, config: NetworkConfig, *, shares: bool = False) -> None:
        super().__init__()
        self.query = None if shares else nn.Linear(2 * config.embed, config.embed)
        first = SpectralLayer(config)
        self.layers = nn.ModuleList(copy.deepcopy(first) for _ in range(config.decoder_layers - 1))
        self.last = copy.deepcopy(first.memory)

    def read(self, memory: Tensor, grid: tuple[int, int]) -> Known:
        """Return the mixed map of every layer for a stage map BxNxD on `grid`."""
        mixings = [cast("SpectralLayer", layer).memory for layer in self.layers]
        return tuple((mixing(memory, grid),) for mixing in (*mixings, self.last))

    def forward(self, queries: Tensor, memory: Tensor, known: Known) -> Tensor:
        """Map queries BxCxD and what `read` made of `memory` to scores BxCxN."""
        for layer, (mixed,) in zip(self.layers, known[:-1], strict=True):
            queries = layer(queries, mixed)
        return queries @ known[-1][0].transpose(1, 2)

    def once(self, queries: Tensor, memory: Tensor, grid: tuple[int, int]) -> Tensor:
        """Score like `forward`, for an image that is decoded once."""
        scores: Tensor = self(queries, memory, self.read(memory, grid))
        return scores
