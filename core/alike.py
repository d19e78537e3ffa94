"""Words that a person takes for two and the model takes for one.

Two words whose phrases have nearly the same embedding get nearly the same map: they compete for
the same pixels, and which of them wins is chance. What helps is to write them as one word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIKE: Final = 0.95
"""Cosine similarity from which on two phrases are the same thing to a model.

Taken from the bundled model, whose captions call some things by two names: those pairs (cat and
kitten, grass and meadow, road and street, car and automobile) lie at 0.986 to 0.997, while of the
11,026 pairs of different words it was trained on 99.9 % lie below 0.88 and one (horse and goat)
above 0.95. The bound is set halfway between.
"""

SHORTEST: Final = 3
"""Shorter words are left alone: "as" is no more than one "a"."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Hold the places of two phrases that are nearly the same, `first` < `second`.

    `similarity` is the cosine of their embeddings, -1..1.
    """

    first: int
    second: int
    similarity: float


def twins(
    embeddings: NDArray[np.float32],
    owners: Sequence[int],
    *,
    bound: float = ALIKE,
    fresh: int = 0,
) -> tuple[Twins, ...]:
    """Return the pairs of phrases of different words that are at least `bound` alike.

    `embeddings` is CxE with unit rows, `owners[c]` the word that phrase c belongs to. Of each two
    words only the most alike phrases are named. Pairs whose phrases both come before place `fresh`
    are left out: nobody asks about them. The most alike come first.

    Raises ValueError when the lengths differ.
    """
    if len(embeddings) != len(owners):
        msg = f"{len(embeddings)} phrases need as many owners, not {len(owners)}"
        raise ValueError(msg)
    owner = np.asarray(owners, dtype=np.int64)
    # only the fresh rows are compared: a long vocabulary costs no square of itself on each key
    likeness = embeddings[fresh:] @ embeddings.T
    places = np.arange(fresh, len(owner))
    wanted = (likeness >= bound) & (owner[fresh:, None] != owner[None])
    wanted &= places[:, None] > np.arange(len(owner))[None]
    best: dict[tuple[int, int], Twins] = {}
    for row, column in np.argwhere(wanted):
        pair = Twins(int(column), int(row) + fresh, float(likeness[row, column]))
        words = (min(owner[column], owner[row + fresh]), max(owner[column], owner[row + fresh]))
        if words not in best or pair.similarity > best[words].similarity:
            best[words] = pair
    return tuple(sorted(best.values(), key=lambda pair: -pair.similarity))


def same_but_for_form(first: str, second: str) -> bool:
    """Return whether two phrases are one in singular and plural, or with and without a hyphen.

    A rule of thumb for English: a small model may not have learned the plural at all, and then its
    embeddings cannot tell.
    """
    one, other = _joined(first), _joined(second)
    return one == other or other in _plurals(one) or one in _plurals(other)


def _joined(phrase: str) -> str:
    return re.sub(r"[-_ ]+", "", phrase_key(phrase))


def _plurals(joined: str) -> tuple[str, ...]:
    if len(joined) < SHORTEST:
        return ()
    changed = (joined.removesuffix("y") + "ies",) if joined.endswith("y") else ()
    return (joined + "s", joined + "es", *changed)
