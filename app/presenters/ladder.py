"""Which way to learn is proposed: the cheapest that may help, as the project stands now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.app.training import Recipe
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

LADDER: tuple[Recipe, ...] = (
    "calibrate",
    "prototypes",
    "pixels",
    "quick",
    "self-training",
    "full",
)
"""The ways to learn that the window offers, the cheapest first."""
ENOUGH_IMAGES = 10
"""From so many reviewed images on, calibrating alone is not offered, and pixels come first: they
take seconds as prototypes do, gain more, and cost the words known before nothing."""


_REASONS = {
    "calibrate": mark(
        "{count} images are reviewed: enough to set what the scores mean, in seconds."
    ),
    "prototypes": mark(
        "{count} images are reviewed: what you have marked can be recognised again, in seconds."
    ),
    "pixels": mark(
        "{count} images are reviewed: how the marked pixels look can be learnt, in seconds."
    ),
    "quick": mark("{count} images are reviewed: a minute of training may help."),
}
_LONGER = mark("The cheaper ways were tried on these images; this takes longer.")

Standing = tuple[str | None, int]
"""The version in use, None for the bundled one, and the number of reviewed images."""
Refusal = tuple[Path, str | None, int, Recipe]
"""A project's folder, how it stood, and the recipe that found nothing to do there."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold the recipe to begin with and one sentence that says why."""

    recipe: Recipe
    reason: str


def standing(project: Project) -> Standing:
    """Return the name of the version in use, None for the bundled one, and the images reviewed."""
    active = project.versions.active()
    reviewed = project.images.count(status="reviewed")
    return (None if active is None else active.name), reviewed


def proposed(project: Project, refused: Collection[Refusal] = ()) -> Proposal:
    """Return the cheapest way to learn that was not tried yet on the images reviewed so far.

    A handful of images is too few to train on and enough to set what the scores mean. What was
    tried from the model in use and did not win, or was `refused`, is not proposed again until
    more is reviewed; nor is what made the model in use, or anything cheaper.
    """
    name, reviewed = standing(project)
    tried = [row for row in project.versions.all() if row.metrics.get("reviewed") == reviewed]
    failed = {row.recipe for row in tried if row.parent == name and not row.active}
    failed |= {recipe for *at, recipe in refused if at == [project.folder, name, reviewed]}
    made = [row.recipe for row in tried if row.name == name]
    begun = max((at + 1 for at, one in enumerate(LADDER) if one in made), default=0)
    rungs = [one for one in LADDER[begun:] if one not in failed]
    if reviewed >= ENOUGH_IMAGES:
        rungs = [one for one in ("pixels", *rungs) if one in rungs and one != "calibrate"]
    recipe = rungs[0] if rungs else "quick"
    return Proposal(recipe, tr(_REASONS.get(recipe, _LONGER), count=reviewed))
