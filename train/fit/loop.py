"""The training loop: flat, resumable, alike on one process and on several."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.dropout import part_of
from cascadeclip.train.data.augment import Augmentation
from cascadeclip.train.data.labelled import LabelledSet
from cascadeclip.train.events import Emit, Step, Stopped
from cascadeclip.train.fit.batches import Part, read_parts
from cascadeclip.train.fit.config import FitConfig, rate_at
from cascadeclip.train.fit.learner import Learner, total
from cascadeclip.train.fit.start import fit_logits
from cascadeclip.train.fit.state import Saved, load_state, save_state
from cascadeclip.train.fit.task import make_task
from cascadeclip.train.losses import present_pairs
from cascadeclip.train.parallel import Peers

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Hold what is learnt from: examples, their words' embeddings CxE, how crops are cut."""

    examples: LabelledSet
    words: Tensor
    crops: Augmentation


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Say where a run computes and keeps its state: device, fellow processes, folder or None."""

    device: torch.device
    peers: Peers = field(default_factory=Peers)
    folder: Path | None = None


class Fitter:
    """Train a network on a lesson, step by step; the network's weights change in place.

    Attributes:
        step: how many steps are done.
        losses: the loss of every step done by this object.
    """

    def __init__(
        self, network: CascadeCLIP, lesson: Lesson, config: FitConfig, place: Place
    ) -> None:
        self.config, self.place, self.lesson = config, place, lesson
        task = make_task(config.setting, len(lesson.examples.words), lesson.examples.seen)
        self.learner = Learner(network, lesson.words, task, config).to(place.device)
        self.trained = self.learner.trained()
        self._optimiser = torch.optim.AdamW(
            self.trained.values(), lr=config.rate, weight_decay=config.decay, fused=True
        )
        self._scaler = torch.amp.GradScaler(place.device.type, enabled=config.amp == "fp16")
        self.step = 0
        self.losses: list[float] = []

    def begin(self) -> None:
        """Set scale and bias of the logits, where there are any, on the first images of the run.

        For a fresh network that starts as word against patch (`start`); at random there is
        nothing yet to be set by.
        """
        if self.config.start == "text":
            whole = replace(self.config, accumulate=1)  # the same images however a step is divided
            images, labels = next(
                read_parts(self.lesson.examples, self.lesson.crops, whole, Peers())
            )
            targets = self.learner.task.targets(labels).to(self.place.device)
            images = images.to(self.place.device)
            fit_logits(self.learner.network, self.learner.words, images, targets)

    def resume(self) -> bool:
        """Go on from the folder's state; tell whether there was one."""
        if self.place.folder is None:
            return False
        saved = load_state(self.place.folder, self.config)
        if saved is None:
            return False
        with torch.no_grad():
            for name, value in self.trained.items():
                value.copy_(saved.weights[name])
        self._optimiser.load_state_dict(saved.optimiser)
        self._scaler.load_state_dict(saved.scaler)
        self.step = saved.step
        return True

    def save(self) -> None:
        """Write the state, where this process leads and the run has a folder."""
        if self.place.folder is None or not self.place.peers.leads:
            return
        weights = {name: value.detach().cpu() for name, value in self.trained.items()}
        saved = Saved(
            self.step, weights, self._optimiser.state_dict(), dict(self._scaler.state_dict())
        )
        save_state(self.place.folder, self.config, saved)

    def parts(self) -> Iterator[Part]:
        """Yield this process's images and stored labels from the current step on."""
        lesson = self.lesson
        return read_parts(
            lesson.examples, lesson.crops, self.config, self.place.peers, start=self.step
        )

    def run(self, emit: Emit, stopped: Stopped, at: Callable[[int], None] | None = None) -> bool:
        """Train to the end; return whether it was reached, False after a stop (state written).

        `at` is called with every number of steps done, the network in training mode.
        """
        module = self.place.peers.wrap(self.learner, self.place.device)
        parts = self.parts()
        self.learner.train()
        while self.step < self.config.steps:
            if self.place.peers.any(stopped()):
                self.save()
                return False
            loss = self._step(module, [next(parts) for _ in range(self.config.accumulate)])
            self.step += 1
            self.losses.append(loss)
            emit(Step(self.step, self.config.steps, loss))
            if self.step % self.config.save_every == 0:
                self.save()
            if at is not None:
                at(self.step)
        self.learner.eval()
        self.save()
        return True

    def _step(self, module: nn.Module, parts: list[Part]) -> float:
        config, place = self.config, self.place
        for group in self._optimiser.param_groups:
            group["lr"] = rate_at(config, self.step)
        self._optimiser.zero_grad(set_to_none=True)
        batch = [
            (images.to(place.device), self.learner.task.targets(labels).to(place.device))
            for images, labels in parts
        ]
        pairs = None if self.learner.task.self_training else self._pairs(batch)
        whole = torch.zeros((), device=place.device)
        for number, (images, targets) in enumerate(batch):
            last = number == len(batch) - 1
            with self._chance(number), _synchronised(module, last=last), self._autocast():
                loss = self._loss(module, images, targets, pairs)
            with _synchronised(module, last=last):
                self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            whole += loss.detach()
        self._update()
        return float(place.peers.mean(whole))

    def _loss(
        self, module: nn.Module, images: Tensor, targets: Tensor, pairs: Tensor | None
    ) -> Tensor:
        share = 1 / self.config.accumulate
        losses = module(images, targets, pairs, share)
        # Self-training knows its pairs only after the forward pass: each part counts its own.
        return total(losses) * (share if pairs is None else 1)

    def _chance(self, number: int) -> contextlib.AbstractContextManager[None]:
        """Let part `number` of a step drop out what the whole step would.

        Chance belongs to the step, not to what ran before it: a run can go on anywhere.
        """
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        peers, batch = self.place.peers, self.config.batch
        apart = self.config.accumulate * peers.count
        if apart == 1:
            return contextlib.nullcontext()
        return part_of(range(number * peers.count + peers.rank, batch, apart), batch)

    def _pairs(self, batch: list[Part]) -> Tensor:
        """Count the pairs of the whole step over the processes, per process, at least one."""
        found = torch.stack([present_pairs(targets) for _, targets in batch]).sum()
        return self.place.peers.mean(found).clamp(min=1)

    def _update(self) -> None:
        if self.config.clip_norm:
            self._scaler.unscale_(self._optimiser)
            nn.utils.clip_grad_norm_(self.trained.values(), self.config.clip_norm)
        self._scaler.step(self._optimiser)
        self._scaler.update()

    def _autocast(self) -> contextlib.AbstractContextManager[object]:
        if self.config.amp == "off":
            return contextlib.nullcontext()
        return torch.autocast(self.place.device.type, _TYPES[self.config.amp])


@contextlib.contextmanager
def _synchronised(module: nn.Module, *, last: bool) -> Iterator[None]:
    """Exchange gradients between processes at the last part only."""
    wait = getattr(module, "no_sync", None)
    with contextlib.nullcontext() if last or wait is None else wait():
        yield
