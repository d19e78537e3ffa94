"""What the model proposes for the open image: encode once, decode new words, cut at a threshold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.snapshot import shapes_of, worth_showing
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.core import regions
from cascadeclip.core.engine.looking import agreement, embedding_of, look_at
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.ranking import rank
from cascadeclip.core.values import Rle, Suggestion, Word
from cascadeclip.core.vocabulary import parse_vocabulary

if TYPE_CHECKING:
    from cascadeclip.core.engine import Encoded
    from cascadeclip.core.images import Window
    from cascadeclip.core.project import ClassRow
    from cascadeclip.core.project.looks import Look
    from cascadeclip.core.regions import ScoreMaps

SETTLE_MILLISECONDS = 400
TYPING_MILLISECONDS = 120
# After so long without new words what reads words leaves the memory; the next one reads it again.
REST_MILLISECONDS = 10_000
# Between two looks at a part of a large image the tower has this many times as long as one takes.
PART_PAUSE = 4.0
NEUTRAL = "#c8c8c8"
# Class numbers of typed words live below zero, where no row of the database is.
FIRST_TYPED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Hold the score maps of one image for kept and typed words, with a class number each.

    With `part` some of the image was not looked at yet; else `look` is what the model made of the
    whole.
    """

    image_id: int
    maps: ScoreMaps
    class_ids: tuple[int, ...]
    version: str
    best: float | None
    part: bool = False
    look: Look | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """Hold what a threshold leaves of the score maps: `found` is all of it, decided or not.

    `decided` is what had been accepted, drawn or rejected when `shapes` were chosen from it.
    """

    image_id: int
    suggestions: tuple[Suggestion, ...]
    shapes: tuple[Shape, ...]
    preview: tuple[Shape, ...]
    found: tuple[Shape, ...] = ()
    part: bool = False
    decided: tuple[tuple[Shape, ...], tuple[Shape, ...]] = ((), ())


class Suggesting:
    """Keep the suggestions of the open image in step with words, threshold and engine."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        *,
        rejected: Callable[[], tuple[Shape, ...]],
        trouble: Callable[[Exception], None],
        sight: Callable[[], Window | None] = lambda: None,
    ) -> None:
        self._state, self._jobs, self._rejected, self._trouble = state, jobs, rejected, trouble
        self._sight = sight
        self._request = 0
        self._marked: tuple[tuple[int, Rle], ...] | None = None
        self._scored: Scored | None = None
        self._typed: tuple[Word, ...] = ()
        self._proposed: dict[tuple[object, ...], Suggestion] = {}
        self._own: dict[int, float | None] = {}
        # What the model would suggest, whatever was decided, for comparing; None: not known yet.
        self.found: tuple[Shape, ...] | None = None
        state.subscribe(Change.IMAGE, self._forget)
        asked_anew = Change.IMAGE | Change.WORDS | Change.ENGINE | Change.TEMPLATES
        state.subscribe(asked_anew, self.refresh)

    def type(self, text: str) -> None:
        """Show what the words being typed would find, shortly after the last key."""
        self._jobs.after(TYPING_MILLISECONDS, "typing", lambda: self._preview(text))

    @property
    def maps(self) -> ScoreMaps | None:
        """Give the score maps of the open image for the words of the project, if there are any."""
        scored, words = self._scored, self._state.words
        if scored is None or not words or scored.class_ids[: len(words)] != _numbers(words):
            return None
        return replace(
            scored.maps,
            words=tuple(row.word for row in words),
            probabilities=scored.maps.probabilities[: len(words)],
        )

    def rank(self, shape: Shape, then: Callable[[tuple[tuple[int, float], ...]], None]) -> None:
        """Tell `then` which words fit a region, best first: class numbers with 0..1 each.

        The score maps that are there say so; without any there is nothing to tell.
        """
        maps, numbers = self.maps, _numbers(self._state.words)
        if maps is None:
            then(())
            return
        self._jobs.run(
            Lane.WORK,
            lambda: tuple((numbers[at], score) for at, score in rank(maps, shape.rle)),
            done=then,
            topic="rank",
        )

    def set_threshold(self, threshold: float, class_id: int | None = None) -> None:
        """Cut the score maps at another threshold (0..1), of one word or of all without their own.

        Nothing is inferred again.
        """
        if class_id is None:
            self._state.threshold = threshold
        else:
            self._set_own(class_id, threshold)
        self._cut_again()

    def drop_threshold(self, class_id: int) -> None:
        """Let a word follow the threshold of all words again."""
        self._set_own(class_id, None)
        self._cut_again()

    def set_edges(self, *, follow: bool) -> None:
        """Let outlines follow the image's edges and colours, or the model's patches alone."""
        self._state.refine_edges = follow
        self.propose()

    def refresh(self) -> None:
        """Ask the engine for the score maps of the open image, what is in sight first."""
        state = self._state
        self._request += 1
        self._jobs.forget("propose")
        engine, image, pixels = state.engine, state.image, state.pixels
        templates = state.templates
        words = (*(row.word for row in state.words), *self._typed)
        if engine is None or image is None or pixels is None or not words:
            self._jobs.forget("scores")
            self._scored = None
            self._clear()
            return
        numbers = [row.id for row in state.words]
        numbers += [FIRST_TYPED - at for at in range(len(self._typed))]

        def score(encoded: Encoded, *, part: bool = False) -> Scored:
            maps = engine.scores(encoded, words, templates)
            best, version = best_of(maps, words), engine.version
            look = None if part else look_at(embedding_of(encoded), maps, version)
            return Scored(image.id, maps, tuple(numbers), version, best, part, look)

        first = self._sight()
        arrived = self._teller(self._request, lambda encoded: score(encoded, part=True))

        def work() -> Scored:
            return score(engine.encode(pixels, image.digest, first=first, arrived=arrived))

        self._jobs.run(
            Lane.INFERENCE, work, done=self._show_scores, failed=self._failed, topic="scores"
        )

    def propose(self) -> None:
        """Cut the stored score maps at the threshold and show what is left."""
        scored, state = self._scored, self._state
        if scored is None:
            return
        scored = replace(scored, maps=with_thresholds(scored, state.words))
        threshold, words = state.threshold, state.words
        pixels = state.pixels if state.refine_edges else None
        decided = self._decided()
        names = [word.name for word in self._typed]

        def work() -> Proposed:
            maps, numbers = scored.maps, scored.class_ids
            found = regions.suggest(maps, numbers, threshold=threshold, image=pixels)
            kept = tuple(one for one in found if one.class_id >= 0)
            typed = (one for one in found if one.class_id < 0)
            every = shapes_of(kept, words)
            shapes = worth_showing(every, *decided)
            preview = tuple(_neutral(one, names) for one in typed)
            return Proposed(scored.image_id, kept, shapes, preview, every, scored.part, decided)

        self._jobs.run(Lane.WORK, work, done=self._show_proposed, topic="propose")

    def settle(self) -> None:
        """Write the suggestions on the screen to the database, if it does not have them."""
        state, scored = self._state, self._scored
        self._jobs.forget("settle")
        self._write_own()
        project, image = state.project, state.image
        if project is None or image is None or scored is None:
            return
        if project.read_only:  # they can be looked at all the same
            return
        marked = tuple((shape.class_id, shape.rle) for shape in state.annotations)
        unsaved, look = state.unsaved, scored.look
        if not unsaved and (look is None or marked == self._marked):
            return
        rows = [self._proposed[shape.key] for shape in state.suggestions if self._knows(shape)]
        found = tuple((one.class_id, one.rle) for one in self._proposed.values())
        state.unsaved, self._marked = False, marked
        version, threshold = scored.version, state.threshold

        def work() -> None:
            whole = look and replace(look, agreement=agreement(found, marked))
            if unsaved:
                project.suggestions.replace(image.id, rows, version, look=whole)
                project.settings.set("threshold", threshold)
            elif whole is not None:
                project.looks.put(image.id, whole)

        self._jobs.run(Lane.DATABASE, work, done=lambda _: state.changed(Change.ROW))

    # Inside

    def _cut_again(self) -> None:
        self._state.changed(Change.THRESHOLD)
        self.propose()
        self._jobs.after(SETTLE_MILLISECONDS, "settle", self.settle)

    def _set_own(self, class_id: int, threshold: float | None) -> None:
        self._state.words = tuple(
            replace(row, threshold=threshold) if row.id == class_id else row
            for row in self._state.words
        )
        self._own[class_id] = threshold

    def _write_own(self) -> None:
        project, own = self._state.project, self._own
        self._own = {}
        if not own or project is None or project.read_only:
            return

        def write() -> None:
            for class_id, threshold in own.items():
                project.classes.set_threshold(class_id, threshold)

        self._jobs.run(Lane.DATABASE, write)

    def _preview(self, text: str) -> None:
        known = {phrase.casefold() for row in self._state.words for phrase in row.phrases}
        try:
            words = parse_vocabulary(text) if text.strip() else ()
        except CascadeClipError:
            words = ()
        typed = tuple(word for word in words if word.name.casefold() not in known)
        if typed != self._typed:
            self._typed = typed
            self.refresh()

    def _teller(self, number: int, score: Callable[[Encoded], Scored]) -> Callable[[Encoded], None]:
        """Return what shows a part of the image while the rest is to come; runs with the tower."""
        due = 0.0

        def arrived(encoded: Encoded) -> None:
            nonlocal due
            started = time.monotonic()
            if number != self._request or started < due:
                return
            scored = score(encoded)
            due = time.monotonic() + PART_PAUSE * (time.monotonic() - started)
            self._jobs.on_gui(lambda: self._show_part(number, scored))

        return arrived

    def _show_part(self, number: int, scored: Scored) -> None:
        """Show what is there, unless suggestions of the whole image are on the screen already."""
        partly = self._scored is not None and self._scored.part
        if number == self._request and (partly or not self._state.suggestions):
            self._scored = scored
            self.propose()

    def _forget(self) -> None:
        self._request += 1
        self._scored, self._proposed, self.found = None, {}, None
        self._state.best, self._marked = None, None
        self._jobs.forget("scores")
        self._jobs.forget("propose")

    def _clear(self) -> None:
        self._state.preview = ()
        if not self._state.words and self._state.suggestions:
            self._state.suggestions = ()
        self._state.changed(Change.SHAPES)

    def _show_scores(self, scored: Scored) -> None:
        if self._state.image is None or scored.image_id != self._state.image.id:
            return
        self._scored = scored
        self._state.best = scored.best
        self._state.changed(Change.ENGINE_TIMES)
        self.propose()
        self._jobs.after(REST_MILLISECONDS, "rest", self._rest)

    def _rest(self) -> None:
        engine = self._state.engine
        if engine is not None:
            self._jobs.run(Lane.INFERENCE, engine.rest)

    def _show_proposed(self, proposed: Proposed) -> None:
        state = self._state
        if state.image is None or proposed.image_id != state.image.id:
            return
        before = {shape.key: shape for shape in state.suggestions}
        shapes, decided = proposed.shapes, self._decided()
        if decided != proposed.decided:  # meanwhile: what was accepted must not come back
            shapes = worth_showing(proposed.found, *decided)
        state.suggestions = tuple(
            replace(shape, id=before[shape.key].id) if shape.key in before else shape
            for shape in shapes
        )
        state.preview = proposed.preview
        self.found = None if proposed.part else proposed.found
        put, puts = _templates(self._proposed.values()), _templates(proposed.suggestions)
        # The same regions found with other sentences: their rows must say with which.
        reworded = bool(put) and bool(puts) and put != puts
        self._proposed = {
            (Kind.SUGGESTION, one.class_id, one.rle): one for one in proposed.suggestions
        }
        if before.keys() != {shape.key for shape in state.suggestions} or reworded:
            state.unsaved = True
        if state.unsaved and not proposed.part:  # after a part the whole is on its way
            self._jobs.after(SETTLE_MILLISECONDS, "settle", self.settle)
        state.changed(Change.SHAPES | Change.SELECTION)

    def _decided(self) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
        return self._state.annotations, self._rejected()

    def _knows(self, shape: Shape) -> bool:
        return shape.key in self._proposed

    def _failed(self, error: Exception) -> None:
        self._scored = None
        self._trouble(error)


def best_of(maps: ScoreMaps, words: Sequence[Word]) -> float | None:
    """Give the highest probability (0..1) of any word that may become a suggestion."""
    wanted = [at for at, word in enumerate(words) if not word.negative]
    return float(np.max(maps.probabilities[wanted])) if wanted else None


def with_thresholds(scored: Scored, words: Sequence[ClassRow]) -> ScoreMaps:
    """Give score maps whose words have the thresholds they have now."""
    own = {row.id: row.threshold for row in words}
    pairs = zip(scored.maps.words, scored.class_ids, strict=True)
    fresh = (replace(word, threshold=own.get(number, word.threshold)) for word, number in pairs)
    return replace(scored.maps, words=tuple(fresh))


def _numbers(words: Sequence[ClassRow]) -> tuple[int, ...]:
    return tuple(row.id for row in words)


def _templates(suggestions: Iterable[Suggestion]) -> set[tuple[str, ...]]:
    return {one.templates for one in suggestions}


def _neutral(suggestion: Suggestion, names: Sequence[str]) -> Shape:
    name = names[FIRST_TYPED - suggestion.class_id]
    cutout = cut_out(suggestion.rle)
    return Shape(
        Kind.PREVIEW, suggestion.class_id, name, NEUTRAL, suggestion.rle, cutout, suggestion.score
    )
