"""One retraining of a project, from its corrections to a new version of the model."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from cascadeclip.train.deeds import learn
from cascadeclip.train.evaluate import Quality
from cascadeclip.train.events import Compared, Emit, Event, Finished, Measured, Phase, Stopped
from cascadeclip.train.gate import Verdict, judge
from cascadeclip.train.job import Job, Run, Taught
from cascadeclip.train.material import Material, gather
from cascadeclip.train.measuring import Examiner, check
from cascadeclip.train.notebook import Notebook, key_of
from cascadeclip.train.pictures import draw_worst
from cascadeclip.train.teaching import train
from cascadeclip.train.version import child_info, describe, next_name, write_version

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.core.project import Project

WORST = 5


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
    notebook = _notebook(project, parent, material, job)
    run = Run(job, material, emit, stopped, notebook, examiner)
    taught = learn(parent, first, run)
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
    about = describe(project, job, material, outcome)
    folder = write_version(place, child, about, pictures)
    notebook.close()
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
    run = Run(job, material, _unheard, stopped, notebook, examiner)
    train(_learner(parent, material, job), run)


def _unheard(event: Event) -> None:
    """Say nothing."""


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
