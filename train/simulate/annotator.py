"""A simulated annotator: the fewest sensible actions from what the tool shows to the truth.

Protocol of one image: look at the suggestions; reject those that are wrong, give those that lie
on another word that word, accept the rest at once. Then take the largest error again and again:
a region that is mostly another word is given that word, any other error is drawn as a polygon.
It ends where every word with at least 0.1 % of the image has an IoU of 0.9, or at a cap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from cascadeclip.core import masks
from cascadeclip.core.values import Suggestion

SECONDS: Mapping[str, float] = {
    "look": 1.5, "accept": 1.5, "reject": 1.5, "reassign": 2.0, "vertex": 1.0, "word": 0.7,
}  # fmt: skip
"""What an action takes; a word is chosen by its key before a polygon and is no click."""
ENOUGH, LEAST_AREA, CAP = 0.90, 0.001, 300
MOSTLY = 0.8
EPSILON = 2.0
"""Pixels a traced outline may lie off (Douglas-Peucker)."""

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int16]


@dataclass(slots=True)
class Work:
    """Hold what one image cost: actions by kind, whether it ended at the cap, and the result.

    `accepted` and `rejected` are the places of suggestions the annotator took or turned down,
    `renamed` the word given to some of those taken instead of their own.
    """

    counts: dict[str, int] = field(default_factory=dict)
    capped: bool = False
    labels: Labels = field(default_factory=lambda: np.zeros((0, 0), np.int16))
    accepted: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    renamed: dict[int, int] = field(default_factory=dict)

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
        return sum(SECONDS[kind] * count for kind, count in self.counts.items())


def annotate(
    truth: Labels,
    suggestions: Sequence[Suggestion],
    words: Sequence[int],
    *,
    enough: float = ENOUGH,
    cap: int = CAP,
) -> Work:
    """Work on one image; `truth` HxW holds word indices, -1 for none.

    `suggestions` carry word indices as their class, the best first; `words` are those the
    annotator marks, all others are left alone and cost nothing. Work ends where every word has
    an IoU of `enough`, or after `cap` actions.
    """
    wanted = np.where(np.isin(truth, list(words)), truth, np.int16(-1)).astype(np.int16)
    work = Work(labels=np.full(truth.shape, -1, dtype=np.int16))
    work.add("look")
    _decide(wanted, suggestions, set(words), work)
    while not finished(wanted, work.labels, enough):
        if work.actions >= cap:
            work.capped = True
            break
        _mend(wanted, work)
    return work


def finished(truth: Labels, labels: Labels, enough: float = ENOUGH) -> bool:
    """Tell whether every word of some size has the IoU that is asked for."""
    return all(
        iou >= enough
        for word, iou in ious(truth, labels).items()
        if max((truth == word).mean(), (labels == word).mean()) >= LEAST_AREA
    )


def ious(truth: Labels, labels: Labels) -> dict[int, float]:
    """Return the IoU of each word in either map."""
    found = (set(np.unique(truth)) | set(np.unique(labels))) - {-1}
    return {
        int(word): float(
            ((truth == word) & (labels == word)).sum() / ((truth == word) | (labels == word)).sum()
        )
        for word in found
    }


def _decide(truth: Labels, suggestions: Sequence[Suggestion], words: set[int], work: Work) -> None:
    """Turn wrong suggestions down, rename some, take the rest in one go."""
    kept = []
    for place, one in enumerate(suggestions):
        mask = masks.decode(one.rle)
        values, counts = np.unique(truth[mask], return_counts=True)
        most, share = int(values[counts.argmax()]), counts.max() / counts.sum()
        own = (truth[mask] == one.class_id).mean()
        if own >= 0.5 and one.class_id in words:
            kept.append(place)
        elif most >= 0 and share >= MOSTLY:
            work.add("reassign")
            work.renamed[place] = most
            kept.append(place)
        else:
            work.add("reject")
            work.rejected.append(place)
    if kept:
        work.add("accept")
    work.accepted = kept
    for place in reversed(kept):
        mask = masks.decode(suggestions[place].rle)
        work.labels[mask] = work.renamed.get(place, suggestions[place].class_id)


def _mend(truth: Labels, work: Work) -> None:
    """Mend the largest error: rename its region, or draw it, or draw the whole thing anew.

    Of two drawings the one that mends more pixels per vertex is taken.
    """
    error, said, true = _largest_error(truth, work.labels)
    if said >= 0:
        region = _around(work.labels == said, error)
        if true >= 0 and (truth[region] == true).mean() >= MOSTLY:
            work.add("reassign")
            work.labels[region] = true
            return
    options = [_outline(error, truth, work.labels)]
    if true >= 0:
        options.append(_outline(_around(truth == true, error), truth, work.labels))
    wrong = truth != work.labels
    vertices, painted = max(options, key=lambda one: (wrong & one[1]).sum() / one[0])
    work.add("word")
    work.add("vertex", vertices)
    work.labels[painted] = true


def _largest_error(truth: Labels, labels: Labels) -> tuple[Mask, int, int]:
    """Return the largest connected error of one kind with what was said and what is true."""
    best: tuple[int, Mask, int, int] = (0, truth != labels, -1, -1)
    wrong = truth != labels
    pairs = np.unique(np.stack([labels[wrong], truth[wrong]]), axis=1)
    for said, true in pairs.T:
        here = (wrong & (labels == said) & (truth == true)).astype(np.uint8)
        count, parts, stats, _ = cv2.connectedComponentsWithStats(here, connectivity=8)
        if count > 1:
            largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
            area = int(stats[largest, cv2.CC_STAT_AREA])
            if area > best[0]:
                best = (area, parts == largest, int(said), int(true))
    return best[1:]


def _around(mask: Mask, inside: Mask) -> Mask:
    """Return the connected part of `mask` that holds most of `inside`."""
    _, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return np.asarray(parts == np.bincount(parts[inside]).argmax(), dtype=bool)


def _outline(error: Mask, truth: Labels, labels: Labels) -> tuple[int, Mask]:
    """Return how many vertices draw a region, and the pixels they paint.

    Holes are drawn over where nothing right lies in them: what belongs there comes on top later.
    """
    plane = error.astype(np.uint8)
    outer, _ = cv2.findContours(plane, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(plane), outer, -1, 1, cv2.FILLED) > 0
    spoils = bool(((truth == labels) & filled & ~error).any())
    lines = outer
    if spoils:
        lines, _ = cv2.findContours(plane, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    traced = [cv2.approxPolyDP(line, EPSILON, closed=True) for line in lines]
    count = sum(max(3, len(line)) for line in traced)
    return count, error if spoils else np.asarray(filled, dtype=bool)
