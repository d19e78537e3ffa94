"""Text embeddings of phrases: CLIP's text tower, its tokenizer, prompt templates, a cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import cast

import torch
from torch import Tensor, nn

from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.transformer import Block
from cascadeclip.core.templates import FIFTEEN, SINGLE

SINGLE_TEMPLATE, TEMPLATES = SINGLE, FIFTEEN
_CHUNK = 256
_REMEMBERED = 8192


@lru_cache(maxsize=1)
def _tokenizer() -> Callable[[list[str], int], Tensor]:
    # The word pieces are a file inside the package: nothing is downloaded. The module is loaded
    # by itself: the whole package takes 200 MB of memory and seconds, for models never used here.
    package = find_spec("open_clip")
    places = package.submodule_search_locations if package is not None else None
    spec = PathFinder.find_spec("tokenizer", places) if places else None
    if spec is None or spec.loader is None:
        raise ImportError("open_clip is missing: install the program again")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[list[str], int], Tensor]", module.SimpleTokenizer())


def tokenize(sentences: Sequence[str], context: int) -> Tensor:
    """Return token ids Cxcontext (int64) of CLIP's vocabulary; long sentences are cut."""
    return _tokenizer()(list(sentences), context)


def _forget(module: nn.Module, _: object) -> None:
    """Drop what the weights before these said."""
    cast("TextEncoder", module).forget()


class TextEncoder(nn.Module):
    """Embed phrases with CLIP's text tower; frozen, and each phrase is computed once."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.token_embedding = nn.Embedding(config.vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.randn(config.context, width) * 0.01)
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_width, config.activation)
            for _ in range(config.layers)
        )
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, config.embed) * width**-0.5)
        self._cache: OrderedDict[tuple[str, tuple[str, ...]], Tensor] = OrderedDict()
        self.requires_grad_(False)
        self.register_load_state_dict_post_hook(_forget)  # type: ignore[no-untyped-call]

    def forget(self) -> None:
        """Empty the cache; call it after changing weights by hand."""
        self._cache.clear()

    def forward(self, tokens: Tensor) -> Tensor:
        """Map token ids CxL to embeddings CxE, not normalised."""
        ends = tokens.argmax(dim=-1)
        # Later tokens cannot reach the end-of-text token, so the padding is not computed.
        length = int(ends.max()) + 1
        x = self.token_embedding(tokens[:, :length]) + self.positional_embedding[:length]
        for block in self.blocks:
            x = block(x, causal=True)
        rows = torch.arange(len(tokens), device=tokens.device)
        result: Tensor = self.ln_final(x[rows, ends]) @ self.text_projection
        return result

    def knows(self, phrase: str) -> bool:
        """Tell whether the token table has a row that is not zero for every piece of `phrase`."""
        tokens = tokenize([phrase], self.config.context)[0]
        pieces = tokens[: int(tokens.argmax()) + 1]
        table = self.token_embedding.weight[pieces.to(self.token_embedding.weight.device)]
        return bool(table.any(dim=-1).all())

    def encode(self, phrases: Sequence[str], templates: Sequence[str]) -> Tensor:
        """Return unit embeddings CxE (float32, this module's device), one row per phrase.

        Each template's embedding is normalised, the mean over templates normalised again.
        Raise ValueError without templates.
        """
        if not templates:
            raise ValueError("at least one template is needed")
        sentences = tuple(templates)
        keys = [(phrase, sentences) for phrase in phrases]
        known = {key: self._cache[key] for key in keys if key in self._cache}
        fresh = list(dict.fromkeys(key for key in keys if key not in known))
        if fresh:
            known.update(zip(fresh, self._embed([key[0] for key in fresh], sentences), strict=True))
        self._remember(known)
        device = self.text_projection.device
        if not keys:
            return torch.zeros(0, self.config.embed, device=device)
        return torch.stack([known[key] for key in keys]).to(device)

    def _remember(self, known: Mapping[tuple[str, tuple[str, ...]], Tensor]) -> None:
        for key, row in known.items():
            self._cache[key] = row
            self._cache.move_to_end(key)
        while len(self._cache) > _REMEMBERED:
            self._cache.popitem(last=False)

    @torch.no_grad()
    def _embed(self, phrases: Sequence[str], templates: tuple[str, ...]) -> Tensor:
        sentences = [item.replace("{}", phrase) for phrase in phrases for item in templates]
        tokens = tokenize(sentences, self.config.context).to(self.text_projection.device)
        rows = torch.cat([self(chunk).float() for chunk in torch.split(tokens, _CHUNK)])
        units = nn.functional.normalize(rows, dim=-1).reshape(len(phrases), len(templates), -1)
        return nn.functional.normalize(units.mean(dim=1), dim=-1).cpu()
