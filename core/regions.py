"""From score maps to suggestions: words compete for pixels, regions are what hangs together.

Everything here works on stored low-resolution maps: a new threshold costs an upsampling and no
inference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.colours import listen
from cascadeclip.core.edges import follow, without_grain
from cascadeclip.core.images import fitted
from cascadeclip.core.values import Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cascadeclip.core.values import Rle, Word

Pair = tuple["NDArray[np.float32]", "NDArray[np.float32]"]

MIN_AREA = 0.0005
SEEN = 0.1
"""Of this share of a region the network itself must be sure enough: colours alone make none."""
WORK_SIDE = 1024
"""Words are sorted out, and edges refined, on at most this many pixels a side."""
FULL_PIXELS = 32_000_000
"""Beyond this the outlines are found on a smaller image, so that memory stays bounded."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreMaps:
    """Hold the low-resolution probabilities `KxhxW` of K words over a `height` x `width` image.

    `grain` is the number of cells one patch of the network spans; `templates` are the sentences
    the words were put in. A trained word's values may lie below 0 by the model's calibration.
    `nobody`, `hxw`, is what a word has to beat: the best of the model's own background words.
    """

    words: tuple[Word, ...]
    probabilities: NDArray[np.float32]
    height: int
    width: int
    grain: float = 1.0
    templates: tuple[str, ...] = ()
    nobody: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Contest:
    """Hold who won each pixel (index of the word, -1 none), and what the network gave it there."""

    winner: NDArray[np.int32]
    given: NDArray[np.float32]


def suggest(
    maps: ScoreMaps,
    class_ids: Sequence[int],
    *,
    threshold: float,
    min_area: float = MIN_AREA,
    image: NDArray[np.uint8] | None = None,
) -> tuple[Suggestion, ...]:
    """Return the regions the words of `maps` win, the highest score first.

    `class_ids[k]` is the class of word k. A pixel goes to the word with the highest probability,
    negative words and nobody included, if that is at least `threshold`; a word with a threshold
    of its own takes part only where it reaches that one. Regions smaller than
    `min_area` (fraction of the image) are dropped, those of negative words too. The score is the
    mean probability inside, 0..1. With `image` (HxWx3 upright RGB of `maps.height` x `maps.width`)
    the outlines follow its edges.
    """
    if len(class_ids) != len(maps.words):
        msg = f"{len(maps.words)} words need as many class ids, not {len(class_ids)}"
        raise ValueError(msg)
    size = _bounded_size(maps.height, maps.width)
    least = _least(maps.words, threshold)
    contest = _decide(maps, least, size, image)
    smallest = max(1.0, min_area * contest.winner.size)
    found = [
        Suggestion(
            class_id=class_ids[k],
            rle=_packed(region, size, maps),
            score=region.score,
            threshold=threshold if word.threshold is None else word.threshold,
            phrases=word.phrases,
            templates=maps.templates,
        )
        for k, word in enumerate(maps.words)
        if not word.negative
        for region in _regions(contest, k, smallest, float(least[k]))
    ]
    return tuple(sorted(found, key=lambda one: -one.score))


def label_map(
    maps: ScoreMaps,
    *,
    threshold: float,
    image: NDArray[np.uint8] | None = None,
    max_side: int | None = None,
) -> NDArray[np.int32]:
    """Return the index of the word that wins each pixel, -1 where none reaches `threshold`.

    The map has the size of the image, or, with `max_side`, at most that many pixels a side (for
    a quick view). Negative words keep their index. `image` refines edges as in `suggest`.
    """
    size = (maps.height, maps.width)
    if max_side is not None:
        size = fitted(*size, max_side)
    return _decide(maps, _least(maps.words, threshold), size, image).winner


def _least(words: Sequence[Word], threshold: float) -> NDArray[np.float32]:
    """Return the probability from which on each word takes part, nobody's behind them.

    A negative word and nobody keep off from the lowest that is enough for any word.
    """
    own = [threshold if one.threshold is None else one.threshold for one in words]
    wanted = [value for one, value in zip(words, own, strict=True) if not one.negative]
    lowest = min(wanted, default=threshold)
    values = [lowest if one.negative else value for one, value in zip(words, own, strict=True)]
    return np.array([*values, lowest], dtype=np.float32)


def _decide(
    maps: ScoreMaps,
    least: NDArray[np.float32],
    size: tuple[int, int],
    image: NDArray[np.uint8] | None,
) -> _Contest:
    """Let the words compete at `size`; refine first when an image is given."""
    if maps.nobody is not None:
        count, stacked = len(maps.words), np.concatenate((maps.probabilities, maps.nobody[None]))
        among = replace(maps, probabilities=stacked, nobody=None)
        contest = _decide(among, least, size, image)
        contest.winner[contest.winner == count] = -1
        return contest
    # a word that nowhere reaches its threshold wins only pixels that nobody gets
    peaks = maps.probabilities.max(axis=(1, 2), initial=-1.0)
    running = np.flatnonzero(peaks >= least[: len(peaks)])
    work = fitted(*size, WORK_SIDE)
    if image is not None or work != size:
        # large or refined: only words that win something at working size are worth the full one
        rough = _compete(_unheard(maps, running), running, least, work).winner
        running = np.flatnonzero(np.bincount(rough[rough >= 0]))  # unlike unique it sorts nothing
    if image is None:
        return _compete(_unheard(maps, running), running, least, size)
    stay = maps.probabilities[running]
    guide = cv2.resize(image, work[::-1], interpolation=cv2.INTER_AREA)
    shown = _refined(stay, least[running], np.asarray(guide, dtype=np.uint8), maps.grain)
    return _compete(shown, running, least, size)


def _unheard(maps: ScoreMaps, running: NDArray[np.integer]) -> Iterator[Pair]:
    """Yield the maps as they are; both of a pair are the same, and so one is enlarged."""
    return ((one, one) for one in maps.probabilities[running])


def _refined(
    probabilities: NDArray[np.float32],
    least: NDArray[np.float32],
    guide: NDArray[np.uint8],
    grain: float,
) -> Iterator[Pair]:
    """Yield maps at the size of an image, following its edges, and its colours where they tell.

    The second of a pair has not heard the colours.
    """
    smooth = without_grain(guide)
    said = listen(probabilities, least, smooth, grain=grain)
    for word, values in enumerate(follow(probabilities, smooth, grain=grain)):
        yield (values if said is None else said.add(word, values)), values


def _compete(
    maps: Iterable[Pair],
    names: NDArray[np.integer],
    least: NDArray[np.float32],
    size: tuple[int, int],
) -> _Contest:
    """Give each pixel to the name of the highest map that reaches its `least`, -1 without one.

    The first map of a pair is compared, the second kept where it wins.
    """
    # one pair at a time: the maps of many words would not fit in memory
    winner = np.full(size, -1, dtype=np.int32)
    best = np.full(size, -np.inf, dtype=np.float32)
    given = best
    for name, (values, plain) in zip(names, maps, strict=True):
        scaled = _resized(values, size)
        better = (scaled > best) & (scaled >= least[name])
        np.copyto(winner, name, where=better)
        np.copyto(best, scaled, where=better)
        if plain is not values:
            given = best.copy() if given is best else given
            del scaled  # of a large image every map counts
            np.copyto(given, _resized(plain, size), where=better)
    return _Contest(winner, given)


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """Hold the pixels of a region in its box, where the box lies, and the region's score."""

    part: NDArray[np.bool_]
    top: int
    left: int
    score: float


def _regions(contest: _Contest, word: int, smallest: float, least: float) -> Iterator[_Region]:
    """Yield the connected regions `word` wins, boxed: whole masks of large images are slow.

    Grains that hang together by corners alone are none; holes too small for a region are filled.
    Where the network itself reaches `least` in too little of a region, it is none either.
    """
    mine = (contest.winner == word).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(mine)
    if width == 0:
        return
    box = np.s_[y : y + height, x : x + width]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mine[box], connectivity=4)
    given = contest.given[box]
    for number in range(1, count):
        left, top, wide, high, area = (int(value) for value in stats[number])
        if area < smallest:
            continue
        inner = np.s_[top : top + high, left : left + wide]
        won = labels[inner] == number
        # what is filled was won by others or by nobody: it says nothing about this region
        values = given[inner][won]
        if (values >= least).mean() < SEEN:
            continue
        score = float(np.clip(values.mean(dtype=np.float64), 0, 1))
        yield _Region(_filled(won, smallest), y + top, x + left, score)


def _filled(part: NDArray[np.bool_], smallest: float) -> NDArray[np.bool_]:
    """Return the region of a box without its holes of less than `smallest` pixels."""
    outside = np.pad(~part, 1, constant_values=True).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
    if count == 2:  # what lies around it, and the part itself
        return part
    small = stats[:, cv2.CC_STAT_AREA] < smallest
    small[labels[0, 0]] = False
    return np.asarray(part | small[labels[1:-1, 1:-1]], dtype=np.bool_)


def _resized(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    if values.shape == size:
        return values
    scaled = cv2.resize(values, size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled, dtype=np.float32)


def _packed(region: _Region, size: tuple[int, int], maps: ScoreMaps) -> Rle:
    """Return the mask of a region found at `size`, at the size of the image."""
    if size == (maps.height, maps.width):
        return masks.encode_part(
            region.part, top=region.top, left=region.left, height=maps.height, width=maps.width
        )
    # the nearest pixel of the box alone: whole masks of a huge image take seconds each
    rows = np.arange(maps.height) * size[0] // maps.height - region.top
    columns = np.arange(maps.width) * size[1] // maps.width - region.left
    high, wide = region.part.shape
    down = np.flatnonzero((rows >= 0) & (rows < high))
    across = np.flatnonzero((columns >= 0) & (columns < wide))
    return masks.encode_part(
        region.part[np.ix_(rows[down], columns[across])],
        top=int(down[0]),
        left=int(across[0]),
        height=maps.height,
        width=maps.width,
    )


def _bounded_size(height: int, width: int) -> tuple[int, int]:
    factor = min(1.0, (FULL_PIXELS / (height * width)) ** 0.5)
    return max(1, int(height * factor)), max(1, int(width * factor))
