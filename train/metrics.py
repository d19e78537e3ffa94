"""Quality in numbers: pixels counted once per pair of true and answered word."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

IntMap = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.float64]


class ConfusionMatrix:
    """Accumulate label maps of `classes` words over many images.

    Row i, column j of `counts` is the number of pixels that truly are i and were answered j; the
    last column holds pixels that got no answer. The figures follow section 4.1 of Cascade-CLIP
    (ICML 2024): histograms are added up over all images before anything is divided.
    """

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.counts = np.zeros((classes, classes + 1), dtype=np.int64)

    def add(self, truth: IntMap, answer: IntMap) -> None:
        """Count one image: two HxW integer maps of equal shape.

        True values outside 0..classes-1 (255 and -1 by custom) are ignored; such answers are "no
        answer" and count as missed pixels. Raises ValueError when the shapes differ.
        """
        if truth.shape != answer.shape:
            raise ValueError(f"shapes differ: {truth.shape} and {answer.shape}")
        valid = (truth >= 0) & (truth < self.classes)
        rows = truth[valid].astype(np.int64)
        columns = answer[valid].astype(np.int64)
        columns[(columns < 0) | (columns >= self.classes)] = self.classes
        width = self.classes + 1
        flat = np.bincount(rows * width + columns, minlength=self.classes * width)
        self.counts += flat.reshape(self.classes, width)

    def present(self) -> npt.NDArray[np.bool_]:
        """Tell for each word whether any true pixel of it was seen."""
        answer: npt.NDArray[np.bool_] = self.counts.sum(axis=1) > 0
        return answer

    def iou(self) -> FloatArray:
        """Return IoU per word, 0..1; nan for words neither true nor answered."""
        square = self.counts[:, : self.classes]
        hit = np.diag(square).astype(np.float64)
        union = self.counts.sum(axis=1) + square.sum(axis=0) - hit
        values = np.full(self.classes, np.nan)
        np.divide(hit, union, out=values, where=union > 0)
        return values

    def mean_iou(self, among: Iterable[int] | None = None) -> float:
        """Return the mean IoU, 0..1, of the words `among` (default: all) that have one.

        The answer is nan when none of them has.
        """
        values = self.iou()
        chosen = values if among is None else values[list(among)]
        chosen = chosen[~np.isnan(chosen)]
        return float(chosen.mean()) if chosen.size else float("nan")

    def accuracy(self) -> float:
        """Return the share of counted pixels that were answered rightly; nan without pixels."""
        total = int(self.counts.sum())
        hit = int(np.diag(self.counts[:, : self.classes]).sum())
        return hit / total if total else float("nan")


def harmonic(seen: float, unseen: float) -> float:
    """Return hIoU = 2SU / (S + U); 0 when both are 0.

    The paper's Eq. 5 prints a sum in the numerator; the harmonic mean is what its tables hold.
    """
    return 2 * seen * unseen / (seen + unseen) if seen + unseen > 0 else 0.0
