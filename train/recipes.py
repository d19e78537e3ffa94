"""Recipes: how a model is trained on corrections, every number in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cascadeclip.core.errors import TrainingFailed

RecipeName = Literal["calibrate", "prototypes", "pixels", "quick", "self-training", "full"]
Deed = Literal["scores", "regions", "weights", "pixels"]
LossName = Literal["partial", "paper"]
LOSSES: tuple[LossName, ...] = ("partial", "paper")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold the numbers of one way to train.

    `prompts` says whether the image tower's prompts learn too (then it runs in every step).
    `steps` of `batch` views, AdamW at `rate` after a warm-up, falling by the paper's power 0.9;
    `views` per image are prepared beside the engine's own windows, fewer when they would take more
    than `cache_bytes`; at most `words` words enter a step. `ema` averages the weights, `agreement`
    weighs the parent's answers for `strangers` other words. `reading` is the rate, in parts of a
    row's size, at which the text tower learns pieces of words that it could not read. `loss`
    "partial" ignores pixels nobody spoke about, "paper" takes them for negatives of every word, as
    the released code does. Of each untouched image the engine's windows and `rehearsed` more views
    keep the parent's answers. With a `guess` above 0, from half of the steps on pixels nobody spoke
    about, in untouched images too, get the word that reaches this probability. What a recipe does
    is in `does`, in this order: find what the words' "scores" mean, keep corrected "regions" as
    prototypes, train the "weights", teach a classifier of "pixels".
    """

    name: RecipeName
    prompts: bool
    steps: int
    batch: int
    rate: float
    views: int
    decay: float = 0.01
    warmup: float = 0.1
    ema: float = 0.98
    words: int = 32
    strangers: int = 24
    agreement: float = 10.0
    reading: float = 0.05
    loss: LossName = "partial"
    cache_bytes: int = 1 << 30
    rehearsed: int = 6
    guess: float = 0.0
    does: tuple[Deed, ...] = ("weights", "pixels")

    @property
    def trains(self) -> bool:
        """Tell whether weights of the network change."""
        return "weights" in self.does

    def __post_init__(self) -> None:
        """Refuse numbers that would train nothing, before any weight is loaded."""
        if self.loss not in LOSSES:
            raise TrainingFailed(f"There is no loss {self.loss!r}; choose partial or paper.")
        if self.steps < 1 or self.batch < 1 or self.views < 1:
            raise TrainingFailed("A training run needs at least one step; raise --steps.")


# fmt: off
RECIPES: dict[str, Recipe] = {
    "calibrate": Recipe(
        "calibrate", prompts=False, steps=1, batch=1, rate=0, views=1, does=("scores",)
    ),
    "prototypes": Recipe(
        "prototypes", prompts=False, steps=1, batch=1, rate=0, views=1, does=("regions",)
    ),
    "pixels": Recipe("pixels", prompts=False, steps=1, batch=1, rate=0, views=1, does=("pixels",)),
    "quick": Recipe(
        "quick", prompts=False, steps=300, batch=8, rate=3e-4, views=12, agreement=300.0
    ),
    "self-training": Recipe(
        "self-training", prompts=False, steps=360, batch=8, rate=3e-4, views=12, agreement=300.0,
        guess=0.7,
    ),
    "full": Recipe(
        "full", prompts=True, steps=150, batch=4, rate=2e-4, views=16, agreement=100.0
    ),
}
# fmt: on


def find_recipe(name: str, steps: int | None = None) -> Recipe:
    """Return the recipe called `name`, with another number of steps when one is given.

    Raises TrainingFailed for an unknown name or for fewer than one step.
    """
    if name not in RECIPES:
        raise TrainingFailed(f"There is no recipe {name!r}; choose one of {', '.join(RECIPES)}.")
    recipe = RECIPES[name]
    return recipe if steps is None else replace(recipe, steps=steps)


def rate_at(recipe: Recipe, step: int) -> float:
    """Return the learning rate of step `step` (from 0): linear warm-up, then power 0.9."""
    ready = max(1, round(recipe.warmup * recipe.steps))
    falling: float = (1 - step / recipe.steps) ** 0.9
    return recipe.rate * min(1.0, (step + 1) / ready) * falling
