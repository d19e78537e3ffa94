"""Captions of the toy world: what a person would write under a scene, synonyms included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cascadeclip.core.scenes.words import INDEX, WORDS

FRAMES = (
    "{}",
    "a photo of {}",
    "a drawing of {}",
    "{} in the scene",
    "there is {}",
    "this is {}",
    "a picture with {}",
)


def write_captions(
    rng: np.random.Generator, names: Sequence[str], count: int = 2
) -> tuple[str, ...]:
    """Write `count` captions of the words `names`: things in any order, then what they stand on."""
    things = [name for name in names if WORDS[INDEX[name]].kind == "thing"]
    stuff = [name for name in names if WORDS[INDEX[name]].kind == "stuff"]
    return tuple(_write(rng, things, stuff) for _ in range(count))


def _write(rng: np.random.Generator, things: Sequence[str], stuff: Sequence[str]) -> str:
    spoken = [f"a {_spelling(rng, name)}" for name in rng.permutation(list(things))]
    ground = [_spelling(rng, name) for name in rng.permutation(list(stuff))]
    if rng.random() < 0.2 and spoken:
        ground = []
    said = " and ".join(spoken)
    if ground:
        said = f"{said} on {' and '.join(ground)}" if said else " and ".join(ground)
    return str(rng.choice(FRAMES)).format(said)


def _spelling(rng: np.random.Generator, name: str) -> str:
    phrases = WORDS[INDEX[name]].phrases
    if len(phrases) == 1 or rng.random() < 0.7:
        return name
    return str(rng.choice(phrases[1:]))
