"""The training loop: views are encoded once, then only what is trained runs again and again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch

from cascadeclip.core.engine.room import is_out_of_memory
from cascadeclip.core.model import CascadeCLIP, LoadedModel, ModelInfo, TextEncoder
from cascadeclip.train.batch import Batch
from cascadeclip.train.data.views import View, ViewSize
from cascadeclip.train.frugal import Frugal
from cascadeclip.train.learning import Weights, trainable, training
from cascadeclip.train.lesson import Cached, Lesson
from cascadeclip.train.objective import Objective
from cascadeclip.train.parallel import Peers
from cascadeclip.train.reading import READING_FIRST
from cascadeclip.train.recipes import Recipe, rate_at

CELLS_PER_PATCH = 4
ENCODE_BATCH = 8
CHECKS = 20
"""So many times in a run, and before its first step, the watched views are measured."""

OnStep = Callable[[int, int, float], None]
State = dict[str, Any]  # what torch.save takes and a weights-only load gives back


class Keep(Protocol):
    """Describe who may want the state of a run after a step."""

    def __call__(self, state: Callable[[], State], *, last: bool = False) -> None:
        """Call `state` for it, or do not; `last` says that no step follows."""


class Trainer:
    """Train a copy of a network on views; the parent's weights stay untouched.

    With `peers` each process takes its own part of every step; all have to be given the same.

    Attributes:
        network: the copy, in evaluation mode outside `run`.
    """

    def __init__(
        self,
        model: LoadedModel,
        lesson: Lesson,
        recipe: Recipe,
        *,
        device: str,
        seed: int,
        peers: Peers | None = None,
    ) -> None:
        torch.manual_seed(seed)
        self._rng = np.random.default_rng(seed)
        place = torch.device(device)
        self._info, self._recipe, self._peers = model.info, recipe, peers or Peers()
        self.network = copy.deepcopy(model.cascade).to(place).eval()
        self._trained = trainable(self.network, prompts=recipe.prompts)
        self._objective = Objective(self.network, model, lesson, recipe, device=place, seed=seed)
        self._reader = self._objective.reader
        self._cached: list[Cached] = []
        self._watched: list[Cached] = []
        self._child: Weights = {}
        self._parent = {name: value.detach().clone() for name, value in self._trained.items()}

    @property
    def size(self) -> ViewSize:
        """Return the size of the views this network wants."""
        return view_size(self.network, self._info)

    @property
    def passes(self) -> int:
        """Return how many views have gone through the image tower of this process so far."""
        return self._objective.passes

    @property
    def text(self) -> TextEncoder:
        """Return the text tower; after `run` it reads the corrected words."""
        return self._reader.text

    @property
    def reads(self) -> bool:
        """Tell whether words are learnt that the text tower could not read."""
        return bool(self._reader.parameters)

    @property
    def view_bytes(self) -> int:
        """Return about how many bytes one cached view takes."""
        config = self.network.config
        return 2 * len(config.taken) * (self._info.window // config.patch) ** 2 * config.embed

    def cache(self, views: Iterable[View], stopped: Callable[[], bool]) -> int:
        """Encode the views, once each, and keep what training needs; return how many are kept."""
        for some in _groups(views, ENCODE_BATCH):
            if stopped():
                break
            self._cached += self._objective.encode(some)
        return len(self._cached)

    def watch(self, views: Iterable[View]) -> int:
        """Encode views that are never learnt from, for the curve beside the loss; count them."""
        for some in _groups(views, ENCODE_BATCH):
            self._watched += self._objective.encode(some)
        return len(self._watched)

    def run(
        self,
        on_step: OnStep,
        stopped: Callable[[], bool],
        *,
        on_check: OnStep = lambda step, total, loss: None,
        state: State | None = None,
        keep: Keep = lambda state, *, last=False: None,
        enough: Callable[[], bool] = lambda: False,
        say: Callable[[str], None] = lambda text: None,
    ) -> list[float]:
        """Train, and leave the averaged weights in `network`; return the loss of every step.

        After each step `keep` may ask for the state; a run that goes on from such a `state`, with
        the same views, ends as the first one would have. Ends early when `stopped` answers true, or
        `enough` after a step; the average so far is left all the same. `say` gets a phase where
        memory runs out (see `Frugal`), `on_check` the loss on watched views now and then.
        """
        recipe, losses = self._recipe, list[float]()
        optimiser, frugal = self._optimiser(), Frugal(self._recipe.batch, say, self._peers)
        average = {name: value.clone() for name, value in self._parent.items()}
        if state is not None:
            losses = self._restore(state, optimiser, average)
        with training(self.network, self._trained, encoder=recipe.prompts):
            self._try_out(frugal, optimiser)
            check = self._checking(average, frugal, on_check)
            check(len(losses))
            for step in range(len(losses), recipe.steps):
                if stopped() or (losses and enough()):
                    break
                losses.append(self._step(step, optimiser, frugal))
                self._average(average, step)
                done = step + 1
                on_step(done, recipe.steps, losses[-1])
                keep(lambda: self._state(losses, optimiser, average), last=done == recipe.steps)
                check(done)
        self._put(average)
        self._reader.keep()
        self._child = average
        return losses

    def _step(self, step: int, optimiser: torch.optim.Optimizer, frugal: Frugal) -> float:
        recipe = self._recipe
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * rate_at(recipe, step)
        loss = self._gradient(step, optimiser, frugal)
        reading = self.reads and step < READING_FIRST * recipe.steps
        if reading:
            self.network.zero_grad(set_to_none=True)
        optimiser.step()
        if reading:
            self._reader.mark()
        return loss

    def _gradient(self, step: int, optimiser: torch.optim.Optimizer, frugal: Frugal) -> float:
        """Take the gradient of a step over all processes, and return its loss."""
        views, guess = self._draw(), self._recipe.guess
        words = self._objective.choose(views, self._rng)
        guessing = guess > 0 and step >= self._recipe.steps // 2
        batch = Batch(self._objective, views, words, self._peers, guessing=guessing)
        own = frugal.gradient(batch, self._rewinding(optimiser))
        learning = (*self._trained.values(), *self._reader.parameters)
        found = [value.grad for value in learning if value.grad is not None]
        loss = found[0].new_tensor([own])
        self._peers.add_up([*found, loss])
        return float(loss)

    def _try_out(self, frugal: Frugal, optimiser: torch.optim.Optimizer) -> None:
        """Go through a step without taking it, so that memory runs out now or not at all."""
        rewind, passes = self._rewinding(optimiser), self.passes
        self._gradient(0, optimiser, frugal)
        rewind()
        self._objective.passes = passes

    def _checking(
        self, average: Weights, frugal: Frugal, on_check: OnStep
    ) -> Callable[[int], None]:
        """Return what measures the average so far on the watched views, now and then.

        The words are the same each time, nothing drops out and no chance is used up.
        """
        total, views = self._recipe.steps, self._watched
        every = max(1, total // CHECKS)

        @torch.no_grad()
        def check(step: int) -> None:
            if not views or (step % every and step != total):
                return
            now = copy.deepcopy(self._trained)
            self._put(average)
            self.network.eval()
            try:
                on_check(step, total, self._mean_loss(views, frugal.at_once))
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                views.clear()  # a curve is not worth a run
            self._put(now)
            self.network.train().encoder.train(self._recipe.prompts)

        return check

    def _mean_loss(self, views: Sequence[Cached], at_once: int) -> float:
        loss = 0.0
        for start in range(0, len(views), at_once):
            some = views[start : start + at_once]
            words = self._objective.choose(some, np.random.default_rng(0))
            loss += float(self._objective.loss(some, words)) * len(some)
        return loss / len(views)

    def _rewinding(self, optimiser: torch.optim.Optimizer) -> Callable[[], None]:
        """Return what forgets gradients and makes chance begin again from here."""
        on_card = self._objective.device.type == "cuda"
        chance = torch.cuda if on_card else torch.random  # dropout draws where it computes
        draws, dropout = self._rng.bit_generator.state, chance.get_rng_state()

        def rewind() -> None:
            optimiser.zero_grad(set_to_none=True)
            self._rng.bit_generator.state = draws
            chance.set_rng_state(dropout)

        return rewind

    def _optimiser(self) -> torch.optim.AdamW:
        recipe = self._recipe
        groups: list[dict[str, Any]] = [
            {"params": list(self._trained.values()), "peak": 1.0, "weight_decay": recipe.decay}
        ]
        if self._reader.parameters:
            peak = recipe.reading * self._reader.spread / recipe.rate
            groups.append({"params": self._reader.parameters, "peak": peak, "weight_decay": 0.0})
        return torch.optim.AdamW(groups, lr=recipe.rate)

    def _state(
        self, losses: Sequence[float], optimiser: torch.optim.Optimizer, average: Weights
    ) -> State:
        return {
            "losses": list(losses),
            "weights": {name: value.detach().clone() for name, value in self._trained.items()},
            "average": average,
            "rows": self._reader.state(),
            "optimiser": optimiser.state_dict(),
            "draws": json.dumps(self._rng.bit_generator.state),
            "dropout": torch.get_rng_state(),
        }

    def _restore(
        self, state: State, optimiser: torch.optim.Optimizer, average: Weights
    ) -> list[float]:
        self._put(state["weights"])
        average.update(state["average"])
        self._reader.restore(state["rows"])
        optimiser.load_state_dict(state["optimiser"])
        self._rng.bit_generator.state = json.loads(state["draws"])
        torch.set_rng_state(state["dropout"])
        return list(state["losses"])

    def blend(self, share: float) -> None:
        """Set the weights to (1 - share) of the parent's plus `share` of the trained ones.

        The reading of new words goes along. All is rounded to half precision, as it will be stored.
        """
        self._reader.blend(share)
        self._put(
            {
                name: torch.lerp(parent, self._child[name], share).half()
                for name, parent in self._parent.items()
            }
        )

    def _put(self, weights: Weights) -> None:
        with torch.no_grad():
            for name, value in weights.items():
                self._trained[name].copy_(value)

    @torch.no_grad()
    def _average(self, average: Weights, step: int) -> None:
        # the first steps count less than a full memory would let them
        share = 1 - min(self._recipe.ema, (1 + step) / (10 + step))
        for name, value in self._trained.items():
            average[name].lerp_(value, share)

    def _draw(self) -> list[Cached]:
        count = min(self._recipe.batch, len(self._cached))
        chosen = self._rng.choice(len(self._cached), size=count, replace=False)
        return [self._cached[int(index)] for index in chosen]


def view_size(network: CascadeCLIP, info: ModelInfo) -> ViewSize:
    """Return how a network that describes itself by `info` wants its views cut."""
    cells = CELLS_PER_PATCH * max(1, info.window // network.config.patch)
    return ViewSize(
        info.window, info.stride, min(info.window, cells), average=info.average, short=info.short
    )


def _groups(views: Iterable[View], size: int) -> Iterator[list[View]]:
    some: list[View] = []
    for view in views:
        some.append(view)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
