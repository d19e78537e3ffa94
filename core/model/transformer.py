"""The residual block both CLIP towers are made of, batch first."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

_SLOPE = 1.702


class _QuickGelu(torch.autograd.Function):
    """Keep the input alone for the gradient, which one fused operation then finds.

    Ordinary operations keep two arrays of the feed-forward layer's width, the largest of a
    block, and read and write such arrays five times on the way back.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ANN401
        """Return x * sigmoid(1.702 x), made in one array."""
        ctx.save_for_backward(x)
        return (_SLOPE * x).sigmoid_().mul_(x)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, outer: Tensor) -> Tensor:  # noqa: ANN401
        """Return the gradient: that of silu at 1.702 x, for x sigmoid(kx) = silu(kx) / k."""
        (x,) = ctx.saved_tensors
        gradient: Tensor = torch.ops.aten.silu_backward(outer, _SLOPE * x)
        return gradient


class QuickGelu(nn.Module):
    """Approximate GELU by x * sigmoid(1.702 x), as the first CLIP weights expect."""

    def forward(self, x: Tensor) -> Tensor:
        """Return an array of the same shape."""
        if torch.is_grad_enabled() and x.requires_grad:
            result: Tensor = _QuickGelu.apply(x)
            return result
        return x * torch.sigmoid(_SLOPE * x)


def activation(name: str) -> nn.Module:
    """Build the activation called `name`, one of config.ACTIVATIONS."""
    return QuickGelu() if name == "quick_gelu" else nn.GELU()


class Attention(nn.Module):
    """Attend with several heads from every token to all tokens and to prompts in front of them."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def _project(self, tokens: Tensor, first: int, count: int) -> tuple[Tensor, ...]:
        """Make `count` of query, key, value from number `first` on, BxHxLxD/H each."""
        width = tokens.shape[-1]
        rows = slice(first * width, (first + count) * width)
        joint = functional.linear(tokens, self.in_proj_weight[rows], self.in_proj_bias[rows])
        split = joint.view(*joint.shape[:2], count, self.heads, -1)
        return split.permute(2, 0, 3, 1, 4).unbind()

    def project(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """Return query, key and value of tokens BxLxD, each BxHxLxD/H."""
        return self._project(tokens, 0, 3)

    def join(self, mixed: Tensor) -> Tensor:
        """Map what the heads mixed, BxHxLxD/H, to BxLxD."""
        result: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return result

    def forward(
        self, tokens: Tensor, prompts: Tensor | None = None, *, causal: bool = False
    ) -> Tensor:
        """Map BxLxD, and prompts BxPxD that ask nothing, to BxLxD.

        `causal` hides later tokens (without prompts only).
        """
        if prompts is None:
            query, key, value = self.project(tokens)
        else:
            # The tokens' queries by themselves: none for prompts, and where only the prompts
            # learn (the first block) no gradient for the tokens either.
            (query,) = self._project(tokens, 0, 1)
            key, value = self._project(torch.cat((prompts, tokens), dim=1), 1, 2)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self.join(mixed)


class Block(nn.Module):
    """Apply pre-norm attention and a feed-forward layer, each added to its input."""

    def __init__(self, width: int, heads: int, hidden: int, act: str) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        layers = OrderedDict[str, nn.Module]()
        layers["c_fc"] = nn.Linear(width, hidden)
        layers["gelu"] = activation(act)
        layers["c_proj"] = nn.Linear(hidden, width)
        self.mlp = nn.Sequential(layers)

    def forward(self, x: Tensor, prompts: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """Map BxLxD to BxLxD; `prompts` BxPxD are attended to and have no output of their own.

        The outputs of prompt tokens are replaced before every block and unused after the last,
        so they are never computed.
        """
        asked = None if prompts is None else self.ln_1(prompts)
        x = x + self.attn(self.ln_1(x), asked, causal=causal)
        result: Tensor = x + self.mlp(self.ln_2(x))
        return result
