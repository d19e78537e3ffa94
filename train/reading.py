"""Words the text tower cannot read: their pieces get rows of their own, which are learnt.

A small text tower knows few pieces of words; all others have an empty row, so that all words made
of them look the same. A corrected word gets rows drawn by chance, and training moves them (textual
inversion, ICLR 2023): no word that could be read before changes by a bit. They learn first with the
weights as they are, so that a model which keeps its weights reads them too.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cascadeclip.core.model import TextEncoder
from cascadeclip.core.model.text import tokenize

READING_FIRST = 0.5
"""In so much of the steps new rows learn alone, and no weight moves."""


class _Patched(nn.Module):
    """Look pieces up in a frozen table, and those with a `place` in rows that learn."""

    def __init__(self, table: nn.Embedding, ids: Tensor, rows: Tensor) -> None:
        super().__init__()
        self.table = table
        self.rows = nn.Parameter(rows)
        self.register_buffer("places", torch.full((table.num_embeddings,), -1))
        places = cast("Tensor", self.places)
        places[ids] = torch.arange(len(ids))

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids to rows."""
        places = cast("Tensor", self.places)[tokens]
        own = self.rows[places.clamp(min=0)]
        return torch.where((places >= 0).unsqueeze(-1), own, self.table(tokens))


class Reader:
    """Embed phrases with a copy of a text tower that may learn to read some more of them.

    Attributes:
        text: the copy; after `keep` its table holds what was learnt.
    """

    def __init__(
        self,
        text: TextEncoder,
        templates: Sequence[str],
        learn: Sequence[str],
        *,
        device: torch.device,
        seed: int,
    ) -> None:
        self.text = copy.deepcopy(text).to(device)
        self._templates = tuple(templates)
        self._table = self.text.token_embedding
        self._ids = _empty_pieces(self._table.weight, learn, text.config.context)
        self._patched: _Patched | None = None
        if len(self._ids):
            self.text.forget()
            rows = _drawn(self._table.weight, len(self._ids), seed)
            self._patched = _Patched(self._table, self._ids, rows).to(device)
            self.mark()
            self.text.token_embedding = self._patched  # type: ignore[assignment]

    @property
    def parameters(self) -> list[nn.Parameter]:
        """Return what learns: one tensor of rows, or nothing."""
        return [] if self._patched is None else [self._patched.rows]

    @property
    def spread(self) -> float:
        """Return the size of a row's numbers, by which steps are measured."""
        return _spread(self._table.weight)

    def fixed(self, phrases: Sequence[str]) -> Tensor:
        """Return unit embeddings CxE; no gradient flows."""
        if self._patched is None:  # a few sentences at a time, and those known already not again
            return self.text.encode(phrases, self._templates)
        with torch.no_grad():
            return self.embed(phrases)

    def learns(self, phrase: str) -> bool:
        """Tell whether the phrase has a piece whose row learns."""
        tokens = tokenize([phrase], self.text.config.context)
        return bool(torch.isin(tokens, self._ids.cpu()).any())

    def embed(self, phrases: Sequence[str]) -> Tensor:
        """Return unit embeddings CxE as TextEncoder.encode does, with a gradient for the rows."""
        device = self._table.weight.device
        if not phrases:
            return torch.zeros(0, self.text.config.embed, device=device)
        sentences = [one.replace("{}", phrase) for phrase in phrases for one in self._templates]
        tokens = tokenize(sentences, self.text.config.context).to(device)
        rows = F.normalize(self.text(tokens), dim=-1)
        rows = rows.reshape(len(phrases), len(self._templates), -1)
        return F.normalize(rows.mean(dim=1), dim=-1)

    @torch.no_grad()
    def keep(self) -> None:
        """Write the rows into the table, rounded as they will be stored."""
        if self._patched is not None:
            rows = self._patched.rows.half().to(self._table.weight)
            self._table.weight[self._ids] = rows
            self._patched.rows.copy_(rows)
            self.text.token_embedding = self._table
            self.text.forget()

    @torch.no_grad()
    def mark(self) -> None:
        """Remember the rows as those that go with the weights as they were."""
        if self._patched is not None:
            self._first = self._patched.rows.detach().clone()

    @torch.no_grad()
    def blend(self, share: float) -> None:
        """Read, after `keep`, by rows between the marked ones (0) and the last (1)."""
        if self._patched is not None:
            rows = torch.lerp(self._first, self._patched.rows, share).half()
            self._table.weight[self._ids] = rows.to(self._table.weight)
            self.text.forget()

    def state(self) -> Tensor | None:
        """Return a copy of the rows, those that learn and the marked ones, to go on from later."""
        if self._patched is None:
            return None
        return torch.stack([self._patched.rows.detach(), self._first])

    @torch.no_grad()
    def restore(self, rows: Tensor | None) -> None:
        """Take up the rows of `state`."""
        if self._patched is not None and rows is not None:
            self._patched.rows.copy_(rows[0])
            self._first = rows[1].to(self._patched.rows)


def _empty_pieces(table: Tensor, phrases: Sequence[str], context: int) -> Tensor:
    if not phrases:
        return torch.zeros(0, dtype=torch.long, device=table.device)
    tokens = tokenize(list(phrases), context)
    ends = tokens.argmax(dim=-1, keepdim=True)
    kept = tokens[torch.arange(context) <= ends].tolist()
    pieces = torch.tensor(sorted(set(kept)), device=table.device)
    empty: Tensor = ~table[pieces].any(dim=-1)
    return pieces[empty]


def _spread(table: Tensor) -> float:
    used = table[table.any(dim=-1)]
    return float(used.std()) if used.numel() > 1 else 1.0


def _drawn(table: Tensor, count: int, seed: int) -> Tensor:
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(count, table.shape[1], generator=chance) * _spread(table)
