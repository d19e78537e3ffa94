"""What a network is to learn, and a view that has been through its tower."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from cascadeclip.train.data.corrections import Truth


@dataclass(frozen=True, slots=True)
class Lesson:
    """Hold the words to learn as phrases, and the other phrases whose answers must not drift.

    `words` are groups of phrases, one group per word of the project; `shy` are the indices of
    negative words; `strangers` are phrases without corrections; `corrected` the indices of words
    with masks, which the text tower may learn to read where it cannot. `rivals` are phrases that
    compete for pixels with all words and are never suggested: a model's background.
    """

    words: tuple[tuple[str, ...], ...]
    shy: frozenset[int]
    strangers: tuple[str, ...]
    corrected: frozenset[int] = frozenset()
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """Hold a view after its encoder pass, in half precision, and the truth about it.

    `maps` is MxNxE before aggregation and `cls` E; where the encoder learns, `pixels` SxSx3 uint8
    are kept instead. `parent` holds the parent's logits for strangers and rivals, Cxhxw.
    """

    maps: Tensor | None
    cls: Tensor | None
    pixels: Tensor | None
    parent: Tensor
    truth: Truth
