from __future__ import annotations

import torch

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.decoder import Decoder, MapLayer, QueryLayer, relate

CONFIG = NetworkConfig(embed=12, decoder_heads=3, decoder_ff=20, dropout=0.0)


def heads_of(x: torch.Tensor) -> list[torch.Tensor]:
    return list(x.split(4, dim=-1))


def test_map_is_the_mean_over_heads_of_scaled_scores() -> None:
    layer = MapLayer(CONFIG)
    queries, memory = torch.randn(2, 5, 12), torch.randn(2, 7, 12)
    pairs = zip(heads_of(layer.q(queries)), heads_of(layer.k(memory)), strict=True)
    expected = torch.stack([q @ k.mT * 4**-0.5 for q, k in pairs]).mean(dim=0)
    torch.testing.assert_close(layer(queries, memory), expected)


def test_query_layer_is_post_norm_cross_attention() -> None:
    layer = QueryLayer(CONFIG)
    queries, memory = torch.randn(2, 5, 12), torch.randn(2, 7, 12)
    parts = [
        (q @ k.mT * 4**-0.5).softmax(dim=-1) @ v
        for q, k, v in zip(
            heads_of(layer.q(queries)),
            heads_of(layer.k(memory)),
            heads_of(layer.v(memory)),
            strict=True,
        )
    ]
    x = layer.norm2(queries + layer.out(torch.cat(parts, dim=-1)))
    expected = layer.norm3(x + layer.linear2(layer.linear1(x).relu()))
    torch.testing.assert_close(layer(queries, layer.read(memory)), expected)


def test_layers_start_as_copies_of_the_first() -> None:
    decoder = Decoder(CONFIG)
    first, second = decoder.layers
    assert torch.equal(first.linear1.weight, second.linear1.weight)
    assert torch.equal(first.q.weight, decoder.last.q.weight)
    assert first.q.weight.data_ptr() != second.q.weight.data_ptr()


def test_the_product_stands_before_the_word() -> None:
    decoder = Decoder(NetworkConfig(embed=12, decoder_heads=3, decoder_layers=1))
    cls, text, memory = torch.randn(2, 12), torch.randn(5, 12), torch.randn(2, 7, 12)
    joined = torch.cat((cls[:, None] * text, text.expand(2, -1, -1)), dim=-1)
    queries = relate(decoder.query, cls, text)
    torch.testing.assert_close(queries, decoder.query(joined))
    torch.testing.assert_close(
        decoder(queries, memory, ()), decoder.last(decoder.query(joined), memory)
    )


def test_every_weight_of_the_head_reaches_the_output(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    network(images, words).square().sum().backward()
    checked = 0
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None, name
            assert parameter.grad.any() or name.endswith("k.bias"), name
            checked += 1
        else:
            assert parameter.grad is None, name
    assert checked > 50
