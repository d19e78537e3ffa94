"""What one image needs, without a database: an item and a recipe in, suggestions out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadeclip.core.errors import ImageUnreadable, MaskInvalid
from cascadeclip.core.images import digest, open_image
from cascadeclip.core.regions import suggest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.core.engine.engine import Encoded, Engine
    from cascadeclip.core.engine.prelabel.values import Item, Recipe
    from cascadeclip.core.regions import ScoreMaps
    from cascadeclip.core.values import Suggestion

OF_ONE_IMAGE = (ImageUnreadable, MaskInvalid, OSError, MemoryError)
"""What is wrong with one image and says nothing of the next."""


def read(item: Item) -> tuple[NDArray[np.uint8], str]:
    """Return the pixels `HxWx3` of a file and its digest. Raises ImageUnreadable."""
    pixels = open_image(item.file)
    if pixels.shape[:2] != (item.height, item.width):
        msg = f"{item.name} has changed its size since it was added; add it again."
        raise ImageUnreadable(msg)
    # of the file as it is now: the caches of the engine must never mix two contents
    return pixels, digest(item.file)


def score(engine: Engine, recipe: Recipe, encoded: Encoded) -> ScoreMaps:
    """Return the score maps of the recipe's words."""
    return engine.scores(encoded, recipe.words, recipe.templates)


def regions(recipe: Recipe, maps: ScoreMaps, pixels: NDArray[np.uint8]) -> tuple[Suggestion, ...]:
    """Return the suggestions that the recipe makes of score maps."""
    guide = pixels if recipe.refine_edges else None
    return suggest(maps, recipe.class_ids, threshold=recipe.threshold, image=guide)


def look(engine: Engine, recipe: Recipe, item: Item) -> tuple[Suggestion, ...]:
    """Return the suggestions for one image, one step after the other. Raises ImageUnreadable."""
    pixels, key = read(item)
    return regions(recipe, score(engine, recipe, engine.encode(pixels, key)), pixels)
