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

import cv2
import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.values import Suggestion
from cascadeclip.train.simulate.drawing import SHAKE, Drawing, Mask
from cascadeclip.train.simulate.mending import MOSTLY, SECONDS, SPEED, Rename, next_step
from cascadeclip.train.simulate.progress import Labels, Progress

ENOUGH, CAP = 0.90, 300


@dataclass(frozen=True, slots=True)
class Hand:
    """Say how a hand works: with a `brush` or with polygons alone, and how steadily.

    `jitter` is the error of a click (a normal sigma) in parts of a region's size, the root of its
    area; a vertex or stroke is off by as much, but by 2 pixels at the most, for people look where
    they draw. `seed` makes the errors the same again.
    """

    brush: bool = True
    jitter: float = 0.0
    seed: int = 0


STEADY = Hand()


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
    enough: float = ENOUGH,
    cap: int = CAP,
    hand: Hand = STEADY,
) -> Work:
    """Work on one image; `truth` HxW holds word indices, -1 for none.

    `suggestions` carry word indices as their class, the best first; `words` are those the
    annotator marks, all others are left alone and cost nothing. Work ends where every word has
    an IoU of `enough`, or after `cap` actions.
    """
    wanted = np.where(np.isin(truth, list(words)), truth, np.int16(-1)).astype(np.int16)
    work = Work(labels=np.full(truth.shape, -1, dtype=np.int16))
    work.add("look")
    nerves = _Nerves(hand)
    _decide(wanted, suggestions, set(words), work, nerves)
    state = Progress.of(wanted, work.labels, enough)
    while state.unfinished():
        if work.actions >= cap:
            work.capped = True
            break
        state = _mend(state, work, nerves)
    work.labels = state.labels
    return work


def finished(truth: Labels, labels: Labels, enough: float = ENOUGH) -> bool:
    """Tell whether every word of some size has the IoU that is asked for."""
    return not Progress.of(truth, labels, enough).unfinished()


def ious(truth: Labels, labels: Labels) -> dict[int, float]:
    """Return the IoU of each word in either map."""
    return Progress.of(truth, labels, ENOUGH).ious()


class _Nerves:
    """Draw the errors of one hand; after an attempt that failed the next one is exact.

    Attributes:
        hand: how it works.
    """

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self._rng = np.random.default_rng(hand.seed)
        self._care = 1.0

    def misses(self, region: Mask) -> bool:
        """Tell whether a click meant for the middle of a region falls beside it."""
        if not self.hand.jitter:
            return False
        plane = np.pad(region, 1).astype(np.uint8)
        inside = cv2.distanceTransform(plane, cv2.DIST_L2, 5)[1:-1, 1:-1]
        middle = np.unravel_index(int(inside.argmax()), region.shape)
        sigma = self.hand.jitter * float(region.sum()) ** 0.5
        row, column = np.round(self._rng.normal(middle, sigma)).astype(int).tolist()
        there = 0 <= row < region.shape[0] and 0 <= column < region.shape[1]
        return not (there and region[row, column])

    def draws(self, plan: Drawing, size: int) -> Mask:
        """Return what a plan to draw on a region of `size` pixels becomes."""
        sigma = self._care * min(SHAKE, self.hand.jitter * size**0.5)
        return (plan.shaken(self._rng, sigma) if sigma else plan).painted()

    def learn(self, *, failed: bool) -> None:
        """Be exact after a failure, and as before after a success."""
        self._care = 0.0 if failed else 1.0


def _decide(
    truth: Labels,
    suggestions: Sequence[Suggestion],
    words: set[int],
    work: Work,
    nerves: _Nerves,
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
        if nerves.misses(mask):
            work.add("missed")
    if kept:
        work.add("accept")
    work.accepted = kept
    for place in reversed(kept):
        mask = masks.decode(suggestions[place].rle)
        work.labels[mask] = work.renamed.get(place, suggestions[place].class_id)


def _mend(state: Progress, work: Work, nerves: _Nerves) -> Progress:
    """Do the next step and return what came of it."""
    step = next_step(state, work.chosen, brush=nerves.hand.brush)
    if isinstance(step, Rename):
        work.add("reassign")
        if nerves.misses(step.region):
            work.add("missed")
        return state.painted(step.region, step.word)
    if work.chosen != step.word:
        work.add("word")
        work.chosen = step.word
    work.add(step.drawing.kind, step.drawing.count)
    work.moved += step.drawing.length
    after = state.painted(nerves.draws(step.drawing, step.size), step.word)
    failed = after.lack() >= state.lack()
    nerves.learn(failed=failed)
    if failed and nerves.hand.jitter:
        work.add("undo")
        return state
    return after
