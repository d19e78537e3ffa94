"""One course: images are corrected through the tool, it learns from them, others measure it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from cascadeclip.core import masks
from cascadeclip.core.project import Project
from cascadeclip.core.regions import label_map, suggest
from cascadeclip.core.shaping.sight import look as prepare
from cascadeclip.train.events import Finished
from cascadeclip.train.material import SPLIT_SETTING
from cascadeclip.train.metrics import ConfusionMatrix
from cascadeclip.train.recipes import Recipe
from cascadeclip.train.simulate.annotator import Work, annotate
from cascadeclip.train.simulate.cases import Case, World
from cascadeclip.train.simulate.eyes import Eyes
from cascadeclip.train.simulate.hand import STEADY, Hand
from cascadeclip.train.version import NothingChanged

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.core.project.rows import ImageRow
    from cascadeclip.core.values import Suggestion, Word

THRESHOLD = 0.5
UNTOUCHED = 12

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what one state of the tool costs and gives on the images that only measure.

    `works` holds, image by image, actions, seconds, whether nothing had to be mended and whether
    it ended at the cap, over all words, by the tools of the protocol: renaming, points, brush and
    polygon. `taught` are the actions so for the corrected words alone, `boxed` those for all words
    where things may be boxed as well; none where the hand has nothing but polygons.
    `miou` runs over all words, `iou` is per word, `guard` over the words known before (0..1).
    """

    name: str
    works: list[dict[str, float]]
    taught: list[int]
    boxed: list[int]
    iou: dict[str, float]
    guard: float | None = None
    seconds: float = 0.0
    activated: bool = True
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def miou(self) -> float:
        """Return the mean over words."""
        return float(np.mean(list(self.iou.values()))) if self.iou else 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what a course does: corrected images at which it learns, how, and with which errors.

    `noise` is the chance that a suggestion is accepted under a wrong word, `hand` how the
    annotator draws; every image has its own errors.
    """

    after: tuple[int, ...]
    recipe: Recipe
    noise: float = 0.0
    hand: Hand = STEADY


def observe(
    world: World,
    name: str,
    engine: Engine | None,
    *,
    hand: Hand = STEADY,
    tools: Engine | None = None,
    guard: bool = False,
    **more: Any,  # noqa: ANN401
) -> Measured:
    """Let the annotator work on the test images from what `engine` suggests, or from nothing.

    Without suggestions the window's tools may still see what the tower of `tools` sees, though no
    word's map.
    """
    matrix = ConfusionMatrix(len(world.words) + 1)
    works, taught, boxed = [], [], list[int]()
    known = [i for i, word in enumerate(world.words) if word.name not in world.never]
    for number, case in enumerate(world.test):
        seen = _seen(engine, tools, case, world.words)
        own = replace(hand, seed=number, boxes=False)
        works.append(_annotated(world, case, seen, range(len(world.words)), own))
        taught.append(_annotated(world, case, seen, known, own) if world.never else works[-1])
        if not hand.bare:
            own = replace(own, boxes=True)
            boxed.append(_annotated(world, case, seen, range(len(world.words)), own).actions)
        if engine is not None:
            matrix.add(*_pair(engine, case, world.words))
    iou = matrix.iou()[: len(world.words)]
    return Measured(
        name=name,
        works=[_told(work) for work in works],
        taught=[work.actions for work in taught],
        boxed=boxed,
        iou={w.name: float(v) for w, v in zip(world.words, iou, strict=True) if not np.isnan(v)}
        if engine is not None
        else {},
        guard=_guarded(world, engine) if guard and engine is not None else None,
        **more,
    )


def _told(work: Work) -> dict[str, float]:
    mended = set(work.counts) - {"look", "accept"}
    return {
        "actions": work.actions,
        "seconds": work.seconds,
        "untouched": float(not mended),
        "capped": float(work.capped),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Hold what the window offers on an image: suggestions, and what its tools go by."""

    found: tuple[Suggestion, ...] = ()
    eyes: Eyes | None = None


def look(engine: Engine, case: Case, words: Sequence[Word]) -> Seen:
    """Return what the window offers for an image, word indices as the suggestions' classes."""
    encoded = engine.encode(case.image, case.name)
    maps = engine.scores(encoded, words)
    found = suggest(maps, range(len(words)), threshold=THRESHOLD, image=case.image)
    sight = prepare(engine.patches(encoded), case.image)
    return Seen(found, Eyes(sight, dict(enumerate(maps.probabilities))))


def _seen(engine: Engine | None, tools: Engine | None, case: Case, words: Sequence[Word]) -> Seen:
    if engine is not None:
        return look(engine, case, words)
    if tools is None:
        return Seen()
    sight = prepare(tools.patches(tools.encode(case.image, case.name)), case.image)
    return Seen(eyes=Eyes(sight, {}))


def _annotated(world: World, case: Case, seen: Seen, words: Sequence[int], hand: Hand) -> Work:
    found = tuple(one for one in seen.found if one.class_id in words)
    return annotate(case.labels, found, words, eyes=seen.eyes, enough=world.enough, hand=hand)


def _pair(engine: Engine, case: Case, words: Sequence[Word]) -> tuple[np.ndarray, np.ndarray]:
    maps = engine.scores(engine.encode(case.image, case.name), words)
    answer = label_map(maps, threshold=THRESHOLD, image=case.image)
    return case.labels, np.where(answer < 0, len(words), answer)


def _guarded(world: World, engine: Engine) -> float | None:
    if not world.guard:
        return None
    matrix = ConfusionMatrix(len(world.guard_words) + 1)
    for case in world.guard:
        matrix.add(*_pair(engine, case, world.guard_words))
    values = matrix.iou()[: len(world.guard_words)]
    return float(np.nanmean(values))


class Course:
    """Correct images of the pool in one order, in a project of its own, and learn from them."""

    def __init__(self, world: World, plan: Plan, order: int, folder: Path, log: Log) -> None:
        self._world, self._plan, self._log = world, plan, log
        self._rng = np.random.default_rng(order)
        self._seed = order
        self._folder = folder

    def run(self) -> list[Measured]:
        """Return one entry for each number of corrected images."""
        shutil.rmtree(self._folder, ignore_errors=True)
        order = self._rng.permutation(len(self._world.pool))
        corrected, rest = order[: max(self._plan.after)], order[max(self._plan.after) :]
        found: list[Measured] = []
        with Project.create(self._folder) as project:
            project.classes.set_vocabulary(self._world.words)
            if self._world.never:
                project.settings.set("training.reviewed", "partial")
            rows = self._add(project, [*corrected, *rest[:UNTOUCHED]])
            done = 0
            for count in sorted(self._plan.after):
                engine = _open(project)
                for place in range(done, count):
                    self._correct(project, rows[place], self._world.pool[order[place]], engine)
                done = count
                found.append(self._learn(project, count))
        return found

    def _add(self, project: Project, places: Sequence[int]) -> list[ImageRow]:
        rows = []
        for number, place in enumerate(places):
            path = self._folder / f"{number:04}.png"
            cv2.imwrite(str(path), self._world.pool[place].image[..., ::-1])
            rows.append(project.images.add(path))
        return rows

    def _correct(self, project: Project, row: ImageRow, case: Case, engine: Engine) -> None:
        """Do what a person does with one image, by the calls of the window."""
        words = [i for i, w in enumerate(self._world.words) if w.name not in self._world.never]
        ids = [one.id for one in project.classes.all()]
        seen = look(engine, case, self._world.words)
        hand, enough = replace(self._plan.hand, seed=row.id), self._world.enough
        found = seen.found
        work = annotate(case.labels, found, words, eyes=seen.eyes, enough=enough, hand=hand)
        mine = [replace(one, class_id=ids[one.class_id]) for one in found]
        offered = project.suggestions.replace(row.id, mine, engine.version)
        final = self._mistaken(work, found, words)
        taken = [at for at in work.accepted if at not in work.renamed]
        made = project.suggestions.accept_many([offered[at].id for at in taken])
        for at in (*work.rejected, *work.renamed):
            project.suggestions.reject(offered[at].id)
        self._settle(project, row, final, dict(zip(taken, made, strict=True)), found, ids)
        project.images.set_status(row.id, "reviewed")

    def _mistaken(
        self, work: Work, found: Sequence[Suggestion], words: Sequence[int]
    ) -> np.ndarray:
        """Give a few accepted suggestions a wrong word, as hurried people do."""
        final = work.labels.copy()
        for at in list(work.accepted):
            if self._rng.random() < self._plan.noise:
                final[masks.decode(found[at].rle)] = self._rng.choice(words)
                work.renamed.setdefault(at, -1)
        return final

    @staticmethod
    def _settle(
        project: Project,
        row: ImageRow,
        final: np.ndarray,
        made: dict[int, Any],
        found: Sequence[Suggestion],
        ids: Sequence[int],
    ) -> None:
        """Edit what was accepted until the project holds the final masks."""
        left = final.copy()
        for at, annotation in made.items():
            word = found[at].class_id
            mask = masks.decode(annotation.rle) & (left == word)
            left[mask] = -1
            if mask.any():
                project.annotations.edit(annotation.id, mask)
            else:
                project.annotations.delete(annotation.id)
        for word in set(np.unique(left)) - {-1}:
            project.annotations.add(row.id, ids[word], left == word)

    def _learn(self, project: Project, count: int) -> Measured:
        started, spent = time.monotonic(), time.process_time()
        activated, reason = _retrained(project, self._plan.recipe, self._seed)
        seconds = time.process_time() - spent
        self._log(
            f"order {self._seed}, {count} images: {reason} "
            f"{seconds:.0f} s of CPU, {time.monotonic() - started:.0f} s on the clock"
        )
        return observe(
            self._world,
            f"after {count}",
            _open(project),
            hand=self._plan.hand,
            guard=True,
            seconds=seconds,
            activated=activated,
            reason=reason,
        )


def _retrained(project: Project, recipe: Recipe, seed: int) -> tuple[bool, str]:
    """Learn, and tell whether the new version is in use, and why; there may be nothing to learn."""
    from cascadeclip.train.job import Job
    from cascadeclip.train.retrain import retrain

    job = Job(recipe, device="cpu", seed=seed)
    try:
        finished = retrain(project, job, lambda event: None, lambda: False)
    except NothingChanged as error:
        return False, str(error)
    _register(project, finished)
    return finished.activate, finished.reason


def _open(project: Project) -> Engine:
    from cascadeclip.core.engine.models import open_engine

    return open_engine(project, "cpu")


def _register(project: Project, finished: Finished) -> None:
    """Use the new version where its own run found it better, as the window does."""
    folder = Path(finished.folder)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    row = project.versions.add(
        folder.name, folder=folder, parent=run["parent"], recipe=run["recipe"],
        metrics={**run["metrics"], "activate": finished.activate, "reason": finished.reason},
    )  # fmt: skip
    project.settings.set(SPLIT_SETTING, run["split"])
    if finished.activate:
        project.versions.activate(row.id)


def scrambled(model: LoadedModel, seed: int) -> LoadedModel:
    """Return the model with decoders of random weights: it must save nobody any work."""
    import copy

    import torch

    torch.manual_seed(seed)
    network = copy.deepcopy(model.network)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.startswith("decoders.") and value.dim() > 1:
                value.normal_(0, float(value.std()))
    return replace(model, network=network)
