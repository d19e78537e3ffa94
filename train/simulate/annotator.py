"""A simulated annotator: the fewest sensible actions from what the tool shows to the truth.

Protocol of one image: look at the suggestions; reject those that are wrong, give those that lie
on another word that word, accept the rest at once. Then mend: a region that is mostly another
word is given that word, any other error is painted with a stroke of the brush or drawn as a
polygon, whichever brings the words nearer to the end a second. It ends where every word with at
least 0.1 % of the image has an IoU of 0.9, or at a cap. The hand may be unsteady: clicks miss,
vertices and strokes lie off, and what made things worse is undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.values import Suggestion
from cascadeclip.train.simulate.boxing import Boxer, corners_of
from cascadeclip.train.simulate.drawing import Mask
from cascadeclip.train.simulate.eyes import Eyes
from cascadeclip.train.simulate.hand import STEADY, Hand, Nerves, middle
from cascadeclip.train.simulate.mending import (
    MOSTLY,
    SECONDS,
    SPEED,
    Error,
    best_drawing,
    largest_errors,
    mostly_another,
)
from cascadeclip.train.simulate.pointing import Pointer
from cascadeclip.train.simulate.progress import Labels, Progress

ENOUGH, CAP = 0.90, 300


@dataclass(slots=True)
class Work:
    """Hold what one image cost: actions by kind, whether it ended at the cap, and the result.

    `accepted` and `rejected` are the places of suggestions the annotator took or turned down,
    `renamed` the word given to some of those taken instead of their own. `moved` is how far the
    brush went, in sides of the image, `chosen` the word at hand.
    """

    counts: dict[str, int] = field(default_factory=dict)
    capped: bool = False
    labels: Labels = field(default_factory=lambda: np.zeros((0, 0), np.int16))
    accepted: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    renamed: dict[int, int] = field(default_factory=dict)
    moved: float = 0.0
    chosen: int | None = None

    def add(self, kind: str, count: int = 1) -> None:
        """Count `count` actions of a kind."""
        self.counts[kind] = self.counts.get(kind, 0) + count

    @property
    def actions(self) -> int:
        """Return how many actions it took; looking and choosing a word by key count as well."""
        return sum(self.counts.values())

    @property
    def seconds(self) -> float:
        """Return the weighted time."""
        own = sum(SECONDS[kind] * count for kind, count in self.counts.items())
        return own + self.moved / SPEED


def annotate(
    truth: Labels,
    suggestions: Sequence[Suggestion],
    words: Sequence[int],
    *,
    eyes: Eyes | None = None,
    enough: float = ENOUGH,
    cap: int = CAP,
    hand: Hand = STEADY,
) -> Work:
    """Work on one image; `truth` HxW holds word indices, -1 for none.

    `suggestions` carry word indices as their class, the best first; `words` are those the
    annotator marks, all others are left alone and cost nothing. `eyes` is what points are answered
    from; without them there are none. Work ends where every word has an IoU of `enough`, or after
    `cap` actions.
    """
    wanted = np.where(np.isin(truth, list(words)), truth, np.int16(-1)).astype(np.int16)
    work = Work(labels=np.full(truth.shape, -1, dtype=np.int16))
    work.add("look")
    nerves = Nerves(hand)
    _decide(wanted, suggestions, set(words), work, nerves)
    state = Progress.of(wanted, work.labels, enough)
    mender = _Mender(work, nerves, eyes)
    while state.unfinished():
        if work.actions >= cap:
            work.capped = True
            break
        state = mender.mend(state)
    work.labels = state.labels
    return work


def finished(truth: Labels, labels: Labels, enough: float = ENOUGH) -> bool:
    """Tell whether every word of some size has the IoU that is asked for."""
    return not Progress.of(truth, labels, enough).unfinished()


def ious(truth: Labels, labels: Labels) -> dict[int, float]:
    """Return the IoU of each word in either map."""
    return Progress.of(truth, labels, ENOUGH).ious()


def _decide(
    truth: Labels,
    suggestions: Sequence[Suggestion],
    words: set[int],
    work: Work,
    nerves: Nerves,
) -> None:
    """Turn wrong suggestions down, rename some, take the rest in one go."""
    kept = []
    for place, one in enumerate(suggestions):
        mask = masks.decode(one.rle)
        values, counts = np.unique(truth[mask], return_counts=True)
        most, share = int(values[counts.argmax()]), counts.max() / counts.sum()
        own = (truth[mask] == one.class_id).mean()
        if own >= 0.5 and one.class_id in words:
            kept.append(place)
            continue
        if most >= 0 and share >= MOSTLY:
            work.add("reassign")
            work.renamed[place] = most
            kept.append(place)
        else:
            work.add("reject")
            work.rejected.append(place)
        if nerves.aims(mask) is None:
            work.add("missed")
    if kept:
        work.add("accept")
    work.accepted = kept
    for place in reversed(kept):
        mask = masks.decode(suggestions[place].rle)
        work.labels[mask] = work.renamed.get(place, suggestions[place].class_id)


class _Mender:
    """Mend one error after another, each with the tool that is for it."""

    def __init__(self, work: Work, nerves: Nerves, eyes: Eyes | None) -> None:
        self._work, self._nerves = work, nerves
        seeing = eyes is not None and not nerves.hand.bare
        boxing = seeing and nerves.hand.boxes
        self._boxer = Boxer(eyes) if eyes is not None and boxing else None
        self._pointer = Pointer(eyes) if eyes is not None and seeing else None

    def mend(self, state: Progress) -> Progress:
        """Do the next step and return what came of it."""
        errors = largest_errors(state)
        rename = mostly_another(state, errors)
        if rename is not None:
            self._keep()
            self._work.add("reassign")
            if self._nerves.aims(rename.region) is None:
                self._work.add("missed")
            return state.painted(rename.region, rename.word)
        for error in errors:
            thing = None if self._boxer is None else self._boxer.thing(state, error)
            if thing is not None:
                return self._box(state, error, thing)
            if self._pointer is not None and self._pointer.hopes(state, error):
                return self._point(state, error)
        return self._draw(state, errors)

    def _draw(self, state: Progress, errors: Sequence[Error]) -> Progress:
        self._keep()
        bare = self._nerves.hand.bare
        step = best_drawing(state, errors, self._work.chosen, brush=not bare)
        self._choose(step.word)
        self._work.add(step.drawing.kind, step.drawing.count)
        self._work.moved += step.drawing.length
        after = state.painted(self._nerves.draws(step.drawing, step.size), step.word)
        failed = after.lack() >= state.lack()
        self._nerves.learn(failed=failed)
        if failed and self._nerves.hand.jitter:
            self._work.add("undo")
            return state
        return after

    def _box(self, state: Progress, error: Error, thing: Mask) -> Progress:
        """Draw a box around a thing, and take it back where that made things worse."""
        assert self._boxer is not None
        self._keep()
        self._choose(error.true)
        self._work.add("box")
        corners = self._nerves.boxes(corners_of(thing), int(thing.sum()))
        after = self._boxer.draw(state, error, corners)
        if after.lack() < state.lack():
            return after
        self._work.add("undo")
        return state

    def _point(self, state: Progress, error: Error) -> Progress:
        """Click into an error, and take the click back where it made things worse."""
        pointer = self._pointer
        assert pointer is not None
        draft = pointer.aim(state, error)
        if draft is not pointer.draft:
            self._keep()
            if draft.mask.any():
                self._work.add("select")
            else:
                self._choose(draft.word)
        row, column = self._aim(error.region)
        spot = (column + 0.5, row + 0.5)
        grown, after = pointer.click(state, draft, spot, positive=error.true >= 0)
        if pointer.learn(state, error, after):
            pointer.draft = grown
            return after
        self._work.add("undo")
        pointer.draft = draft if draft.clicks else None
        return state

    def _aim(self, region: Mask) -> tuple[int, int]:
        """Count a click; one that falls beside a region is taken back and done again."""
        self._work.add("point")
        spot = self._nerves.aims(region)
        if spot is None:
            self._work.add("undo")
            self._work.add("point")
            return middle(region)
        return spot

    def _keep(self) -> None:
        """Keep the draft under way before something else is done."""
        if self._pointer is not None and self._pointer.draft is not None:
            self._work.add("keep")
            self._pointer.draft = None

    def _choose(self, word: int) -> None:
        if self._work.chosen != word:
            self._work.add("word")
            self._work.chosen = word
