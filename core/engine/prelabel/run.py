"""A run over a project: what the desk hands out is worked at, what comes back is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadeclip.core.engine.prelabel.desk import Desk, recipe_for
from cascadeclip.core.engine.prelabel.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from cascadeclip.core.engine.engine import Engine
    from cascadeclip.core.engine.prelabel.values import PrelabelResult, Work
    from cascadeclip.core.project import Project


def prelabel(
    project: Project,
    engine: Engine,
    *,
    threshold: float,
    accept_above: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    include_reviewed: bool = False,
    refine_edges: bool = True,
) -> PrelabelResult:
    """Write suggestions for every image that lacks those of this model, vocabulary and threshold.

    Reviewed images are left out unless `include_reviewed`. With `accept_above`, pending
    suggestions of at least that score become annotations, unless one of the same class already
    lies there; annotations are never changed. `progress(done, total)` is called after every image
    of those that were to be done, `stopped()` asked before each. A file that cannot be read is
    listed in the result and does not end the run. Raise VocabularyError for a project without
    words to look for.
    """
    recipe = recipe_for(project, engine, threshold=threshold, refine_edges=refine_edges)
    desk = Desk(project, recipe, accept_above=accept_above, include_reviewed=include_reviewed)
    return run(desk, Threads(engine, recipe), progress=progress, stopped=stopped)


def run(
    desk: Desk,
    work: Work,
    *,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> PrelabelResult:
    """Let `work` do what the desk hands out, and write what it finds, image by image.

    Raises what stops every image; what was written until then is kept.
    """
    stopping = stopped or (lambda: False)
    tally, total = desk.tally, desk.count()
    for outcome in work.outcomes(desk.items(), stopping):
        desk.take(outcome)
        if progress is not None:
            progress(tally.done, max(total, tally.done))
    return tally.result(cancelled=stopping() and tally.done < total)
