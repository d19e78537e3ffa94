"""Which images a run looks at first: those a person gains most from, by the last looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadeclip.core.engine.prelabel.values import here
from cascadeclip.core.worth import worth_order

if TYPE_CHECKING:
    from cascadeclip.core.engine.prelabel.values import Owner
    from cascadeclip.core.project import Project


def by_worth(project: Project, mark: str, owner: Owner = here) -> tuple[int, ...]:
    """Return the unreviewed images somebody has looked at, the one most worth labelling first.

    A run makes new looks, so what is known is the old ones': uncertainty times how unlike those
    before (`worth_order`), by the model that has looked at most images that lack `mark`. Images
    nobody has looked at are not among them.
    """
    looks = project.looks
    known = owner(lambda: looks.candidates(version=looks.speaker(mark)))
    order = worth_order(known.embeddings, known.uncertainty, known.reviewed)
    return tuple(int(known.ids[place]) for place in order)
