"""Measure models of one run, through the engine the window uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cascadeclip.core.engine.calibration import calibrate
from cascadeclip.core.images import open_image
from cascadeclip.core.regions import ScoreMaps, label_map
from cascadeclip.core.values import Word
from cascadeclip.train.calibration import Evidence, fit_words
from cascadeclip.train.data.corrections import Correction
from cascadeclip.train.evaluate import Adjusted, Quality, judge_maps, measure
from cascadeclip.train.events import Stopped, StoppedByRequest
from cascadeclip.train.material import Material

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.core.model.prototypes import Prototypes
    from cascadeclip.train.memory import Memory

    Recall = Callable[[Correction], Prototypes | None]

STRANGERS = 12
"""So many of the model's own words are watched beside those of the project."""

WORTH = 0.03
"""A word's scores are only moved for more than this of its IoU, where words are to be spared."""
INDISTINCT = 0.005
"""A difference in mIoU that so few images cannot tell."""

Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Hold what the words' probabilities mean now, and the mIoU with it on validation images."""

    adjusted: Adjusted
    miou: float


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold which protected word wins each cell of some images, -1 for none.

    `alone`: of the protected words by themselves, so that what was learnt cannot hide a drift.
    `among`: of the project's own, where the corrected words compete as they do in the window.
    Words of the model that the project does not have are not put against corrected ones: on a
    thing it could not name the parent often says such a word, and to mend that is no loss.
    """

    alone: list[Labels]
    among: list[Labels]


class Examiner:
    """Measure models on one run's images; a stop in between raises: no half figure is used.

    While the tower of all models is the same, `memory` lets it run once per window.
    """

    def __init__(
        self, material: Material, device: str, stopped: Stopped, memory: Memory | None = None
    ) -> None:
        self._material = material
        self._device = device
        self.stopped = stopped
        self._memory = memory
        self._before: tuple[LoadedModel, Kept] | None = None

    def held_out(self, model: LoadedModel) -> Quality:
        """Measure on the images never trained on, as the window shows them."""
        from cascadeclip.train.memory import remembering

        with remembering(model.network, self._memory):
            quality = measure(
                self._engine(model),
                self._material.held_out,
                self._material.corrections.words,
                threshold=self._material.threshold,
                adjusted=model.info.adjusted,
                stopped=self.stopped,
            )
        check(self.stopped)
        return quality

    def answers(self, model: LoadedModel, images: Sequence[Correction]) -> list[Labels]:
        """Return which word wins each pixel of some images, as the window shows it; -1 for none."""
        words = self._material.corrections.words
        return [
            label_map(
                calibrate(maps, model.info.adjusted),
                threshold=self._material.threshold,
                image=open_image(image.path),
            )
            for image, maps in self._shown(model, images, words)
        ]

    def calibrated(self, model: LoadedModel, images: Sequence[Correction]) -> Fitted:
        """Find what the corrected words' probabilities mean on `images`.

        What the model's card says stays where that is better there.
        """
        with self.looking(model) as engine:
            return self.fitted(engine, images, model.info.adjusted)

    def told(self, shown: Sequence[tuple[Correction, ScoreMaps]], adjusted: Adjusted) -> float:
        """Return the mIoU of maps of some images, as the window would show them."""
        return self._judged(shown, adjusted).miou

    @contextmanager
    def looking(self, model: LoadedModel) -> Iterator[Engine]:
        """Give an engine whose answers are not adjusted; a known tower runs once per window."""
        from cascadeclip.train.memory import remembering

        with remembering(model.network, self._memory):
            yield self._engine(model)

    def fitted(
        self,
        engine: Engine,
        images: Sequence[Correction],
        adjusted: Adjusted,
        recall: Recall | None = None,
        *,
        sparing: bool = False,
    ) -> Fitted:
        """Find what an engine's probabilities mean on `images`, as `calibrated` does.

        `adjusted` is what the card says now. `recall` gives the prototypes with which an image is
        looked at, in the place of the engine's. `sparing` moves only the words that need it: of
        partly marked images nobody knows how much a lower threshold takes from unmarked things.
        """
        words = self._material.corrections.words
        shown = list(self._looked(engine, images, words, recall))
        evidence = Evidence(self._material.shy)
        for image, maps in shown:
            evidence.add(maps, image.truth())
        found = fit_words(evidence, self._material.corrected)
        fresh = tuple((words[index].name, *affine) for index, affine in found.items())
        options = [joined(adjusted, fresh), tuple(adjusted)]
        told = [self._judged(shown, one) for one in options]
        if sparing:
            need = _gains(told[1], told[0])
            some = joined(adjusted, tuple(one for one in fresh if one[0] in need))
            fewer = self._judged(shown, some)
            if fewer.miou >= max(one.miou for one in told) - INDISTINCT:
                return Fitted(some, fewer.miou)
        best = 0 if told[0].miou >= told[1].miou else 1
        return Fitted(options[best], told[best].miou)

    def _judged(self, shown: Sequence[tuple[Correction, ScoreMaps]], adjusted: Adjusted) -> Quality:
        return judge_maps(
            shown,
            self._material.corrections.words,
            threshold=self._material.threshold,
            adjusted=adjusted,
        )

    def protected(self, model: LoadedModel, parent: LoadedModel) -> Kept:
        """Return where protected words win, on images where nobody looked.

        Only words that `parent` can read are looked at: the others had no answer to lose.
        """
        strangers, own = protected_words(self._material, parent)
        corrected = [self._material.corrections.words[at] for at in self._material.corrected]
        words = (*strangers, *own, *corrected)
        kept = len(strangers) + len(own)
        alone, rivals = range(kept), range(len(strangers), len(words))
        found = Kept([], [])
        for _, maps in self._shown(model, self._material.watched or self._material.choose, words):
            shown = calibrate(maps, model.info.adjusted)
            found.alone.append(self._winners(shown, alone, kept))
            if own:
                found.among.append(self._winners(shown, rivals, kept))
        return found

    def agreement(self, model: LoadedModel, parent: LoadedModel) -> float:
        """Return how far protected words answer as the parent's do, 0..1 (`agreement`).

        What a parent answers is found once: its weights stay as they are.
        """
        if self._before is None or self._before[0] is not parent:
            self._before = parent, self.protected(parent, parent)
        return agreement(self._before[1], self.protected(model, parent))

    def _winners(self, maps: ScoreMaps, among: range, kept: int) -> Labels:
        """Return the winner of each cell of the maps, -1 for none and for words from `kept` on."""
        part = slice(among.start, among.stop)
        some = replace(maps, words=maps.words[part], probabilities=maps.probabilities[part])
        answer = label_map(
            some,
            threshold=self._material.threshold,
            max_side=max(maps.probabilities.shape[1:]),
        )
        place = answer + among.start
        return np.where((answer >= 0) & (place < kept), place, -1).astype(np.int32)

    def _shown(
        self, model: LoadedModel, images: Sequence[Correction], words: Sequence[Word]
    ) -> Iterator[tuple[Correction, ScoreMaps]]:
        with self.looking(model) as engine:
            yield from self._looked(engine, images, words)

    def _looked(
        self,
        engine: Engine,
        images: Sequence[Correction],
        words: Sequence[Word],
        recall: Recall | None = None,
    ) -> Iterator[tuple[Correction, ScoreMaps]]:
        for image in images:
            check(self.stopped)
            if recall is not None:
                engine.use_prototypes(recall(image))
            yield image, engine.scores(engine.encode(open_image(image.path), image.digest), words)

    def _engine(self, model: LoadedModel) -> Engine:
        from cascadeclip.core.engine import Engine

        bare = replace(model, info=replace(model.info, adjusted=()))
        return Engine(bare, device=self._device)


def _gains(before: Quality, after: Quality) -> set[str]:
    """Name the words whose IoU rises by more than WORTH."""
    return {
        name for name, iou in after.per_word.items() if iou > before.per_word.get(name, 0.0) + WORTH
    }


def joined(older: Adjusted, fresh: Adjusted) -> Adjusted:
    """Return `fresh` and those of `older` whose word it does not name."""
    named = {word.casefold() for word, _, _ in fresh}
    return (*(one for one in older if one[0].casefold() not in named), *fresh)


def protected_words(
    material: Material, parent: LoadedModel
) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return some words the parent was trained on, and the project's own without corrections.

    Both without those that the parent's text tower cannot read.
    """
    taken = {phrase.casefold() for word in material.corrections.words for phrase in word.phrases}
    others = sorted({word for word in parent.info.trained_words if word.casefold() not in taken})
    drawn = np.random.default_rng(0).permutation(len(others))[:STRANGERS]
    strangers = (others[int(place)] for place in sorted(drawn))
    own = tuple(word for word in material.protected if any(map(_reads(parent), word.phrases)))
    return tuple(Word(name, (name,), "#808080") for name in strangers), own


def _reads(model: LoadedModel) -> Callable[[str], bool]:
    return (lambda phrase: True) if model.text is None else model.text.knows


def agreement(before: Kept, after: Kept) -> float:
    """Return the smaller share of cells, 0..1, with the same answer; 1 where there are none."""
    pairs = ((before.alone, after.alone), (before.among, after.among))
    return min(_same(one, other) for one, other in pairs)


def _same(before: Sequence[Labels], after: Sequence[Labels]) -> float:
    same = sum(int((one == other).sum()) for one, other in zip(before, after, strict=True))
    total = sum(one.size for one in before)
    return same / total if total else 1.0


def check(stopped: Stopped) -> None:
    """Raise StoppedByRequest when somebody asked."""
    if stopped():
        raise StoppedByRequest("Training was stopped; the model in use has not changed.")
