"""What a recipe does, deed by deed; each gets what is taught so far and the model it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cascadeclip.train.events import Phase
from cascadeclip.train.job import Run, Taught
from cascadeclip.train.recipes import Deed
from cascadeclip.train.teaching import teach
from cascadeclip.train.version import refuse_unchanged

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel


def learn(parent: LoadedModel, first: LoadedModel, run: Run) -> Taught:
    """Let `first` learn as the recipe says; it is `parent` where no weight is to change.

    A model has prototypes or a classifier of pixels: both know the same marks. Where weights were
    trained, the parent's prototypes had to be laid down, and no classifier came in their place,
    the regions are shown again. Raise NothingChanged where nothing would answer otherwise.
    """
    taught = Taught(first)
    for deed in run.job.recipe.does:
        taught = _DEEDS[deed](taught, first, run)
    if not run.job.recipe.trains:
        refuse_unchanged(parent, taught.model, run.job.recipe)
    elif parent.prototypes is not None and taught.model.pixels is None:
        return _remind(taught, first, run)
    return taught


def _calibrate(taught: Taught, parent: LoadedModel, run: Run) -> Taught:
    """Say what scores mean, and change nothing else."""
    from cascadeclip.train import pixels, prototypes

    run.emit(Phase("calibrating"))
    seen = prototypes.recalibrate if parent.pixels is None else pixels.recalibrate
    fitted = seen(parent, run.material, run.examiner)
    info = replace(parent.info, adjusted=tuple(fitted.adjusted))
    return replace(taught, model=replace(parent, info=info))


def _remember(taught: Taught, parent: LoadedModel, run: Run) -> Taught:
    """Show the marked regions, and change no weight."""
    from cascadeclip.train.prototypes import remember

    images = (*run.material.fit, *run.material.choose)
    run.emit(Phase(f"showing the marked regions of {len(images)} images"))
    found = remember(parent, parent, run.material, run.examiner, images)
    return Taught(found.model, agreement=found.agreement, validation=dict(found.validation))


def _remind(taught: Taught, parent: LoadedModel, run: Run) -> Taught:
    from cascadeclip.train.prototypes import remember

    run.emit(Phase("showing the marked regions again"))
    found = remember(taught.model, parent, run.material, run.examiner, run.material.choose)
    if found.model.prototypes is None:
        return taught
    return replace(taught, model=found.model, agreement=found.agreement)


def _perceive(taught: Taught, parent: LoadedModel, run: Run) -> Taught:
    """Teach a classifier of the marked pixels, and change no weight."""
    from cascadeclip.train.pixels import learn as learn_pixels

    images = len(run.material.fit) + len(run.material.choose)
    run.emit(Phase(f"learning the marked pixels of {images} images"))
    found = learn_pixels(taught.model, parent, run.material, run.examiner, run.job.seed)
    taught = replace(taught, model=found.model, pixels=dict(found.validation))
    return taught if found.model.pixels is None else replace(taught, agreement=found.agreement)


_DEEDS: Mapping[Deed, Callable[[Taught, LoadedModel, Run], Taught]] = {
    "scores": _calibrate,
    "regions": _remember,
    "weights": lambda taught, parent, run: teach(parent, run),
    "pixels": _perceive,
}
