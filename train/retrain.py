"""One retraining of a project, from its corrections to a new version of the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.vocabulary import phrase_key
from cascadeclip.train.cutting import cut_fitted, cut_rehearsed, cut_watched
from cascadeclip.train.evaluate import Quality
from cascadeclip.train.events import (
    Checked,
    Compared,
    Emit,
    Event,
    Finished,
    Measured,
    Phase,
    Step,
    Stopped,
)
from cascadeclip.train.gate import SHARES, Tried, Verdict, choose_share, judge
from cascadeclip.train.material import Material, gather
from cascadeclip.train.measuring import Examiner, Fitted, agreement, check
from cascadeclip.train.notebook import Notebook, key_of
from cascadeclip.train.parallel import Peers
from cascadeclip.train.pictures import draw_worst
from cascadeclip.train.recipes import Deed, Recipe
from cascadeclip.train.version import (
    child_info,
    describe,
    next_name,
    refuse_unchanged,
    write_version,
)

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.core.project import Project
    from cascadeclip.train.lesson import Lesson
    from cascadeclip.train.loop import Trainer

WORST = 5


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what is asked for: recipe, device, seed, and the new version's folder if given.

    `enough` is asked after every step: training ends there, and the rest of the run goes on with
    the best so far. `peers` are the processes that train together; one of them leads.
    """

    recipe: Recipe
    device: str = "auto"
    seed: int = 0
    out: Path | None = None
    enough: Callable[[], bool] = lambda: False
    peers: Peers = Peers()


@dataclass(frozen=True, slots=True)
class Taught:
    """Hold a child before it is named, and how it came about.

    `share` is how far its weights go from the parent's (0) to the trained ones (1), `agreement`
    that of protected words with the parent, `validation` the mIoU by share.
    """

    model: LoadedModel
    share: float = 1.0
    agreement: float = 1.0
    validation: dict[float, float] | None = None
    losses: tuple[float, ...] = ()
    views: int = 0
    passes: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold everything that is written about a finished run besides the weights.

    `parent` names the version the run began from, None for the bundled model.
    """

    before: Quality
    after: Quality
    verdict: Verdict
    taught: Taught
    seconds: float
    parent: str | None = None


def retrain(project: Project, job: Job, emit: Emit, stopped: Stopped) -> Finished:
    """Train on the corrected images and write a version; the project itself is only read.

    Measures before and after on the same images, none of which is trained on or chosen with.
    Raises TrainingFailed with a sentence where there is too little to learn from, and
    StoppedByRequest as soon as `stopped` answers true; neither leaves anything behind but the
    state of the run, which the same run goes on from.
    """
    started = time.monotonic()
    material = gather(project, emit)
    emit(Phase("loading the model"))
    check(stopped)
    parent, came = _parent(project)
    first = _learner(parent, material, job)
    examiner = _examiner(material, job, stopped)
    emit(Phase(f"measuring before on {len(material.held_out)} images never trained on"))
    before = examiner.held_out(parent)
    emit(Measured("before", before.miou, before.per_word))
    hands = _Hands(emit, stopped, _notebook(project, parent, material, job), examiner)
    taught = _learn(parent, first, material, job, hands)
    name = job.out.name if job.out is not None else next_name(project)
    learnt = material.corrected_names if job.recipe.trains else ()
    info = child_info(first.info, name, learnt, taught.model.info.adjusted)
    child = replace(taught.model, info=info)
    emit(Phase("measuring after"))
    after = examiner.held_out(child)
    emit(Measured("after", after.miou, after.per_word))
    emit(compared := compare(material, before, after, taught))
    verdict = judge(before, after, material.corrected_names, taught.agreement)
    outcome = Outcome(before, after, verdict, taught, time.monotonic() - started, came)
    emit(Phase("writing"))
    check(stopped)
    place = job.out or project.folder / "models" / name
    worst = {int(number) for number, _, _ in compared.worst}
    pictures = draw_worst(material, examiner, (parent, child), worst)
    run = describe(project, job, material, outcome)
    folder = write_version(place, child, run, pictures)
    hands.notebook.close()
    return Finished(str(folder), verdict.activate, verdict.reason, before.miou, after.miou)


def assist(project: Project, job: Job, stopped: Stopped) -> None:
    """Train along with the process that leads the same run; measure, say and write nothing."""
    if not job.recipe.trains:
        return
    material = gather(project, _unheard)
    parent, _ = _parent(project)
    notebook, examiner = (
        _notebook(project, parent, material, job),
        _examiner(material, job, stopped),
    )
    hands = _Hands(_unheard, stopped, notebook, examiner)
    _train(_learner(parent, material, job), material, job, hands)


def _unheard(event: Event) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class _Hands:
    """Hold what every part of a run needs to speak, to stop, to be remembered, to measure."""

    emit: Emit
    stopped: Stopped
    notebook: Notebook
    examiner: Examiner


def _parent(project: Project) -> tuple[LoadedModel, str | None]:
    """Load the model to go on from; name the version, None for the bundled model."""
    from cascadeclip.core.engine.models import active_model
    from cascadeclip.core.model import load_model

    active = project.versions.active()
    return load_model(active_model(project)), None if active is None else active.name


def _learner(parent: LoadedModel, material: Material, job: Job) -> LoadedModel:
    """Return what learns; refuse, before anything is measured, what cannot.

    It has neither prototypes nor a classifier of pixels where weights are to learn: they belong to
    patches as they were.
    """
    from cascadeclip.train.cold import learner

    if not job.recipe.trains:
        return parent
    phrases = [phrase for word in material.corrections.words for phrase in word.phrases]
    found = learner(parent, phrases, seed=job.seed, prompts=job.recipe.prompts)
    return replace(found, prototypes=None, pixels=None)


def _examiner(material: Material, job: Job, stopped: Stopped) -> Examiner:
    from cascadeclip.train.memory import Memory

    return Examiner(material, job.device, stopped, None if job.recipe.prompts else Memory())


def _notebook(project: Project, parent: LoadedModel, material: Material, job: Job) -> Notebook:
    run = {
        "parent": parent.info.to_json(),
        "recipe": asdict(job.recipe),
        "seed": job.seed,
        "split": asdict(material.split),
        "words": [asdict(word) for word in material.corrections.words],
        "rehearsed": [image.digest for image in material.rehearsed],
    }
    key = key_of(run, material.corrections.images)
    return Notebook(project.folder / "models", key, writes=job.peers.leads)


def _learn(
    parent: LoadedModel, first: LoadedModel, material: Material, job: Job, hands: _Hands
) -> Taught:
    """Let `first` learn as the recipe says, one deed after the other.

    Raise NothingChanged where nothing would answer otherwise.
    """
    taught = Taught(first)
    for deed in job.recipe.does:
        taught = DEEDS[deed](taught, parent, material, job, hands)
    if not job.recipe.trains:
        refuse_unchanged(parent, taught.model, job.recipe)
    return taught


def _calibrate(
    taught: Taught, parent: LoadedModel, material: Material, job: Job, hands: _Hands
) -> Taught:
    """Say what scores mean, and change nothing else."""
    from cascadeclip.train.prototypes import recalibrate

    hands.emit(Phase("calibrating"))
    fitted = recalibrate(parent, material, hands.examiner)
    info = replace(parent.info, adjusted=tuple(fitted.adjusted))
    return replace(taught, model=replace(parent, info=info))


def _remember(
    taught: Taught, parent: LoadedModel, material: Material, job: Job, hands: _Hands
) -> Taught:
    """Show the marked regions, and change no weight."""
    from cascadeclip.train.prototypes import remember

    images = (*material.fit, *material.choose)
    hands.emit(Phase(f"showing the marked regions of {len(images)} images"))
    found = remember(parent, parent, material, hands.examiner, images)
    return Taught(found.model, agreement=found.agreement, validation=dict(found.validation))


def _perceive(
    taught: Taught, parent: LoadedModel, material: Material, job: Job, hands: _Hands
) -> Taught:
    """Teach a classifier of the marked pixels, and change no weight."""
    from cascadeclip.train.pixels import learn

    images = len(material.fit) + len(material.choose)
    hands.emit(Phase(f"learning the marked pixels of {images} images"))
    found = learn(taught.model, parent, material, hands.examiner, job.seed)
    if found.model.pixels is None:
        return replace(taught, model=found.model)
    validation = taught.validation or dict(found.validation)
    return replace(taught, model=found.model, agreement=found.agreement, validation=validation)


def _train_weights(
    taught: Taught, parent: LoadedModel, material: Material, job: Job, hands: _Hands
) -> Taught:
    """Train; where the parent's prototypes had to be laid down, show the regions again."""
    from cascadeclip.train.prototypes import remember

    first = taught.model
    taught = _teach(first, material, job, hands)
    if parent.prototypes is None:
        return taught
    hands.emit(Phase("showing the marked regions again"))
    found = remember(taught.model, first, material, hands.examiner, material.choose)
    if not found.helps:
        return taught
    return replace(taught, model=found.model, agreement=found.agreement)


DEEDS: Mapping[Deed, Callable[[Taught, LoadedModel, Material, Job, _Hands], Taught]] = {
    "scores": _calibrate,
    "regions": _remember,
    "weights": _train_weights,
    "pixels": _perceive,
}


def _teach(parent: LoadedModel, material: Material, job: Job, hands: _Hands) -> Taught:
    trainer, losses, views = _train(parent, material, job, hands)
    hands.emit(Phase("choosing how far to go"))
    found: dict[float, Fitted] = {}
    child = replace(parent, network=trainer.network, text=trainer.text)
    parents = hands.examiner.protected(parent, parent)

    def tried(share: float) -> Tried:
        trainer.blend(share)
        found[share] = hands.examiner.calibrated(child, material.choose)
        info = replace(child.info, adjusted=tuple(found[share].adjusted))
        answers = hands.examiner.protected(replace(child, info=info), parent)
        return Tried(found[share].miou, agreement(parents, answers))

    least = hands.examiner.calibrated(parent, material.choose).miou
    # with the parent's own weights only the reading of the words is new: nothing else can move
    shares = (*SHARES, 0.0) if trainer.reads else SHARES
    share, measured = choose_share(tried, shares, least=least)
    trainer.blend(share)
    return Taught(
        model=replace(child, info=replace(child.info, adjusted=tuple(found[share].adjusted))),
        share=share,
        agreement=measured[share].agreement,
        validation={one: told.miou for one, told in measured.items()},
        losses=tuple(losses),
        views=views,
        passes=trainer.passes,
    )


def _train(
    parent: LoadedModel, material: Material, job: Job, hands: _Hands
) -> tuple[Trainer, list[float], int]:
    from cascadeclip.core.engine.devices import choose_device
    from cascadeclip.train.loop import Trainer

    device, peers = choose_device(job.device).type, job.peers
    if not peers.alike(hands.notebook.key):
        raise TrainingFailed("The project changed while it was read; start the training again.")
    stopped, lesson = peers.agreed(hands.stopped), lesson_of(parent, material, job)
    trainer = Trainer(parent, lesson, job.recipe, device=device, seed=job.seed, peers=peers)
    hands.emit(Phase(f"caching views of {len(material.fit)} images"))
    views = trainer.cache(cut_fitted(trainer, material, job), hands.stopped)
    check(stopped)
    if views == 0:
        raise TrainingFailed(
            "Nothing in the images to learn from is marked or rejected; correct some more images."
        )
    views = trainer.cache(cut_rehearsed(trainer, material, job), hands.stopped)
    check(stopped)
    trainer.watch(cut_watched(trainer, material, job))
    check(stopped)
    state = peers.told(hands.notebook.read())
    gone = "" if state is None else f", going on from step {len(state['losses'])}"
    hands.emit(Phase(f"training on {views} views{gone}"))
    losses = trainer.run(
        lambda step, total, loss: hands.emit(Step(step, total, loss)),
        stopped,
        on_check=lambda step, total, loss: hands.emit(Checked(step, total, loss)),
        state=state,
        keep=hands.notebook,
        enough=peers.agreed(job.enough),
        say=lambda text: hands.emit(Phase(text)),
    )
    check(stopped)
    return trainer, losses, views


def lesson_of(parent: LoadedModel, material: Material, job: Job) -> Lesson:
    """Return what is to be learnt, and which other phrases must answer as before."""
    from cascadeclip.train.lesson import Lesson

    words = material.corrections.words
    untouched = [phrase for word in material.protected for phrase in word.phrases]
    own = {phrase.casefold() for word in words for phrase in word.phrases}
    others = sorted({word for word in parent.info.trained_words if word.casefold() not in own})
    room = max(0, job.recipe.strangers - len(untouched))
    drawn = np.random.default_rng(job.seed).permutation(len(others))[:room]
    behind = dict.fromkeys(map(phrase_key, parent.info.background))
    taken = set(map(phrase_key, own))
    return Lesson(
        words=tuple(word.phrases for word in words),
        shy=material.shy,
        strangers=(*untouched, *(others[int(index)] for index in sorted(drawn))),
        corrected=frozenset(material.corrected),
        rivals=tuple(one for one in behind if one not in taken),
    )


def compare(material: Material, before: Quality, after: Quality, taught: Taught) -> Compared:
    """Return the table a person decides by."""
    older = dict(before.images)
    worst = sorted(after.images, key=lambda one: one[1])[:WORST]
    corrected = set(material.corrected_names)
    return Compared(
        words={name: [iou, after.per_word.get(name, 0.0)] for name, iou in before.per_word.items()},
        protected=[name for name in before.per_word if name not in corrected],
        boundary=[before.boundary or 0.0, after.boundary or 0.0],
        confused=[list(one) for one in after.confused],
        worst=[[float(number), older.get(number, 0.0), right] for number, right in worst],
        share=taught.share,
        agreement=taught.agreement,
    )
