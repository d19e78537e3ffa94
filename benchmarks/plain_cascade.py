"""Cascade-CLIP's training step as plain eager PyTorch, for measuring against.

Nothing here is clever and nothing is slow on purpose: it is the model as its description reads,
one operation after another. The CLIP text tower stays and encodes the words in every step,
attention is two matrix products with its weights in between, every token (prompts too) goes
through every block and every projection, each decoder has three full layers of which the last
one's output is thrown away, and the loss is written with one-hot targets. Weights that the
program does not keep because they cannot change a result are here, as they are in the paper's
count of parameters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.config import NetworkConfig, TextConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder


class PlainAttention(nn.Module):
    """Attend with several heads by two matrix products."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width).normal_(std=width**-0.5))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Map BxLxD to BxLxD; `mask` LxL is added to the scores."""
        joint = functional.linear(x, self.in_proj_weight, self.in_proj_bias)
        query, key, value = (
            part.view(*x.shape[:2], self.heads, -1).transpose(1, 2)
            for part in joint.chunk(3, dim=-1)
        )
        # the smaller array is scaled, as torch's own attention layer does
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-2, -1)
        if mask is not None:
            scores = scores + mask
        mixed = torch.softmax(scores, dim=-1) @ value
        result: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return result


class PlainBlock(nn.Module):
    """Apply pre-norm attention and a feed-forward layer, each added to its input."""

    def __init__(self, width: int, heads: int, hidden: int, act: str) -> None:
        super().__init__()
        self.act = act
        self.ln_1 = nn.LayerNorm(width)
        self.attn = PlainAttention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict(
            {"c_fc": nn.Linear(width, hidden), "c_proj": nn.Linear(hidden, width)}
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Map BxLxD to BxLxD."""
        x = x + self.attn(self.ln_1(x), mask)
        hidden = self.mlp["c_fc"](self.ln_2(x))
        if self.act == "quick_gelu":
            hidden = hidden * torch.sigmoid(1.702 * hidden)
        else:
            hidden = functional.gelu(hidden)
        result: Tensor = x + self.mlp["c_proj"](hidden)
        return result


class PlainTower(nn.Module):
    """Encode images with prompts in front of every block, all tokens to the end."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        width, middle = config.width, len(config.taken) - 1
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positional_embedding = nn.Parameter(torch.randn(1 + config.grid**2, width))
        self.conv1 = nn.Conv2d(3, width, config.patch, stride=config.patch, bias=False)
        self.ln_pre = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(
            PlainBlock(width, config.heads, config.mlp_width, config.activation)
            for _ in range(config.layers)
        )
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.randn(width, config.embed) * width**-0.5)
        self.stage_norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(middle))
        self.stage_projections = nn.Parameter(torch.randn(middle, width, config.embed))
        self.prompt_embeddings = nn.Parameter(torch.randn(1, config.prompts, width) * 0.06)
        self.deep_prompt_embeddings = nn.Parameter(
            torch.randn(config.layers - 1, config.prompts, width) * 0.06
        )
        self.prompt_proj = nn.Linear(width, width)
        self.prompt_norm = nn.LayerNorm(width, eps=1e-6)
        for name, parameter in self.named_parameters():
            parameter.requires_grad_("prompt" in name)

    def _prompts(self, tokens: Tensor, batch: int) -> Tensor:
        projected = self.prompt_proj(tokens).expand(batch, -1, -1)
        return functional.dropout(projected, self.config.dropout, training=self.training)

    def forward(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the unit maps BxNxE of the taken blocks and the unit global vector BxE."""
        batch, count = len(images), self.config.prompts
        patches = self.conv1(images).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(batch, 1, -1)
        x = torch.cat((first, patches), dim=1)
        # the class embedding is part of its position once more
        places = self.positional_embedding.clone()
        places[0] = places[0] + self.class_embedding
        x = self.ln_pre(x + places)
        x = torch.cat((x[:, :1], self._prompts(self.prompt_embeddings, batch), x[:, 1:]), dim=1)
        maps = []
        for index, block in enumerate(self.blocks):
            if index > 0:
                deep = self._prompts(self.deep_prompt_embeddings[index - 1], batch)
                x = torch.cat((x[:, :1], deep, x[:, 1 + count :]), dim=1)
            x = block(x)
            if index in self.config.taken[:-1]:
                place = self.config.taken.index(index)
                normed = self.stage_norms[place](self.prompt_norm(x))
                projected = normed @ self.stage_projections[place]
                taken = projected[:, 1 + count :]
                maps.append(taken / taken.norm(dim=-1, keepdim=True))
        final = self.ln_post(self.prompt_norm(x)) @ self.proj
        cls, last = final[:, 0], final[:, 1 + count :]
        maps.append(last / last.norm(dim=-1, keepdim=True))
        return maps, cls / cls.norm(dim=-1, keepdim=True)


class PlainLayer(nn.Module):
    """Be one full decoder layer; its self-attention and first norm are kept and never run."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size, self.heads, self.dropout = config.embed, config.decoder_heads, config.dropout
        self.self_attn = nn.MultiheadAttention(size, self.heads, batch_first=True)
        self.norm1 = nn.LayerNorm(size)
        self.q, self.k = nn.Linear(size, size), nn.Linear(size, size)
        self.v, self.out = nn.Linear(size, size), nn.Linear(size, size)
        self.norm2 = nn.LayerNorm(size)
        self.linear1 = nn.Linear(size, config.decoder_ff)
        self.linear2 = nn.Linear(config.decoder_ff, size)
        self.norm3 = nn.LayerNorm(size)

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, training=self.training)

    def forward(self, queries: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Return the new queries BxCxD and the map BxCxN, the mean of the heads' scores."""
        query, key, value = (
            self._split(self.q(queries)),
            self._split(self.k(memory)),
            self._split(self.v(memory)),
        )
        scores = query @ key.transpose(-2, -1) * query.shape[-1] ** -0.5
        attention = self._drop(torch.softmax(scores, dim=-1))
        mixed = (attention @ value).transpose(1, 2).flatten(2)
        x = self.norm2(queries + self._drop(self.out(mixed)))
        hidden = self._drop(functional.relu(self.linear1(x)))
        return self.norm3(x + self._drop(self.linear2(hidden))), scores.mean(dim=1)


class PlainCascade(nn.Module):
    """Hold the text tower, the image tower and the cascaded decoders, nothing left out."""

    def __init__(self, config: NetworkConfig, text: TextConfig) -> None:
        super().__init__()
        self.config = config
        self.text = PlainText(text)
        self.tower = PlainTower(config)
        self.queries = nn.ModuleList(
            nn.Linear(2 * config.embed, config.embed) for _ in config.stages
        )
        self.decoders = nn.ModuleList(
            nn.ModuleList(PlainLayer(config) for _ in range(config.decoder_layers))
            for _ in config.stages
        )
        self.weights = nn.ParameterList(nn.Parameter(torch.ones(len(s))) for s in config.stages)

    def _stages(self, maps: list[Tensor]) -> list[Tensor]:
        stages, start = [], 0
        for weights in self.weights:
            group = maps[start : start + len(weights)]
            start += len(weights)
            alone = len(weights) == 1
            stages.append(
                group[0] if alone else sum(w * z for w, z in zip(weights, group, strict=True))
            )
        return stages

    @torch.no_grad()
    def words(self, tokens: Tensor) -> Tensor:
        """Return unit text embeddings CxE for the words' token ids CxL."""
        rows: Tensor = self.text(tokens)
        return rows / rows.norm(dim=-1, keepdim=True)

    def forward(self, images: Tensor, text: Tensor) -> Tensor:
        """Return mask logits BxCxHxW for images Bx3xHxW and unit text embeddings CxE."""
        maps, cls = self.tower(images)
        related = torch.cat((cls.unsqueeze(1) * text, text.expand(len(images), -1, -1)), dim=-1)
        scores: list[Tensor] = []
        for descriptor, layers, memory in zip(
            self.queries, self.decoders, self._stages(maps), strict=True
        ):
            x, found = descriptor(related), memory
            for layer in layers:
                x, found = layer(x, memory)
            scores.append(found)
        rows, columns = (side // self.config.patch for side in images.shape[-2:])
        grid = torch.stack(scores).sum(dim=0).unflatten(-1, (rows, columns))
        return functional.interpolate(grid, images.shape[-2:], mode="bilinear", align_corners=False)


class PlainText(nn.Module):
    """Be CLIP's text tower, frozen, every position computed."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        width = config.width
        self.token_embedding = nn.Embedding(config.vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.randn(config.context, width) * 0.01)
        self.blocks = nn.ModuleList(
            PlainBlock(width, config.heads, config.mlp_width, config.activation)
            for _ in range(config.layers)
        )
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, config.embed) * width**-0.5)
        hidden = torch.full((config.context, config.context), -torch.inf).triu(1)
        self.register_buffer("mask", hidden, persistent=False)
        self.requires_grad_(False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids CxL to embeddings CxE, not normalised."""
        x = self.token_embedding(tokens) + self.positional_embedding
        for block in self.blocks:
            x = block(x, self.mask)
        ends = x[torch.arange(len(x), device=x.device), tokens.argmax(dim=-1)]
        result: Tensor = self.ln_final(ends) @ self.text_projection
        return result


def plain_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return 100 * focal + dice of logits BxCxHxW for labels BxHxW, 255 being no word.

    Focal runs over all words, dice over the words of each image, both are divided by the number
    of (image, word) pairs that occur (section 3.4 of the paper).
    """
    words = logits.shape[1]
    target = functional.one_hot(labels.where(labels != 255, words), words + 1)
    target = target[..., :words].permute(0, 3, 1, 2).float()
    present = target.flatten(2).sum(dim=-1) > 0
    pairs = present.sum().clamp(min=1)
    probability = torch.sigmoid(logits)
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    right = probability * target + (1 - probability) * (1 - target)
    alpha = 0.25 * target + 0.75 * (1 - target)
    focal = (alpha * entropy * (1 - right) ** 2).flatten(2).mean(dim=-1).sum() / pairs
    chosen, truth = probability[present].flatten(1), target[present].flatten(1)
    shared = 2 * (chosen * truth).sum(dim=-1) + 1
    dice = (1 - shared / (chosen.sum(dim=-1) + truth.sum(dim=-1) + 1)).sum() / pairs
    return 100 * focal + dice


def copy_weights(plain: PlainCascade, network: CascadeCLIP, text: TextEncoder) -> None:
    """Give `plain` the weights of `network` and `text`; what those do not keep stays as it is."""
    plain.text.load_state_dict(text.state_dict())
    plain.tower.load_state_dict(network.encoder.state_dict())
    for stage, decoder in enumerate(network.decoders):
        plain.queries[stage].load_state_dict(decoder.query.state_dict())
        *full, last = plain.decoders[stage]
        for theirs, ours in zip(full, decoder.layers, strict=True):
            theirs.load_state_dict(ours.state_dict(), strict=False)
        last.load_state_dict(decoder.last.state_dict(), strict=False)
        if len(plain.weights[stage]) > 1:
            plain.weights[stage].data.copy_(network.aggregation.weights[str(stage)].data)
