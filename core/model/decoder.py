"""One decoder of the cascade: word queries read a stage's patch map and score every patch."""

from __future__ import annotations

import copy
import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.affine import affine
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.dropout import attention, dropout

KeysValues = tuple[Tensor, Tensor]
# What a decoder keeps of an image: per layer, one or two tensors that no word changes.
Known = tuple[tuple[Tensor, ...], ...]


def apply(linear: nn.Linear, x: Tensor) -> Tensor:
    """Apply `linear` to x, which may be a single vector."""
    return affine(linear.weight, linear.bias, x)


def relate(projection: nn.Linear, cls: Tensor, text: Tensor, plain: Tensor) -> Tensor:
    """Describe how image and word relate: cls BxD and text CxD become queries BxCxD.

    Cascade-CLIP, section 3.2: the descriptor joins the product of the word with the image's
    global vector and the word itself, in this order, and is projected. `plain` is what
    `project_text` made of the word itself.
    """
    related, product = projection.weight.chunk(2, dim=1)[0], cls.unsqueeze(1) * text
    if product.shape[:2] == (1, 1):
        return affine(related, plain[0], product)
    return functional.linear(product, related) + plain


def project_text(projection: nn.Linear, text: Tensor) -> Tensor:
    """Project the half of the descriptor that is the word alone, the same for every image: CxD."""
    return affine(projection.weight.chunk(2, dim=1)[1], projection.bias, text)


class PostNorm(nn.Module):
    """Hold what follows attention in every query layer: projection, two norms, feed-forward."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size, self.dropout = config.embed, config.dropout
        self.out = nn.Linear(size, size)
        self.norm2 = nn.LayerNorm(size)
        self.linear1 = nn.Linear(size, config.decoder_ff)
        self.linear2 = nn.Linear(config.decoder_ff, size)
        self.norm3 = nn.LayerNorm(size)

    def _drop(self, x: Tensor) -> Tensor:
        return dropout(x, self.dropout, training=self.training)

    def settle(self, queries: Tensor, mixed: Tensor) -> Tensor:
        """Add what the queries BxCxD attended to (`mixed` BxCxD), then the feed-forward layer."""
        x = self.norm2(queries + self._drop(apply(self.out, mixed)))
        hidden = self._drop(functional.relu(apply(self.linear1, x)))
        result: Tensor = self.norm3(x + self._drop(apply(self.linear2, hidden)))
        return result


class QueryLayer(PostNorm):
    """Update the queries by cross-attention and a feed-forward layer, post-norm."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config)
        size, self.heads = config.embed, config.decoder_heads
        self.q = nn.Linear(size, size)
        self.k = nn.Linear(size, size)
        self.v = nn.Linear(size, size)

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def read(self, memory: Tensor) -> KeysValues:
        """Return keys and values, each BxHxNxD/H, of a stage map BxNxD; no word is needed."""
        return self._split(self.k(memory)), self._split(self.v(memory))

    def attend(self, queries: Tensor, memory: Tensor) -> Tensor:
        """Do what `forward` does with `read`, without a key or value for any patch.

        (q Wk) . z + q . bk and Wv (a z) + bv a: fewer products than keys and values, while there
        are fewer words times heads than patches and nothing is asked of the image twice.
        """
        batch, count, size = queries.shape
        query = self._split(self.q(queries)) * (size // self.heads) ** -0.5
        keys, key_bias = self._by_head(self.k)
        values, value_bias = self._by_head(self.v)
        wanted = (query @ keys).flatten(1, 2)
        constant = (query * key_bias).sum(dim=-1).flatten(1, 2).unsqueeze(-1)
        scores = torch.baddbmm(constant, wanted, memory.transpose(1, 2))
        share = self._drop(scores.softmax(dim=-1))
        seen = torch.bmm(share, memory).view(batch, self.heads, count, size)
        mixed = seen @ values.transpose(1, 2)
        mixed = mixed + share.sum(dim=-1).view(batch, self.heads, count, 1) * value_bias
        return self.settle(queries, mixed.transpose(1, 2).flatten(2))

    def _by_head(self, linear: nn.Linear) -> tuple[Tensor, Tensor]:
        """Return the weight as HxD/HxD and the bias as Hx1xD/H."""
        return (
            linear.weight.view(self.heads, -1, linear.in_features),
            linear.bias.view(self.heads, 1, -1),
        )

    def forward(self, queries: Tensor, known: KeysValues) -> Tensor:
        """Map queries BxCxD to BxCxD; each depends on itself and the memory only."""
        query = self._split(apply(self.q, queries))
        mixed = attention(query, *known, self.dropout, training=self.training)
        return self.settle(queries, mixed.transpose(1, 2).flatten(2))


class MapLayer(nn.Module):
    """Score patches by the mean over heads of scaled query-key products, before any softmax.

    That mean is one full-width product. An image that is decoded once has its key projection on
    the side of the few queries: (q Wk) . z + q . bk instead of a key for every patch. One that is
    decoded again and again has both projections on the side of the patches (`read`): a word then
    costs one product. Nothing else of a full layer can reach the map, hence nothing else is kept.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size, heads = config.embed, config.decoder_heads
        self.scale = 1 / (heads * math.sqrt(size / heads))
        self.q = nn.Linear(size, size)
        self.k = nn.Linear(size, size)

    def forward(self, queries: Tensor, memory: Tensor) -> Tensor:
        """Map queries BxCxD and a stage map BxNxD to scores BxCxN."""
        query = self.q(queries) * self.scale
        constant = (query @ self.k.bias).unsqueeze(-1)
        return torch.baddbmm(constant, query @ self.k.weight, memory.transpose(1, 2))

    def read(self, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Return what scores are read off, BxNxD and BxN: (Wq q + bq) . k = q . Wq'k + bq . k."""
        keys = self.k(memory) * self.scale
        return keys @ self.q.weight, keys @ self.q.bias

    def score(self, queries: Tensor, read: Tensor, constant: Tensor) -> Tensor:
        """Map queries BxCxD and what `read` made of a stage map to the scores of `forward`."""
        if len(queries) == 1:
            return affine(read[0], constant[0], queries)
        return torch.baddbmm(constant.unsqueeze(1), queries, read.transpose(1, 2))


class Decoder(nn.Module):
    """Refine the queries layer by layer and score every patch (Cascade-CLIP, section 3.1).

    All layers start as copies of the first. `query` projects the descriptor (`relate`); a decoder
    that shares the first decoder's has none (`shares`).
    """

    def __init__(self, config: NetworkConfig, *, shares: bool = False) -> None:
        super().__init__()
        self.heads = config.decoder_heads
        self.query = None if shares else nn.Linear(2 * config.embed, config.embed)
        first = QueryLayer(config)
        self.layers = nn.ModuleList(copy.deepcopy(first) for _ in range(config.decoder_layers - 1))
        self.last = MapLayer(config)
        self.last.q.load_state_dict(first.q.state_dict())
        self.last.k.load_state_dict(first.k.state_dict())

    def read(self, memory: Tensor, grid: tuple[int, int]) -> Known:
        """Return what every layer makes of a stage map BxNxD on `grid` before any word comes."""
        return (*self._pairs(memory), self.last.read(memory))

    def forward(self, queries: Tensor, memory: Tensor, known: Known) -> Tensor:
        """Map queries BxCxD and what `read` made of a stage map to scores BxCxN."""
        for layer, pair in zip(self.layers, known[:-1], strict=True):
            queries = layer(queries, pair)
        read, constant = known[-1]
        return self.last.score(queries, read, constant)

    def once(self, queries: Tensor, memory: Tensor, grid: tuple[int, int]) -> Tensor:
        """Score like `forward`, for an image that is decoded once, as in a training step."""
        if queries.shape[1] * self.heads >= memory.shape[1]:
            for layer, pair in zip(self.layers, self._pairs(memory), strict=True):
                queries = layer(queries, pair)
        else:
            for layer in self.layers:
                queries = cast("QueryLayer", layer).attend(queries, memory)
        scores: Tensor = self.last(queries, memory)
        return scores

    def _pairs(self, memory: Tensor) -> tuple[KeysValues, ...]:
        return tuple(cast("QueryLayer", layer).read(memory) for layer in self.layers)
