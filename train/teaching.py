"""The deed of training: weights learn, and how far to go with them is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.vocabulary import phrase_key
from cascadeclip.train.cutting import cut_fitted, cut_rehearsed, cut_watched
from cascadeclip.train.events import Checked, Phase, Step
from cascadeclip.train.gate import SHARES, Tried, choose_share
from cascadeclip.train.job import Job, Run, Taught
from cascadeclip.train.material import Material
from cascadeclip.train.measuring import Fitted, check

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.train.lesson import Lesson
    from cascadeclip.train.loop import Trainer


def teach(parent: LoadedModel, run: Run) -> Taught:
    """Train on a run's images, and return the weights between parent and child that do best."""
    trainer, losses, views = train(parent, run)
    run.emit(Phase("choosing how far to go"))
    found: dict[float, Fitted] = {}
    child = replace(parent, network=trainer.network, text=trainer.text)

    def tried(share: float) -> Tried:
        trainer.blend(share)
        found[share] = run.examiner.calibrated(child, run.material.choose)
        info = replace(child.info, adjusted=tuple(found[share].adjusted))
        agreement = run.examiner.agreement(replace(child, info=info), parent)
        return Tried(found[share].miou, agreement)

    least = run.examiner.calibrated(parent, run.material.choose).miou
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


def train(parent: LoadedModel, run: Run) -> tuple[Trainer, list[float], int]:
    """Train; return the trainer, the loss of every step and the number of views.

    Raise TrainingFailed where there is nothing to learn from.
    """
    from cascadeclip.core.engine.devices import choose_device
    from cascadeclip.train.loop import Trainer

    job, material = run.job, run.material
    device, peers = choose_device(job.device).type, job.peers
    if not peers.alike(run.notebook.key):
        raise TrainingFailed("The project changed while it was read; start the training again.")
    stopped, lesson = peers.agreed(run.stopped), lesson_of(parent, material, job)
    trainer = Trainer(parent, lesson, job.recipe, device=device, seed=job.seed, peers=peers)
    run.emit(Phase(f"caching views of {len(material.fit)} images"))
    views = trainer.cache(cut_fitted(trainer, material, job), run.stopped)
    check(stopped)
    if views == 0:
        raise TrainingFailed(
            "Nothing in the images to learn from is marked or rejected; correct some more images."
        )
    views = trainer.cache(cut_rehearsed(trainer, material, job), run.stopped)
    check(stopped)
    trainer.watch(cut_watched(trainer, material, job))
    check(stopped)
    state = peers.told(run.notebook.read())
    gone = "" if state is None else f", going on from step {len(state['losses'])}"
    run.emit(Phase(f"training on {views} views{gone}"))
    losses = trainer.run(
        lambda step, total, loss: run.emit(Step(step, total, loss)),
        stopped,
        on_check=lambda step, total, loss: run.emit(Checked(step, total, loss)),
        state=state,
        keep=run.notebook,
        enough=peers.agreed(job.enough),
        say=lambda text: run.emit(Phase(text)),
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
