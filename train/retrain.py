"""One retraining of a project, from its corrections to a new version of the model."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.train.data.corrections import Correction, Corrections, collect
from cascadeclip.train.data.split import Split, split_images, validation_part
from cascadeclip.train.data.views import View, cut_views, plan_cuts
from cascadeclip.train.evaluate import Quality, measure, threshold_of
from cascadeclip.train.events import (
    Emit,
    Finished,
    Measured,
    Phase,
    Step,
    Stopped,
    StoppedByRequest,
)
from cascadeclip.train.gate import Verdict, choose_share, judge
from cascadeclip.train.recipes import Recipe

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel, ModelInfo
    from cascadeclip.core.project import Project
    from cascadeclip.train.loop import Lesson, Trainer

SPLIT_SETTING = "training.split"


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what is asked for: recipe, device, seed, and the new version's folder if given."""

    recipe: Recipe
    device: str = "auto"
    seed: int = 0
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Hold the corrections of a project and the side each image stands on."""

    corrections: Corrections
    split: Split
    fit: tuple[Correction, ...]
    choose: tuple[Correction, ...]
    held_out: tuple[Correction, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Taught:
    """Hold a trainer after its run, the loss of every step and the number of views."""

    trainer: Trainer
    losses: list[float]
    views: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold everything that is written about a finished run besides the weights."""

    before: Quality
    after: Quality
    verdict: Verdict
    share: float
    validation: dict[float, float]
    taught: Taught
    seconds: float


def retrain(project: Project, job: Job, emit: Emit, stopped: Stopped) -> Finished:
    """Train on the corrected images and write a version; the project itself is only read.

    Measures before and after on the same images, none of which is trained on or chosen with.
    Raises TrainingFailed with a sentence where there is too little to learn from, and
    StoppedByRequest as soon as `stopped` answers true; neither leaves anything behind.
    """
    started = time.monotonic()
    material = gather(project, emit)
    emit(Phase("loading the model"))
    _check(stopped)
    parent = _parent(project)
    measuring = _Measuring(material, job.device, stopped)
    emit(Phase(f"measuring before on {len(material.held_out)} images never trained on"))
    before = measuring.held_out(parent)
    emit(Measured("before", before.miou, before.per_word))
    taught = _learn(parent, material, job, emit, stopped)
    emit(Phase("choosing how far to go"))
    child = replace(parent, network=taught.trainer.network)
    share, validation = choose_share(lambda one: measuring.blended(taught.trainer, child, one))
    taught.trainer.blend(share)
    child = replace(child, info=_child_info(parent, material, project, job))
    emit(Phase("measuring after"))
    after = measuring.held_out(child)
    emit(Measured("after", after.miou, after.per_word))
    verdict = judge(before, after, _corrected_names(material))
    seconds = time.monotonic() - started
    outcome = Outcome(before, after, verdict, share, validation, taught, seconds)
    emit(Phase("writing"))
    _check(stopped)
    folder = write_version(project, child, job, describe(project, job, material, outcome))
    return Finished(str(folder), verdict.activate, verdict.reason, before.miou, after.miou)


def _parent(project: Project) -> LoadedModel:
    """Load the model to go on from; refuse one that cannot learn before anything is measured."""
    from cascadeclip.core.engine.models import active_model
    from cascadeclip.core.model import load_model

    parent = load_model(active_model(project))
    return replace(parent, network=parent.cascade)


def gather(project: Project, emit: Emit) -> Material:
    """Read the corrections and divide the images; needs no network."""
    emit(Phase("collecting"))
    corrections = collect(project)
    emit(Phase(f"splitting {len(corrections.images)} {corrections.source}"))
    frozen = project.settings.get(SPLIT_SETTING)
    split = split_images((image.digest for image in corrections.images), frozen)
    fit, choose = validation_part(split.train)
    material = Material(
        corrections=corrections,
        split=split,
        fit=corrections.of(fit),
        choose=corrections.of(choose),
        held_out=corrections.of(split.held_out),
        threshold=threshold_of(project),
    )
    if not corrections.corrected(material.fit):
        raise TrainingFailed(
            "The images to learn from hold no mask; correct and review some more images."
        )
    return material


def _learn(
    parent: LoadedModel, material: Material, job: Job, emit: Emit, stopped: Stopped
) -> Taught:
    from cascadeclip.core.engine.devices import choose_device
    from cascadeclip.train.loop import Trainer

    device = choose_device(job.device).type
    lesson = _lesson(parent, material, job)
    trainer = Trainer(parent, lesson, job.recipe, device=device, seed=job.seed)
    emit(Phase(f"caching views of {len(material.fit)} images"))
    views = trainer.cache(_views(trainer, material.fit, job), stopped)
    _check(stopped)
    if views == 0:
        raise TrainingFailed(
            "Nothing in the images to learn from is marked or rejected; correct some more images."
        )
    emit(Phase(f"training on {views} views"))
    losses = trainer.run(lambda step, total, loss: emit(Step(step, total, loss)), stopped)
    _check(stopped)
    return Taught(trainer, losses, views)


def _lesson(parent: LoadedModel, material: Material, job: Job) -> Lesson:
    from cascadeclip.train.loop import Lesson

    words = material.corrections.words
    corrected = material.corrections.corrected(material.fit)
    untouched = [
        phrase
        for index, word in enumerate(words)
        if index not in corrected
        for phrase in word.phrases
    ]
    own = {phrase.casefold() for word in words for phrase in word.phrases}
    others = sorted({word for word in parent.info.trained_words if word.casefold() not in own})
    room = max(0, job.recipe.strangers - len(untouched))
    drawn = np.random.default_rng(job.seed).permutation(len(others))[:room]
    return Lesson(
        words=tuple(word.phrases for word in words),
        shy=frozenset(index for index, word in enumerate(words) if word.negative),
        strangers=(*untouched, *(others[int(index)] for index in sorted(drawn))),
    )


def _views(trainer: Trainer, images: tuple[Correction, ...], job: Job) -> Iterator[View]:
    size, room = trainer.size, job.recipe.cache_bytes // trainer.view_bytes
    count = max(1, min(job.recipe.views, room // max(1, len(images))))
    rng = np.random.default_rng(job.seed)
    for image in images:
        cuts = plan_cuts(image.height, image.width, size, count=count, rng=rng)
        yield from cut_views(open_image(image.path), image.truth(), size, cuts)


class _Measuring:
    """Measure models of one run; a stop in between raises, so that no half figure is used."""

    def __init__(self, material: Material, device: str, stopped: Stopped) -> None:
        self._material = material
        self._device = device
        self._stopped = stopped

    def held_out(self, model: LoadedModel) -> Quality:
        return self._measure(model, self._material.held_out, edges=True)

    def blended(self, trainer: Trainer, model: LoadedModel, share: float) -> float:
        trainer.blend(share)
        return self._measure(model, self._material.choose, edges=False).miou

    def _measure(
        self, model: LoadedModel, images: tuple[Correction, ...], *, edges: bool
    ) -> Quality:
        from cascadeclip.core.engine import Engine

        words = self._material.corrections.words
        quality = measure(
            Engine(model, device=self._device),
            images,
            words,
            threshold=self._material.threshold,
            edges=edges,
            stopped=self._stopped,
        )
        _check(self._stopped)
        return quality


def _corrected_names(material: Material) -> tuple[str, ...]:
    words = material.corrections.words
    return tuple(words[index].name for index in material.corrections.corrected(material.fit))


def _child_info(parent: LoadedModel, material: Material, project: Project, job: Job) -> ModelInfo:
    known = {word.casefold() for word in parent.info.trained_words}
    learnt = [name for name in _corrected_names(material) if name.casefold() not in known]
    return replace(
        parent.info,
        version=_version_name(project, job),
        parent=parent.info.version,
        trained_words=(*parent.info.trained_words, *learnt),
    )


def _version_name(project: Project, job: Job) -> str:
    return job.out.name if job.out is not None else next_name(project)


def next_name(project: Project) -> str:
    """Return the first of v1, v2, ... that neither a folder nor a registered version has."""
    taken = {row.name for row in project.versions.all()}
    folder = project.folder / "models"
    if folder.is_dir():
        taken |= {entry.name for entry in folder.iterdir()}
    number = 1
    while f"v{number}" in taken:
        number += 1
    return f"v{number}"


def describe(project: Project, job: Job, material: Material, outcome: Outcome) -> dict[str, Any]:
    """Return what run.json holds: enough to repeat the run and to judge it."""
    active = project.versions.active()
    return {
        "name": _version_name(project, job),
        "parent": active.name if active is not None else None,
        "recipe": job.recipe.name,
        "config": asdict(job.recipe),
        "seed": job.seed,
        "device": job.device,
        "source": material.corrections.source,
        "words": [word.name for word in material.corrections.words],
        "corrected": list(_corrected_names(material)),
        "threshold": material.threshold,
        "split": {"train": list(material.split.train), "held_out": list(material.split.held_out)},
        "images": {
            "fitted": [image.image_id for image in material.fit],
            "chosen_on": [image.image_id for image in material.choose],
            "held_out": [image.image_id for image in material.held_out],
        },
        "metrics": {
            "before": asdict(outcome.before),
            "after": asdict(outcome.after),
            "share": outcome.share,
            "validation": {str(share): miou for share, miou in outcome.validation.items()},
            "views": outcome.taught.views,
            "encoder_passes": outcome.taught.trainer.passes,
            "seconds": round(outcome.seconds, 1),
        },
        "losses": outcome.taught.losses,
        "activate": outcome.verdict.activate,
        "reason": outcome.verdict.reason,
    }


def write_version(project: Project, child: LoadedModel, job: Job, run: dict[str, Any]) -> Path:
    """Write weights and run.json beside their place, then move the folder there as a whole.

    Raises TrainingFailed when the place is taken or cannot be written.
    """
    from cascadeclip.core.model import save_model

    final = job.out or project.folder / "models" / run["name"]
    working = final.with_name(f".{final.name}-{os.getpid()}")
    if final.exists():
        raise TrainingFailed(f"{final} exists already, and versions never change; choose another.")
    try:
        working.mkdir(parents=True)
        save_model(working, child.network, child.text, child.info)
        text = json.dumps(run, indent=1, ensure_ascii=False)
        (working / "run.json").write_text(text + "\n", encoding="utf-8")
        working.rename(final)
    except OSError as error:
        raise TrainingFailed(
            f"The new version could not be written ({error.strerror or error}); "
            "check the space and the permissions of the project folder."
        ) from error
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return final


def _check(stopped: Stopped) -> None:
    if stopped():
        raise StoppedByRequest("Training was stopped; the model in use has not changed.")
