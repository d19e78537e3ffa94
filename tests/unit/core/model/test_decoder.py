from __future__ import annotations

import dataclasses

import torch

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.decoder import Decoder, MapLayer, QueryLayer, project_text, relate

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


def test_attending_without_keys_and_values_is_the_same() -> None:
    decoder = Decoder(CONFIG).train()
    queries, memory = torch.randn(2, 2, 12), torch.randn(2, 7, 12)
    for way in ("once", "forward"):
        decoder.zero_grad()
        found = (
            decoder.once(queries, memory, (1, 7))
            if way == "once"
            else decoder(queries, memory, decoder.read(memory, (1, 7)))
        )
        found.square().sum().backward()
        gradients = {name: p.grad for name, p in decoder.named_parameters() if p.grad is not None}
        if way == "once":
            expected, wanted = found.detach(), gradients
    torch.testing.assert_close(found.detach(), expected)
    assert set(gradients) == set(wanted)
    for name, value in gradients.items():
        torch.testing.assert_close(value, wanted[name], rtol=1e-4, atol=1e-5, msg=name)


def test_dropout_falls_on_the_same_shares_either_way() -> None:
    layer = QueryLayer(dataclasses.replace(CONFIG, dropout=0.5)).train()
    queries, memory = torch.randn(1, 1, 12), torch.randn(1, 9, 12)
    layer.settle = lambda queries, mixed: mixed
    torch.manual_seed(0)
    found = layer.attend(queries, memory)
    torch.manual_seed(0)
    keys, values = layer.read(memory)
    scores = layer._split(layer.q(queries)) @ keys.transpose(-1, -2) * 4**-0.5
    share = layer._drop(scores.softmax(dim=-1).flatten(1, 2)).view_as(scores)
    expected = (share @ values).transpose(1, 2).flatten(2)
    torch.testing.assert_close(found, expected)


def test_many_words_read_keys_and_values() -> None:
    decoder, asked = Decoder(CONFIG).train(), []
    decoder._pairs = lambda memory: asked.append(1) or Decoder._pairs(decoder, memory)
    memory = torch.randn(1, 9, 12)
    decoder.once(torch.randn(1, 2, 12), memory, (3, 3))
    assert asked == []
    decoder.once(torch.randn(1, 3, 12), memory, (3, 3))
    assert asked == [1]


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
    queries = relate(decoder.query, cls, text, project_text(decoder.query, text))
    torch.testing.assert_close(queries, decoder.query(joined))
    torch.testing.assert_close(
        decoder(queries, memory, decoder.read(memory, (1, 7))),
        decoder.last(decoder.query(joined), memory),
    )


def test_a_word_alone_scores_as_among_others() -> None:
    decoder = Decoder(CONFIG).eval()
    for layer in decoder.layers:
        torch.nn.init.normal_(layer.linear1.bias)
        torch.nn.init.normal_(layer.out.bias)
    torch.nn.init.normal_(decoder.last.q.bias)
    cls, text, memory = torch.randn(1, 12), torch.randn(5, 12), torch.randn(1, 7, 12)
    known = decoder.read(memory, (1, 7))
    plain = project_text(decoder.query, text)
    together = decoder(relate(decoder.query, cls, text, plain), memory, known)
    alone = [
        decoder(relate(decoder.query, cls, text[k : k + 1], plain[k : k + 1]), memory, known)
        for k in range(5)
    ]
    torch.testing.assert_close(torch.cat(alone, dim=1), together)


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
