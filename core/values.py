"""Values that travel between the layers: frozen, small, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass

# The largest image that is opened at all, width x height: a header can claim anything.
MAX_PIXELS = 178_956_970


@dataclass(frozen=True, slots=True)
class Rle:
    """Hold a mask of `height` x `width` upright pixels as COCO's compressed run lengths."""

    height: int
    width: int
    counts: bytes


@dataclass(frozen=True, slots=True)
class Word:
    """Hold what the person typed: `phrases` are its spellings, the name first.

    A negative word competes for pixels and never becomes a suggestion. `colour` is "#rrggbb".
    `threshold` (0..1) is the word's own, None for the one that counts for all words.
    """

    name: str
    phrases: tuple[str, ...]
    colour: str
    negative: bool = False
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Hold one region the model proposes for the class `class_id`; `score` is 0..1."""

    class_id: int
    rle: Rle
    score: float
    threshold: float
    phrases: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Hold where an annotation comes from; the fields of a drawn one are empty.

    `origin` is "drawn", "accepted" or "imported"; `edited_pixels` counts pixels changed by hand
    since the model's mask, `seconds` the time a person spent on it.
    """

    origin: str = "drawn"
    model_version: str | None = None
    phrases: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    score: float | None = None
    threshold: float | None = None
    author: str | None = None
    seconds: float | None = None
    edited_pixels: int = 0
