"""Two model versions on one image: what each would suggest, drawn side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.jobs import Check, Lane, Report, Runner, Task
from cascadeclip.app.presenters.state import State
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core import masks, regions
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.project import Project, VersionRow
    from cascadeclip.core.values import Suggestion, Word

SIDE = 900
LARGEST = 6.0
FILL = 0.28
BUNDLED = 0
NO_IMAGE = mark("Open an image and type a word to compare versions on it.")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Hold what one version sees: a picture HxWx3 with outlines, how much, and how sure.

    `share` is the part of the pixels that have a word, 0..1.
    """

    name: str
    picture: NDArray[np.uint8]
    suggestions: int
    mean_score: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Hold two versions on one image, and on how many pixels they say the same, 0..1."""

    first: Seen
    second: Seen
    same: float


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Hold an image and what is asked of it, the same for every version.

    Word k is of class `numbers[k]` and painted in `colours[k]`.
    """

    pixels: NDArray[np.uint8]
    digest: str
    words: tuple[Word, ...]
    numbers: tuple[int, ...]
    colours: tuple[str, ...]
    templates: tuple[str, ...]
    threshold: float

    def answer(self, name: str, engine: Engine) -> tuple[Seen, NDArray[np.int32]]:
        """Return what a model sees, and the word that wins each pixel of a small view."""
        encoded = engine.encode(self.pixels, self.digest)
        maps = engine.scores(encoded, self.words, self.templates)
        found = regions.suggest(maps, self.numbers, threshold=self.threshold, image=self.pixels)
        winners = regions.label_map(maps, threshold=self.threshold, max_side=SIDE)
        colours = dict(zip(self.numbers, self.colours, strict=True))
        return seen(name, self.pixels, found, colours), winners


class ComparingView(Protocol):
    """Show two versions side by side."""

    def show_versions(self, versions: list[tuple[int, str]], first: int, second: int) -> None:
        """Offer these versions, of which two are chosen."""

    def show_waiting(self, text: str) -> None:
        """Say what is under way, or what is lacking."""

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the two."""


Open = Callable[[Path, str], "Engine"]


class Comparing:
    """Ask two versions for suggestions on the open image, in a job of its own."""

    def __init__(
        self, state: State, jobs: Runner, *, device: str = "auto", open_version: Open | None = None
    ) -> None:
        self._state, self._jobs, self._device = state, jobs, device
        self._open = open_version or _open
        self._view: ComparingView | None = None
        self._task: Task | None = None

    def show(self, view: ComparingView | None) -> None:
        """Compare in this view from now on; None ends it."""
        self._view = view
        self._stop()
        project = self._state.project
        if view is None or project is None:
            return

        def done(rows: list[VersionRow]) -> None:
            if self._view is view:
                self._offer(view, rows)

        self._jobs.run(Lane.DATABASE, project.versions.all, done=done, topic="compared versions")

    def compare(self, first: int, second: int) -> None:
        """Draw what two versions see, given by their numbers; BUNDLED is the program's own."""
        project, view = self._state.project, self._view
        if view is None:
            return
        self._stop()
        question = self._question()
        if project is None or question is None:
            view.show_waiting(tr(NO_IMAGE))
            return
        view.show_waiting(tr("The two versions look at the image."))

        def work(progress: Report, stopped: Check) -> Comparison | None:
            return self._look(project, question, (first, second), progress, stopped)

        def done(found: Comparison | None) -> None:
            if found is not None and task is self._task:
                view.show_comparison(found)

        def broke(error: Exception) -> None:
            if not isinstance(error, CascadeClipError | OSError | RuntimeError):
                raise error
            if task is self._task:
                view.show_waiting(said(str(error)))

        task = self._task = self._jobs.start(
            tr("comparing two versions"), work, done=done, failed=broke, lane=Lane.MEASURING
        )

    # Inside

    def _look(
        self,
        project: Project,
        question: Question,
        numbers: tuple[int, int],
        progress: Report,
        stopped: Check,
    ) -> Comparison | None:
        looks = []
        for at, number in enumerate(numbers):
            progress(at, len(numbers))
            if stopped():
                return None
            looks.append(question.answer(*self._engine(project, number)))
        (one, left), (other, right) = looks
        return Comparison(one, other, float((left == right).mean()))

    def _question(self) -> Question | None:
        """Return what every version is asked; None without an image or a word."""
        state = self._state
        rows = tuple(row for row in state.words if row.id not in state.hidden)
        if state.image is None or state.pixels is None or not rows:
            return None
        return Question(
            state.pixels,
            state.image.digest,
            tuple(row.word for row in rows),
            tuple(row.id for row in rows),
            tuple(row.colour for row in rows),
            state.templates,
            state.threshold,
        )

    def _offer(self, view: ComparingView, rows: list[VersionRow]) -> None:
        listed = [(BUNDLED, tr("mini (bundled)")), *((row.id, row.name) for row in rows)]
        active = next((row for row in rows if row.active), None)
        second = active.id if active is not None else BUNDLED
        parents = {row.name: row.id for row in rows}
        first = parents.get(active.parent or "", BUNDLED) if active is not None else BUNDLED
        if first == second:
            first = next((number for number, _ in listed if number != second), first)
        view.show_versions(listed, first, second)
        self.compare(first, second)

    def _engine(self, project: Project, number: int) -> tuple[str, Engine]:
        """Return the engine of a version: the one that speaks, where it is that one."""
        from cascadeclip.core.engine.models import bundled_model, version_folder

        row = next((one for one in project.versions.all() if one.id == number), None)
        speaking, active = self._state.engine, project.versions.active()
        name = "mini" if row is None else row.name
        if speaking is not None and number == (BUNDLED if active is None else active.id):
            return name, speaking
        folder = bundled_model() if row is None else version_folder(project.folder, row)
        return name, self._open(folder, self._device)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop.set()
            self._task = None


def _open(folder: Path, device: str) -> Engine:
    from cascadeclip.core.engine.models import open_model

    return open_model(folder, device)


def seen(
    name: str,
    pixels: NDArray[np.uint8],
    found: tuple[Suggestion, ...],
    colours: dict[int, str],
) -> Seen:
    """Draw suggestions on an image HxWx3, about SIDE pixels a side."""
    height, width = pixels.shape[:2]
    factor = min(LARGEST, SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    picture = np.array(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)
    covered = np.zeros(picture.shape[:2], bool)
    for one in reversed(found):  # the surest ones on top
        mask = _small(one, factor, covered.shape)
        covered |= mask
        colour = np.array(_rgb(colours.get(one.class_id, "#8a8a8a")), np.float32)
        picture[mask] = (picture[mask] * (1 - FILL) + colour * FILL).astype(np.uint8)
        outlines, _ = cv2.findContours(
            mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE
        )
        cv2.drawContours(picture, outlines, -1, tuple(map(int, colour)), 2, cv2.LINE_AA)
    mean = float(np.mean([one.score for one in found])) if found else 0.0
    return Seen(name, picture, len(found), mean, float(covered.mean()))


def _small(one: Suggestion, factor: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    top, left, part = masks.decode_box(one.rle)
    mask = np.zeros(shape, bool)
    rows = ((np.arange(shape[0]) + 0.5) / factor).astype(int) - top
    columns = ((np.arange(shape[1]) + 0.5) / factor).astype(int) - left
    down = np.flatnonzero((rows >= 0) & (rows < part.shape[0]))
    across = np.flatnonzero((columns >= 0) & (columns < part.shape[1]))
    mask[np.ix_(down, across)] = part[np.ix_(rows[down], columns[across])]
    return mask


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
