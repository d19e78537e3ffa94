"""Points: what is meant by clicks on an image, from features that are there already.

A positive click says "this belongs to it", a negative one "this does not". Cells are compared
with the patches and colours under the clicks, the word's own map and the mask as it is have a say
(`evidence`); a cut through the graph of cells makes one region of it (GrabCut: Rother, Kolmogorov
and Blake, SIGGRAPH 2004), and its outline follows the edges of the image. No model runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.shaping.evidence import MEASURED, Click, Weights, weigh
from cascadeclip.core.shaping.part import Part, around
from cascadeclip.core.shaping.sight import Map, Sight, whole_size, work_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

HOPELESS = 0.27
"""Cells with less evidence are outside for sure."""
FEW = 6  # cells of either side that colours can be learnt from
DOT = 0.006  # of the longer side: what is under a click is as the click says


def refine(
    sight: Sight,
    clicks: Sequence[Click],
    *,
    mask: Part | None = None,
    word: Map | None = None,
    weights: Weights = MEASURED,
) -> Part:
    """Return the mask that the clicks mean, the last of which was made on `mask`.

    Without a mask a new one begins. `word` are the probabilities hxw (0..1) of its word over the
    image. Pixels of `mask` change only where the clicks change what belongs to it.
    """
    evidence = weigh(sight, clicks, mask=mask, word=word, weights=weights)
    cut = _graph_cut(sight, evidence, clicks)
    values = sight.follow((cut + evidence) * np.float32(0.5))
    before = work_mask(sight, mask) if mask is not None else np.zeros(values.shape, np.bool_)
    inside = _hanging_together(sight, values > 0.5, clicks, before)
    found = whole_size(sight, values, inside)
    if mask is None:
        return found
    return _changed(sight, mask, found, _clicked(sight, before != inside, clicks))


def _graph_cut(sight: Sight, evidence: Map, clicks: Sequence[Click]) -> Map:
    """Return 1 for cells inside, 0 outside, cut where colours change."""
    rows, columns = sight.grid
    guess = np.where(evidence > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[evidence < HOPELESS] = cv2.GC_BGD
    for click in clicks:
        row, column = sight.cell(click.x, click.y)
        kind = cv2.GC_FGD if click.positive else cv2.GC_BGD
        cv2.circle(guess, (column, row), 1, int(kind), -1)
    inside = int(np.count_nonzero(guess % 2))
    if min(inside, rows * columns - inside) >= FEW:
        small = cv2.resize(sight.work, (columns, rows), interpolation=cv2.INTER_AREA)
        cv2.setRNGSeed(0)  # the colours are grouped from random beginnings
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(small, guess, (0, 0, 1, 1), *models, 1, cv2.GC_INIT_WITH_MASK)
    return (guess % 2).astype(np.float32)  # both kinds of inside are odd


def _hanging_together(
    sight: Sight,
    inside: NDArray[np.bool_],
    clicks: Sequence[Click],
    before: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Keep what hangs together with a positive click or with the mask as it was."""
    dotted = inside.astype(np.uint8)
    radius = max(1, round(DOT * max(dotted.shape)))
    spots = [(sight.spot(click.x, click.y), click.positive) for click in clicks]
    for (row, column), positive in spots:
        cv2.circle(dotted, (column, row), radius, int(positive), -1)
    count, labels = cv2.connectedComponents(dotted, connectivity=4)
    kept = np.zeros(count, np.bool_)
    kept[[labels[spot] for spot, positive in spots if positive]] = True
    kept |= np.bincount(labels[before], minlength=count) > 0
    kept[0] = False
    return np.asarray(kept[labels])


def _clicked(
    sight: Sight, differs: NDArray[np.bool_], clicks: Sequence[Click]
) -> NDArray[np.bool_]:
    """Keep the changes that hang together with a click: nobody asked for the others."""
    close = cv2.dilate(differs.astype(np.uint8), np.ones((3, 3), np.uint8))
    radius = max(1, round(DOT * max(differs.shape)))
    for click in clicks:
        row, column = sight.spot(click.x, click.y)
        cv2.circle(close, (column, row), radius, 1, -1)
    count, labels = cv2.connectedComponents(close, connectivity=8)
    kept = np.zeros(count, np.bool_)
    kept[[labels[sight.spot(click.x, click.y)] for click in clicks]] = True
    return np.asarray(kept[labels] & differs)


def _changed(sight: Sight, mask: Part, found: Part, differs: NDArray[np.bool_]) -> Part:
    """Return the mask with what was found where it differs; the rest stays bit for bit."""
    around_it = cv2.dilate(differs.astype(np.uint8), np.ones((3, 3), np.uint8))
    area = whole_size(sight, around_it.astype(np.float32), around_it > 0)
    box = around((mask, found))
    there = mask.on(box)
    return Part(box[0], box[1], np.where(area.on(box), found.on(box), there)).tight()
