"""What drops out of a batch is the same however the batch is divided."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.dropout import attention, dropout, part_of

DIVIDED = (range(3), range(3, 4), range(4, 6))


def in_parts(work, count=6):
    """Do `work` on the parts of a batch, each from the same state of chance."""
    state, found = torch.get_rng_state(), []
    for part in DIVIDED:
        torch.set_rng_state(state)
        with part_of(part, count):
            found.append(work(part))
    return found


@pytest.mark.parametrize("dim", [0, 1])
def test_a_part_drops_what_the_whole_drops_there(dim: int) -> None:
    x = torch.rand(6, 6, 5) + 1
    torch.manual_seed(0)
    parts = in_parts(lambda part: dropout(x.narrow(dim, part.start, len(part)), 0.3,
                                          training=True, dim=dim))  # fmt: skip
    torch.manual_seed(0)
    whole = dropout(x, 0.3, training=True, dim=dim)
    assert 0 < int((whole == 0).sum()) < 100
    assert torch.equal(torch.cat(parts, dim=dim), whole)


def test_chance_is_used_up_as_by_the_whole() -> None:
    x = torch.ones(6, 5)
    torch.manual_seed(0)
    dropout(x, 0.3, training=True)
    after = torch.rand(1)
    torch.manual_seed(0)
    with part_of(range(2, 4), 6):
        dropout(x[2:4], 0.3, training=True)
    assert torch.equal(torch.rand(1), after)


def test_outside_training_nothing_drops() -> None:
    x = torch.rand(2, 3)
    with part_of(range(2), 4):
        assert dropout(x, 0.5, training=False) is x
        assert dropout(x, 0.0, training=True) is x


@pytest.mark.parametrize("scale", [None, 1.0])
def test_attention_in_parts_is_torchs_own(scale: float | None) -> None:
    queries, memory = torch.randn(6, 2, 3, 4), torch.randn(6, 2, 7, 4)
    torch.manual_seed(0)
    whole = attention(queries, memory, memory, 0.4, training=True, scale=scale)
    torch.manual_seed(0)
    parts = in_parts(lambda part: attention(queries[part.start : part.stop],
                                            memory[part.start : part.stop],
                                            memory[part.start : part.stop],
                                            0.4, training=True, scale=scale))  # fmt: skip
    plain = attention(queries, memory, memory, 0.4, training=False, scale=scale)
    assert not torch.allclose(whole, plain)
    torch.testing.assert_close(torch.cat(parts), whole, rtol=0, atol=1e-6)


@pytest.mark.parametrize("decoder", ["query", "spectral"])
@pytest.mark.parametrize("words", [1, 40])
def test_a_network_answers_in_parts_as_for_the_whole(network, decoder, words) -> None:
    config = dataclasses.replace(network.config, dropout=0.3, decoder=decoder)
    torch.manual_seed(1)
    dropping = CascadeCLIP(config).train()
    images, text = torch.randn(6, 3, 32, 32), torch.randn(words, config.embed)

    def answer(part: range) -> torch.Tensor:
        return dropping.decode(dropping.encode(images[part.start : part.stop]), text)

    with torch.no_grad():
        torch.manual_seed(0)
        parts = in_parts(answer)
        torch.manual_seed(0)
        whole = answer(range(6))
        still = dropping.eval().decode(dropping.encode(images), text)
    assert not torch.allclose(whole, still, atol=1e-2)
    torch.testing.assert_close(torch.cat(parts), whole, rtol=0, atol=1e-4)
