"""What the model sees in the open image: likeness of patches, the stages' maps of a word, doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.worth import uncertainty

if TYPE_CHECKING:
    from cascadeclip.core.regions import ScoreMaps

Map = NDArray[np.float32]
NO_MODEL = mark("No model speaks yet: wait until it is loaded.")
NO_IMAGE = mark("Open an image to see what the model makes of it.")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Hold one map over the image: `values` rxc, drawn from `low` to `high`."""

    title: str
    values: Map
    low: float
    high: float


class SightView(Protocol):
    """Show maps over the image, a row for each question."""

    def show_likeness(self, pictures: tuple[Picture, ...]) -> None:
        """Show how alike all patches are to the chosen one, stage by stage."""

    def show_stages(self, word: str, pictures: tuple[Picture, ...]) -> None:
        """Show what each decoder makes of a word, and their sum."""

    def show_doubt(self, picture: Picture | None) -> None:
        """Show where the model is unsure."""

    def say(self, sentence: str) -> None:
        """Say why there is nothing to see; empty when there is."""


class Sight:
    """Answer what the model sees, from features that are there already, off the GUI thread."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        view: SightView,
        *,
        maps: Callable[[], ScoreMaps | None],
    ) -> None:
        self._state, self._jobs, self._view, self._maps = state, jobs, view, maps
        self._wanted = False
        self.point: tuple[float, float] = (0.5, 0.5)
        self.word = ""
        asked_anew = Change.IMAGE | Change.ENGINE | Change.ENGINE_TIMES | Change.TEMPLATES
        state.subscribe(asked_anew | Change.WORDS, self.refresh)

    def want(self, wanted: bool, /) -> None:
        """Answer from now on, or no longer."""
        self._wanted = wanted
        self.refresh()

    def choose_point(self, x: float, y: float) -> None:
        """Ask which patches are like the one at x, y, each 0..1 of the image."""
        self.point = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        self.refresh()

    def choose_word(self, word: str) -> None:
        """Ask what the decoders make of this word."""
        self.word = word
        self.refresh()

    def refresh(self) -> None:
        """Ask everything again, if somebody is looking."""
        state = self._state
        engine, image, pixels = state.engine, state.image, state.pixels
        if not self._wanted:
            return
        if engine is None or image is None or pixels is None:
            self._view.say(tr(NO_IMAGE) if image is None else tr(NO_MODEL))
            return
        self._view.say("")
        names = [row.name for row in state.words]
        word = self.word if self.word in names else next(iter(names), "")
        phrase = next((row.phrases[0] for row in state.words if row.name == word), word)
        point, templates, maps = self.point, state.templates, self._maps()

        def work() -> tuple[tuple[Picture, ...], tuple[Picture, ...], Picture | None]:
            encoded = engine.encode(pixels, image.digest)  # kept: the tower does not run again
            stages = engine.stage_maps(encoded, phrase, templates) if phrase else None
            return (
                likeness(engine.patches(encoded), point),
                stage_pictures(stages) if stages is not None else (),
                Picture("", uncertainty(maps), 0, 1) if maps is not None else None,
            )

        def done(found: tuple[tuple[Picture, ...], tuple[Picture, ...], Picture | None]) -> None:
            self._view.show_likeness(found[0])
            self._view.show_stages(word, found[1])
            self._view.show_doubt(found[2])

        self._jobs.run(Lane.INFERENCE, work, done=done, failed=self._failed, topic="sight")

    def _failed(self, error: Exception) -> None:
        self._view.say(said(str(error)))


def likeness(patches: Map, point: tuple[float, float]) -> tuple[Picture, ...]:
    """Compare all patches SxExrxc (unit vectors) with the one at `point`, x and y of 0..1.

    Each stage's is the cosine similarity of Fig. 1 of the paper, drawn from 0 to 1.
    """
    rows, columns = patches.shape[2:]
    row = min(int(point[1] * rows), rows - 1)
    column = min(int(point[0] * columns), columns - 1)
    chosen = patches[:, :, row, column]
    alike = np.einsum("serc,se->src", patches, chosen)
    return tuple(
        Picture(tr("Stage {number}", number=at + 1), values, 0.0, 1.0)
        for at, values in enumerate(alike)
    )


def stage_pictures(maps: Map) -> tuple[Picture, ...]:
    """Put the stages' maps Sxrxc and their sum on one scale, as in Fig. 6 of the paper."""
    shown = [(f"M{at + 1}", values) for at, values in enumerate(maps)]
    if len(maps) > 1:
        shown.append((tr("Sum"), maps.sum(axis=0)))
    most = max(float(np.abs(values).max()) for _, values in shown) or 1.0
    return tuple(Picture(title, values, -most, most) for title, values in shown)
