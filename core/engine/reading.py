"""Which words a model can read at all: a small one has learnt few pieces of words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cascadeclip.core.model.text import tokenize
from cascadeclip.core.vocabulary import phrase_key, spellings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.values import Word

_REMEMBERED = 4096


class Reader:
    """Tell whether a phrase means anything to a text tower.

    The rows of pieces that never came up in the captions of the bundled model are zero: a phrase
    with one of them is noise to it. Published towers know every piece. `text` is a
    `core.model.text.TextEncoder`; of what has no table of pieces everything is believed known.
    """

    def __init__(self, text: object) -> None:
        self._known: NDArray[np.bool_] | None = None
        embedding = getattr(text, "token_embedding", None)
        self._context = int(getattr(getattr(text, "config", None), "context", 0))
        if embedding is not None:
            known = embedding.weight.detach().any(dim=-1).cpu().numpy()
            self._known = None if known.all() else known
        self._knows = lru_cache(_REMEMBERED)(self._look)
        if self._known is not None:
            self._knows("a")  # reads the tokenizer here, where somebody waits for a model anyway

    def knows(self, word: Word | str) -> bool:
        """Return whether the model can read the word, or one of its phrases."""
        return any(self._knows(phrase_key(one)) for one in spellings(word))

    def _look(self, phrase: str) -> bool:
        if self._known is None:
            return True
        tokens = tokenize([phrase], self._context)[0]
        pieces = tokens[: int(tokens.argmax()) + 1]
        return bool(self._known[pieces.numpy()].all())
