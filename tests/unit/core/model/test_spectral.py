from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.spectral import SpectralFilter, SpectralLayer, SpectralMemory, low_heads

CONFIG = NetworkConfig(embed=20, decoder_heads=5, decoder_ff=8, dropout=0.0, decoder="spectral")
GRIDS = [(3, 3), (4, 5), (1, 7), (6, 2)]


def literal(memory: SpectralMemory, plane: Tensor) -> Tensor:
    """Mix one padded HxWxD plane window by window and patch by patch."""
    height, width, _ = plane.shape
    head = 4
    high = torch.zeros(height, width, memory.high_heads * head)
    for top in range(0, height, 3):
        for left in range(0, width, 3):
            window = plane[top : top + 3, left : left + 3].reshape(9, -1)
            query, key, value = memory.h_qkv(window).chunk(3, dim=-1)
            mixed = (query @ key.T * head**-0.5).softmax(-1) @ value
            high[top : top + 3, left : left + 3] = mixed.view(3, 3, -1)
    cells = torch.stack(
        [
            plane[top : top + 3, left : left + 3].reshape(9, -1).mean(0)
            for top in range(0, height, 3)
            for left in range(0, width, 3)
        ]
    )
    keys, values = memory.l_kv(cells).chunk(2, dim=-1)
    low = []
    for patch in plane.reshape(height * width, -1):
        parts = [
            (query @ key.T * head**-0.5).softmax(-1) @ value
            for query, key, value in zip(
                memory.l_q(patch).split(head),
                keys.split(head, dim=-1),
                values.split(head, dim=-1),
                strict=True,
            )
        ]
        low.append(memory.l_proj(torch.cat(parts)))
    return torch.cat((high, torch.stack(low).view(height, width, -1)), dim=-1)


@pytest.mark.parametrize("grid", GRIDS)
@torch.no_grad()
def test_any_grid_is_mixed_as_the_definition_says(grid: tuple[int, int]) -> None:
    torch.manual_seed(0)
    memory = SpectralMemory(CONFIG)
    memory.top_down_transform += 0.1 * torch.randn(20, 20)
    tokens = torch.randn(2, grid[0] * grid[1], 20)
    found = memory(tokens, grid)
    padded = (grid[0] + -grid[0] % 3, grid[1] + -grid[1] % 3)
    for one, ours in zip(tokens, found, strict=True):
        plane = torch.zeros(*padded, 20)
        plane[: grid[0], : grid[1]] = one.view(*grid, 20)
        mixed = literal(memory, plane)[: grid[0], : grid[1]].reshape(-1, 20)
        gate = torch.cosine_similarity(mixed, memory.prompt[None], dim=-1).clamp(0, 1)
        expected = (mixed * gate[:, None]) @ memory.top_down_transform
        torch.testing.assert_close(ours, expected, rtol=0, atol=1e-5)


def test_nine_tenths_of_the_heads_see_low_frequencies() -> None:
    assert [low_heads(heads) for heads in (2, 4, 5, 8)] == [1, 3, 4, 7]


@torch.no_grad()
def test_a_layer_attends_without_projections_or_scale() -> None:
    layer = SpectralLayer(CONFIG)
    queries, mixed = torch.randn(2, 3, 20), torch.randn(2, 6, 20)
    attended = (queries @ mixed.mT).softmax(-1) @ mixed
    x = layer.norm2(queries + layer.out(attended))
    expected = layer.norm3(x + layer.linear2(layer.linear1(x).relu()))
    torch.testing.assert_close(layer(queries, mixed), expected)


@torch.no_grad()
def test_the_filter_adds_what_it_passes_and_leaves_the_class_token() -> None:
    torch.manual_seed(0)
    layer = SpectralFilter(4, 6)
    tokens = torch.randn(2, 17, 6)
    found = layer(tokens, (4, 4))
    assert torch.equal(found[:, 0], tokens[:, 0])
    weight = torch.view_as_complex(layer.complex_weight)
    product = (tokens[:, 1:] * tokens[:, :1]).view(2, 4, 4, 6)
    passed = torch.fft.irfft2(
        torch.fft.rfft2(product, dim=(1, 2), norm="ortho") * weight,
        s=(4, 4), dim=(1, 2), norm="ortho",
    )  # fmt: skip
    torch.testing.assert_close(found[:, 1:], tokens[:, 1:] + passed.flatten(1, 2))
    layer.complex_weight.zero_()
    assert torch.equal(layer(tokens, (4, 4)), tokens)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_filter_that_is_the_same_everywhere_is_so_on_every_grid(grid: tuple[int, int]) -> None:
    layer = SpectralFilter(4, 6)
    torch.nn.init.zeros_(layer.complex_weight)
    with torch.no_grad():
        layer.complex_weight[..., 0] = 2.0
        tokens = torch.randn(1, 1 + grid[0] * grid[1], 6)
        found = layer(tokens, grid)
    expected = tokens[:, 1:] * (1 + 2 * tokens[:, :1])
    torch.testing.assert_close(found[:, 1:], expected)


@pytest.fixture
def spectral(network: CascadeCLIP) -> CascadeCLIP:
    torch.manual_seed(4)
    config = dataclasses.replace(
        network.config, decoder="spectral", spectral_blocks=(0, 1), dropout=0.0
    )
    return CascadeCLIP(config).eval()


@pytest.mark.parametrize("size", [(12, 12), (20, 8), (13, 6)])
@torch.inference_mode()
def test_words_stay_independent_on_any_grid(
    spectral: CascadeCLIP, words: Tensor, size: tuple[int, int]
) -> None:
    features = spectral.encode(torch.randn(2, 3, *size))
    together = spectral.decode(features, words)
    alone = [spectral.decode(features, words[index : index + 1]) for index in range(len(words))]
    torch.testing.assert_close(torch.cat(alone, dim=1), together, rtol=0, atol=1e-5)


def test_what_learns_follows_the_switch(spectral: CascadeCLIP) -> None:
    config = dataclasses.replace(spectral.config, train_spectral=False)
    for network, learns in ((spectral, True), (CascadeCLIP(config), False)):
        assert network.encoder.spectral.complex_weight.requires_grad == learns


def test_every_weight_of_the_spectral_head_reaches_the_output(
    spectral: CascadeCLIP, words: Tensor
) -> None:
    with torch.no_grad():
        for part in spectral.modules():
            if isinstance(part, SpectralMemory):  # an open gate: a closed one passes no gradient
                part.prompt.fill_(1)
                part.l_proj.bias.fill_(1)
    # Several windows: a softmax over one has no gradient either.
    spectral(torch.randn(2, 3, 24, 24), words).square().sum().backward()
    named = dict(spectral.named_parameters())
    silent = [
        name
        for name, value in named.items()
        if value.requires_grad and (value.grad is None or not value.grad.any())
    ]
    assert silent == []
