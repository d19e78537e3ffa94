"""How a simulated annotator points: clicks answered by the window's own tool.

A click goes to where what is wrong is deepest, as in the protocols of interactive segmentation
(RITM, ICIP 2022). It adds to the draft under way where it is about the same thing, else a mask of
the word is selected and refined, or a new one begun. What a click gives is known only afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.shaping.part import Part
from cascadeclip.core.shaping.pointing import refine
from cascadeclip.train.simulate.drawing import Mask
from cascadeclip.train.simulate.eyes import Eyes
from cascadeclip.train.simulate.mending import Error, around, thing_of
from cascadeclip.train.simulate.progress import Progress

PROGRESS = 0.005
"""A click that lifts the word's IoU by less was of no use."""
PART = 1 / 3
"""A click is for what is wrong on so much of a thing; less is painted."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Hold a mask under way: its word, the clicks so far, and the pixels HxW it has now."""

    word: int
    clicks: tuple[Click, ...]
    mask: Mask


class Pointer:
    """Point at what is wrong, one click after another.

    Attributes:
        draft: the mask under way; None before the first click and after another tool.
    """

    def __init__(self, eyes: Eyes) -> None:
        self.draft: Draft | None = None
        self._eyes = eyes
        self._useless: set[tuple[int, int, int]] = set()

    def hopes(self, state: Progress, error: Error) -> bool:
        """Tell whether a click is worth trying: on a large part of a thing where none failed."""
        word = error.said if error.true < 0 else error.true
        own = state.labels == word if error.true < 0 else state.truth == word
        large = error.size >= PART * around(own, error.region).sum()
        return large and thing_of(state, error) not in self._useless

    def aim(self, state: Progress, error: Error) -> Draft:
        """Return the draft a click on an error adds to: the one under way, or another one."""
        word = error.said if error.true < 0 else error.true
        place = error.region if error.true < 0 else around(state.truth == word, error.region)
        if self.draft is not None and self.draft.word == word and (self.draft.mask & place).any():
            return self.draft
        same = (state.labels == word) & place
        mask = around(state.labels == word, same) if same.any() else np.zeros_like(place)
        return Draft(word, (), mask)

    def click(
        self, state: Progress, draft: Draft, spot: tuple[float, float], *, positive: bool
    ) -> tuple[Draft, Progress]:
        """Return the draft after one more click at x, y, and what is said then."""
        clicks = (*draft.clicks, Click(*spot, positive=positive))
        before = Part(0, 0, draft.mask) if draft.mask.any() else None
        if before is None and not positive:
            raise ValueError("there is nothing to take away from")
        word = self._eyes.words.get(draft.word)
        found = refine(self._eyes.sight, clicks, mask=before, word=word)
        height, width = draft.mask.shape
        mask = found.on((0, 0, height, width))
        labels = state.labels.copy()
        labels[draft.mask & (labels == draft.word)] = -1
        labels[mask] = draft.word
        return Draft(draft.word, clicks, mask), Progress.of(state.truth, labels, state.enough)

    def learn(self, before: Progress, error: Error, after: Progress) -> bool:
        """Remember whether a click on an error was of use; tell whether it made things no worse."""
        word = error.said if error.true < 0 else error.true
        better = after.lack() < before.lack()
        gain = after.ious().get(word, 0.0) - before.ious().get(word, 0.0)
        if not better or gain < PROGRESS:
            self._useless.add(thing_of(before, error))
        return better
