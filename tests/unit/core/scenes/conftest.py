"""Art of our own for tests: plain shapes, so that no package of pictures is needed."""

from __future__ import annotations

import numpy as np
import pytest

from cascadeclip.core.scenes import WORDS, Art


@pytest.fixture(scope="session")
def shapes() -> Art:
    """Return a style in which every thing is a rectangle of its own colour."""
    rng = np.random.default_rng(7)
    sprites = {}
    for word in WORDS:
        if word.kind == "thing":
            sprite = np.empty((int(rng.integers(60, 161)), 160, 4), np.uint8)
            sprite[...] = (*rng.integers(0, 256, 3), 255)
            sprites[word.name] = sprite
    return Art("shapes", sprites)
