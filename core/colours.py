"""Let the colours of an image say how far a word reaches, where a network sees only patches.

Where the words' maps are sure, an image shows which colours a word has there. Elsewhere, within
reach, the same colour speaks for the same word: for the rim of a thing that a patch averages away,
for a part of it that no map claims. Words share out the pixels in a few rounds (mean field, as in
Kraehenbuehl and Koltun, NIPS 2011, Algorithm 1), with a table of colours by place in the place of
the bilateral filter: the colours are few (k-means), the places are cells.

Colours speak only as far as they tell the words of this image apart better than places alone do;
on street scenes, where everything is grey, they hardly do. What was measured is in docs/edges.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cascadeclip.core.edges import follow, without_grain
from cascadeclip.core.images import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Places = NDArray[np.intp]

LEAST = 1e-3
"""Probabilities are taken for no nearer to 0 and 1 than this: a map is never that sure."""
SAMPLES = 2500  # pixels that colours are grouped by
STEPS = 32  # of each coordinate of a colour, where its place in the palette is looked up


@dataclass(frozen=True, slots=True)
class ColourSettings:
    """Hold how colours are heard; the defaults are measured, see docs/edges.md.

    An image has `colours` of them, in L*a*b* with `lightness` counted that much. They are tallied
    on at most `side` pixels a side, in at most `cells` a side, and spread over `reach` (a normal
    sigma), a share of the longer side; a pixel's neighbours count within `near` of it. `weight` and
    `close` are what both may add to a logit at the most; what colours add is averaged over `even`
    pixels a side. They count in full where they take away the share `clear` (0..1) of the doubt
    that places alone leave, not at all below `vague`.
    """

    colours: int = 32
    lightness: float = 0.6
    side: int = 256
    cells: int = 24
    reach: float = 0.12
    near: float = 0.008
    weight: float = 5.0
    close: float = 1.5
    even: int = 3
    rounds: int = 3
    vague: float = 0.4
    clear: float = 0.5


MEASURED = ColourSettings()


class Said:
    """Hold what the colours of an image say for each of its words, against none of them."""

    def __init__(self, image: NDArray[np.uint8], palette: _Palette, heard: _Heard) -> None:
        self._heard = heard
        self._at = _places(palette.of(image), *heard.grid, palette.count)

    def add(self, word: int, values: Array) -> Array:
        """Return the probabilities HxW of a word with what colours say added to their logits."""
        inside = _inside(values)
        odds = np.asarray(cv2.exp(self._heard.bonus(word, self._at)), dtype=np.float32)
        odds *= inside
        return np.asarray(odds / (odds + (1 - inside)), dtype=np.float32)


def listen(
    maps: Sequence[Array] | Array,
    least: Sequence[float] | Array,
    image: NDArray[np.uint8],
    *,
    grain: float,
    settings: ColourSettings = MEASURED,
) -> Said | None:
    """Return what the colours of `image` HxWx3 RGB, one of `without_grain`, say about words.

    `maps` are the words' probabilities hxw, `grain` of their cells to a patch; `least` is the
    probability from which on each word takes part. None where colours tell the words apart too
    little to be heard.
    """
    if not len(maps):
        return None
    size = fitted(image.shape[0], image.shape[1], settings.side)[::-1]
    # the nearest pixel: a mean of two colours would be a third
    guide = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    palette = _Palette(guide, settings)
    stay = np.stack([*follow(maps, without_grain(guide), grain=grain)])
    heard = _hear(stay, np.asarray(least, np.float32), guide, palette, settings)
    return None if heard is None else Said(image, palette, heard)


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """Hold what is added to the logit of each word, and taken from that of none of them.

    `tables` by cell and colour, averaged over `even` pixels where they are read, `near` by pixel
    of the guide; `grid` are the rows and columns of cells.
    """

    tables: list[Array]
    near: list[Array]
    grid: tuple[int, int]
    even: int

    def bonus(self, word: int, at: Places) -> Array:
        """Return what is added to the logit of a word where pixels are `at` in its table."""
        size = at.shape[1], at.shape[0]
        near = cv2.resize(self.near[word], size, interpolation=cv2.INTER_LINEAR)
        # one pixel's colour is chance, and outlines would be ragged
        spoken = cv2.blur(self.tables[word].ravel().take(at), (self.even, self.even))
        return np.asarray(cv2.add(spoken, near, dst=spoken), dtype=np.float32)


class _Palette:
    """Find the colours that an image is made of, and which of them each pixel has."""

    def __init__(self, image: NDArray[np.uint8], settings: ColourSettings) -> None:
        # three channels: a single pixel is no column
        pixels = _space(image, settings.lightness).reshape(1, -1, 3)
        some = np.ascontiguousarray(pixels[:, :: max(1, pixels.shape[1] // SAMPLES)])
        count = min(settings.colours, some.shape[1])
        cv2.setRNGSeed(0)  # colours are grouped from random beginnings
        stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
        nowhere = np.empty((0, 1), np.int32)
        _, _, centres = cv2.kmeans(some, count, nowhere, stop, 1, cv2.KMEANS_PP_CENTERS)
        away = (centres**2).sum(axis=1) - 2 * _every(settings.lightness) @ centres.T
        self._nearest = away.argmin(axis=1).astype(np.int32)
        self.count = count

    def of(self, image: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Return the number of the colour of every pixel, HxW."""
        red, green, blue = (image[..., at].astype(np.int32) * STEPS >> 8 for at in range(3))
        return np.asarray(self._nearest.take((red * STEPS + green) * STEPS + blue), np.int32)


def _space(image: NDArray[np.uint8], lightness: float) -> Array:
    """Return the colours HxWx3 of an image in L*a*b*, lightness counted that much."""
    found = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    found[..., 0] *= np.float32(lightness)
    return found


@cache
def _every(lightness: float) -> Array:
    """Return every colour that is told apart, STEPS**3 x 3, in the same space."""
    line = ((np.arange(STEPS) + 0.5) * (256 / STEPS)).astype(np.uint8)
    every = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1)
    return np.asarray(_space(every.reshape(1, -1, 3), lightness)[0])


class _Tally:
    """Count by colour and cell, and spread the counts over the cells around."""

    def __init__(self, index: NDArray[np.int32], count: int, settings: ColourSettings) -> None:
        self.grid = fitted(index.shape[0], index.shape[1], settings.cells)
        self._count = count
        self._sigma = settings.reach * max(self.grid)
        self.at = _places(index, *self.grid, self._count)
        self.cell = self.at // self._count
        self._all = self._spread(None) + np.float32(1e-6)

    def share(self, weights: Array) -> Array:
        """Return which share of each colour around each cell the weights HxW are."""
        return np.asarray(self._spread(weights) / self._all, dtype=np.float32)

    def alone(self, table: Array) -> Array:
        """Return a table by cell with each colour counted as often as it is there."""
        return np.asarray((table * self._all).sum(axis=2), dtype=np.float32)

    def _spread(self, weights: Array | None) -> Array:
        size = self.grid[0] * self.grid[1] * self._count
        flat = None if weights is None else weights.ravel()
        counts = np.bincount(self.at.ravel(), flat, minlength=size).astype(np.float32)
        table = counts.reshape(*self.grid, self._count)
        # many channels at once; beyond the edge there is nothing
        border = cv2.BORDER_CONSTANT
        spread = cv2.GaussianBlur(table, (0, 0), self._sigma, borderType=border)
        return np.asarray(spread, dtype=np.float32).reshape(table.shape)


def _places(index: NDArray[np.int32], rows: int, columns: int, count: int) -> Places:
    """Return where each pixel of a colour stands in a table of rows x columns x colours."""
    height, width = index.shape
    down = np.arange(height) * rows // height
    across = np.arange(width) * columns // width
    return np.asarray((down[:, None] * columns + across) * count + index, dtype=np.intp)


def _hear(
    maps: Array, least: Array, guide: NDArray[np.uint8], palette: _Palette, settings: ColourSettings
) -> _Heard | None:
    """Let words share out the pixels, and return what is to be added to each in the end."""
    own = _logit(maps) - _logit(least)[:, None, None]
    own = np.concatenate((own, np.zeros_like(own[:1])))
    tally = _Tally(palette.of(guide), palette.count, settings)
    heard, heed = None, 0.0
    for _ in range(settings.rounds):
        shares = _shares(own, heard, tally.at)
        tables = [tally.share(one) for one in shares]
        if heard is None:
            heed = _heed(own.argmax(axis=0), shares, tables, tally, settings)
            if heed == 0:
                return None
        typical = [_typical(*pair, tally.at) for pair in zip(shares[:-1], tables, strict=False)]
        for table, one in zip(tables, [*typical, 1.0], strict=True):
            # what is typical of a word speaks for it in full, however rare the word is
            table *= np.float32(settings.weight * heed / max(one, 0.1))
            np.minimum(table, settings.weight * heed, out=table)
        heard = _Heard(tables[:-1], _near(shares, settings, heed), tally.grid, settings.even)
        for table in heard.tables:
            table -= tables[-1]
    return heard


def _near(shares: Array, settings: ColourSettings, heed: float) -> list[Array]:
    """Return what the pixels around add to each word, and take from it for none of them."""
    sigma = max(0.5, settings.near * max(shares.shape[1:]))
    *words, none = (cv2.GaussianBlur(one, (0, 0), sigma) for one in shares)
    return [np.asarray((one - none) * (settings.close * heed), np.float32) for one in words]


def _shares(own: Array, heard: _Heard | None, at: Places) -> Array:
    """Return how far each pixel is each word's, and in the last row nobody's; together 1."""
    logits = own.copy()
    if heard is not None:
        for word in range(len(heard.tables)):
            logits[word] += heard.bonus(word, at)
    logits -= logits.max(axis=0)
    powers = np.exp(logits, out=logits)
    powers /= powers.sum(axis=0)
    return powers


def _typical(share: Array, table: Array, at: Places) -> float:
    """Return the mean of a table `at` the pixels of a word, by how sure the word is of them."""
    sure = share * share
    return float((sure * table.ravel().take(at)).sum() / (sure.sum() + 1e-6))


def _heed(
    winner: NDArray[np.intp],
    shares: Array,
    tables: Sequence[Array],
    tally: _Tally,
    settings: ColourSettings,
) -> float:
    """Return how far colours are to be heard, 0..1, by how well they tell apart who wins.

    Where a word is the only one, any colour speaks for it: what counts is what colours say beyond
    that. What no word has is left out, unless there is but one word: a higher threshold is not
    a worse colour.
    """
    words = np.flatnonzero(np.bincount(winner.ravel(), minlength=len(shares))[:-1]).tolist()
    if not words:
        return 0.0
    every = np.sum(tables if len(shares) == 2 else tables[:-1], axis=0) + np.float32(1e-6)
    around, told = tally.alone(every), []
    for word in words:
        place = _typical(shares[word], tally.alone(tables[word]) / around, tally.cell)
        colour = _typical(shares[word], tables[word] / every, tally.at)
        told.append((colour - place) / max(1 - place, 1e-3))
    over = (float(np.mean(told)) - settings.vague) / (settings.clear - settings.vague)
    return float(np.clip(over, 0, 1))


def _logit(values: Array) -> Array:
    inside = _inside(values)
    return np.asarray(np.log(inside / (1 - inside)), dtype=np.float32)


def _inside(values: Array) -> Array:
    return np.clip(values, LEAST, 1 - LEAST)
