"""Where the model and the person differ: what it adds, misses, outlines otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.snapshot import overlap
from cascadeclip.app.presenters.state import Change, State

# A region and a mask of one word that share less than this are two things.
MET = 0.1
# From here on (intersection over union) a person would not redraw the outline.
ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold what the model adds, what it misses, and where its outline is another.

    `adds` and the first of each pair in `otherwise` are the model's regions, `misses` and the
    second the person's masks.
    """

    adds: tuple[Shape, ...] = ()
    misses: tuple[Shape, ...] = ()
    otherwise: tuple[tuple[Shape, Shape], ...] = ()


class DifferenceView(Protocol):
    """Show where model and person differ."""

    def show_difference(self, difference: Difference | None) -> None:
        """Show this; None when there is nothing to compare yet."""


class Disagreement:
    """Compare the model's regions with the person's masks, while somebody wants to see it."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        view: DifferenceView,
        *,
        found: Callable[[], tuple[Shape, ...] | None],
    ) -> None:
        self._state, self._jobs, self._view, self._found = state, jobs, view, found
        self._wanted = False
        state.subscribe(Change.SHAPES | Change.IMAGE | Change.PROJECT, self.refresh)

    def want(self, wanted: bool, /) -> None:
        """Compare from now on, or no longer."""
        self._wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """Compare anew, off the GUI thread."""
        if not self._wanted:
            return
        found, masks = self._found(), self._state.annotations
        if found is None or self._state.image is None:
            self._jobs.forget("difference")
            self._view.show_difference(None)
            return
        self._jobs.run(
            Lane.WORK,
            lambda: compare(found, masks),
            done=self._view.show_difference,
            topic="difference",
        )


def compare(regions: Sequence[Shape], masks: Sequence[Shape]) -> Difference:
    """Pair regions and masks of the same word by what they share, the best pairs first."""
    pairs = sorted(
        (
            (likeness(region, mask), at, place)
            for at, region in enumerate(regions)
            for place, mask in enumerate(masks)
            if region.class_id == mask.class_id
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    otherwise = []
    for alike, at, place in pairs:
        if alike < MET:
            break
        if at in taken or place in taken.values():
            continue
        taken[at] = place
        if alike < ALIKE:
            otherwise.append((regions[at], masks[place]))
    return Difference(
        tuple(one for at, one in enumerate(regions) if at not in taken),
        tuple(one for at, one in enumerate(masks) if at not in taken.values()),
        tuple(otherwise),
    )


def likeness(first: Shape, second: Shape) -> float:
    """Return the intersection over union of two shapes of one image, 0..1."""
    shared = overlap(first, second)
    return shared / (first.cutout.area + second.cutout.area - shared) if shared else 0.0
