"""How far a simulated annotator has come: pixels by true and said word, and what is lacking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cascadeclip.train.simulate.drawing import Mask

LEAST_AREA = 0.001
"""Words smaller than this part of an image, in truth and in answer, do not count."""

Labels = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """Hold what is true and what is said, HxW word indices with -1 for none.

    `table[t + 1, s + 1]` counts the pixels of true word t that are said to be word s; `enough`
    is the IoU that every word must reach.
    """

    truth: Labels
    labels: Labels
    enough: float
    table: Counts

    @classmethod
    def of(cls, truth: Labels, labels: Labels, enough: float) -> Progress:
        """Count the pixels once."""
        words = int(max(truth.max(initial=-1), labels.max(initial=-1))) + 2
        return cls(truth, labels, enough, _table(truth, labels, words))

    def ious(self) -> dict[int, float]:
        """Return the IoU of each word in either map."""
        both, either = _sums(self.table)
        found = np.flatnonzero(either[1:])
        return {int(at): float(both[at + 1] / either[at + 1]) for at in found}

    def unfinished(self) -> set[int]:
        """Return the words of some size that lack the IoU that is asked for."""
        return {int(word) for word in np.flatnonzero(self._lack(self.table)[1:] > 0)}

    def lack(self) -> float:
        """Return how many pixels of all words together must still be mended."""
        return float(self._lack(self.table)[1:].sum())

    def lack_after(self, painted: Mask, word: int) -> float:
        """Return `lack` as it will be when the painted pixels are said to be `word` (or -1)."""
        truth, labels = self.truth[painted], self.labels[painted]
        words = len(self.table)
        changed = self.table - _table(truth, labels, words)
        changed += _table(truth, np.full_like(labels, word), words)
        return float(self._lack(changed)[1:].sum())

    def painted(self, painted: Mask, word: int) -> Progress:
        """Return what it is when the painted pixels are said to be `word` (or -1)."""
        labels = self.labels.copy()
        labels[painted] = word
        return Progress.of(self.truth, labels, self.enough)

    def _lack(self, table: Counts) -> npt.NDArray[np.float64]:
        both, either = _sums(table)
        size = np.maximum(table.sum(0), table.sum(1))
        lack = np.maximum(0.0, self.enough * either - both)
        return np.where(size >= LEAST_AREA * self.truth.size, lack, 0.0)


def _table(truth: Labels, labels: Labels, words: int) -> Counts:
    pairs = (truth.ravel() + 1).astype(np.int64) * words + labels.ravel() + 1
    return np.bincount(pairs, minlength=words * words).reshape(words, words).astype(np.int64)


def _sums(table: Counts) -> tuple[Counts, Counts]:
    both = table.diagonal()
    return both, table.sum(0) + table.sum(1) - both
