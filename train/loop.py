"""The training loop: views are encoded once, then only what is trained runs again and again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from cascadeclip.core import images
from cascadeclip.core.engine.room import is_out_of_memory
from cascadeclip.core.model import CascadeCLIP, Features, LoadedModel, ModelInfo, TextEncoder
from cascadeclip.train.answers import READOUTS
from cascadeclip.train.data.corrections import Truth
from cascadeclip.train.data.views import View, ViewSize
from cascadeclip.train.frugal import Frugal
from cascadeclip.train.guessing import guessed
from cascadeclip.train.learning import Weights, trainable, training
from cascadeclip.train.lesson import Cached, Lesson
from cascadeclip.train.losses import cascade_loss
from cascadeclip.train.partial import channels, partial_loss, targets
from cascadeclip.train.reading import READING_FIRST, Reader
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

    Attributes:
        network: the copy, in evaluation mode outside `run`.
        passes: how many views have gone through the image tower so far.
    """

    def __init__(
        self, model: LoadedModel, lesson: Lesson, recipe: Recipe, *, device: str, seed: int
    ) -> None:
        torch.manual_seed(seed)
        self._rng = np.random.default_rng(seed)
        self._device = torch.device(device)
        self._info = model.info
        self._lesson = lesson
        self._recipe = recipe
        self.network = copy.deepcopy(model.cascade).to(self._device).eval()
        self.passes = 0
        self._trained = trainable(self.network, prompts=recipe.prompts)
        self._reader = _reader(model, lesson, device=self._device, seed=seed)
        self._phrases = [self._reader.fixed(phrases) for phrases in lesson.words]
        self._moving = frozenset(
            word for word in lesson.corrected if any(map(self._reader.learns, lesson.words[word]))
        )
        self._readout = READOUTS[model.info.readout]
        self._others = self._reader.fixed((*lesson.strangers, *lesson.rivals))
        self._guessing = False
        self._cached: list[Cached] = []
        self._watched: list[Cached] = []
        self._child: Weights = {}
        self._parent = {name: value.detach().clone() for name, value in self._trained.items()}

    @property
    def size(self) -> ViewSize:
        """Return the size of the views this network wants."""
        return view_size(self.network, self._info)

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
            self._cached += self._encode(some)
        return len(self._cached)

    def watch(self, views: Iterable[View]) -> int:
        """Encode views that are never learnt from, for the curve beside the loss; count them."""
        for some in _groups(views, ENCODE_BATCH):
            self._watched += self._encode(some)
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
        optimiser, frugal = self._optimiser(), Frugal(self._recipe.batch, say)
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
        self._guessing = recipe.guess > 0 and step >= recipe.steps // 2
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * rate_at(recipe, step)
        loss = frugal.gradient(self._draw(), self._loss, self._rewinding(optimiser))
        reading = self.reads and step < READING_FIRST * recipe.steps
        if reading:
            self.network.zero_grad(set_to_none=True)
        optimiser.step()
        if reading:
            self._reader.mark()
        return loss

    def _try_out(self, frugal: Frugal, optimiser: torch.optim.Optimizer) -> None:
        """Go through a step without taking it, so that memory runs out now or not at all."""
        rewind, passes = self._rewinding(optimiser), self.passes
        frugal.gradient(self._draw(), self._loss, rewind)
        rewind()
        self.passes = passes

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
            now, guessing = copy.deepcopy(self._trained), self._guessing
            self._put(average)
            self._guessing = False
            self.network.eval()
            try:
                on_check(step, total, self._mean_loss(views, frugal.at_once))
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                views.clear()  # a curve is not worth a run
            self._put(now)
            self._guessing = guessing
            self.network.train().encoder.train(self._recipe.prompts)

        return check

    def _mean_loss(self, views: Sequence[Cached], at_once: int) -> float:
        loss = 0.0
        for start in range(0, len(views), at_once):
            some = views[start : start + at_once]
            loss += float(self._loss(some, np.random.default_rng(0))) * len(some)
        return loss / len(views)

    def _rewinding(self, optimiser: torch.optim.Optimizer) -> Callable[[], None]:
        """Return what forgets gradients and makes chance begin again from here."""
        draws, dropout = self._rng.bit_generator.state, torch.get_rng_state()

        def rewind() -> None:
            optimiser.zero_grad(set_to_none=True)
            self._rng.bit_generator.state = draws
            torch.set_rng_state(dropout)

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

    def _loss(self, batch: Sequence[Cached], rng: np.random.Generator | None = None) -> Tensor:
        truths = [one.truth for one in batch]
        words = self._choose(truths, rng or self._rng)
        groups = self._embedded(words)
        logits = self.network.decode(self._features(batch), torch.cat([*groups, self._others]))
        parent = torch.stack([one.parent for one in batch]).float()
        count = logits.shape[1] - parent.shape[1]
        own, others = logits[:, :count], logits[:, count:]
        rivals = others[:, len(self._lesson.strangers) :]
        sizes = [len(group) for group in groups]
        maps = self._readout.words(own, rivals, sizes, truths[0].labels.shape)
        if self._guessing:
            known, least = self._lesson.corrected, self._recipe.guess
            truths = guessed(truths, maps, words, known, least=least)
        loss = sum(self._spoken(maps, truths, words).values(), maps.new_zeros(()))
        return loss + self._recipe.agreement * self._readout.drift(others, parent)

    def _embedded(self, words: Sequence[int]) -> list[Tensor]:
        """Return the embeddings of each word's phrases; those being learnt with a gradient."""
        moving = [word for word in words if word in self._moving]
        phrases = [self._lesson.words[word] for word in moving]
        fresh = self._reader.embed([phrase for some in phrases for phrase in some])
        parts = torch.split(fresh, [len(some) for some in phrases]) if moving else ()
        own = dict(zip(moving, parts, strict=True))
        return [own.get(word, self._phrases[word]) for word in words]

    def _spoken(
        self, maps: Tensor, truths: Sequence[Truth], words: Sequence[int]
    ) -> dict[str, Tensor]:
        if self._recipe.loss == "paper":
            return cascade_loss(maps, channels(truths, words).to(self._device))
        return partial_loss(maps, targets(truths, words, self._lesson.shy).to(self._device))

    def _choose(self, truths: Sequence[Truth], rng: np.random.Generator) -> list[int]:
        """Take the words that occur in the batch, and others by chance up to the limit."""
        if self._readout.everyone:
            return list(range(len(self._phrases)))
        spoken: set[int] = set()
        for truth in truths:
            spoken |= {int(word) for word in np.unique(truth.labels) if word >= 0}
            spoken |= {word for word, _ in (*truth.covered, *truth.rejected)}
        rest = [word for word in range(len(self._phrases)) if word not in spoken]
        room = max(0, self._recipe.words - len(spoken))
        more = rng.permutation(len(rest))[:room]
        return sorted(spoken | {rest[int(index)] for index in more})

    def _features(self, batch: Sequence[Cached]) -> Features:
        if self._recipe.prompts:
            pixels = [one.pixels for one in batch if one.pixels is not None]
            self.passes += len(pixels)
            return self.network.encode(self._normalised(torch.stack(pixels)))
        maps = torch.stack([one.maps for one in batch if one.maps is not None], dim=1).float()
        cls = torch.stack([one.cls for one in batch if one.cls is not None]).float()
        side = self._info.window // self.network.config.patch
        return Features(self.network.aggregation(tuple(maps)), cls, (side, side))

    @torch.no_grad()
    def _encode(self, views: Sequence[View]) -> list[Cached]:
        pixels = torch.from_numpy(np.stack([view.pixels for view in views]))
        encoding = self.network.encoder(self._normalised(pixels))
        self.passes += len(views)
        features = Features(self.network.aggregation(encoding.maps), encoding.cls, encoding.grid)
        parent = self._answers(features)
        learns = self._recipe.prompts
        maps = None if learns else torch.stack(tuple(encoding.maps), dim=1).half()
        return [
            Cached(
                maps=None if maps is None else maps[index],
                cls=None if learns else encoding.cls[index].half(),
                pixels=pixels[index] if learns else None,
                parent=parent[index].half(),
                truth=view.truth,
            )
            for index, view in enumerate(views)
        ]

    def _answers(self, features: Features) -> Tensor:
        """Return the parent's logits for strangers and rivals, BxCxhxw; C is 0 without any."""
        if len(self._others) == 0:
            return features.cls.new_zeros((len(features.cls), 0, *features.grid))
        return self.network.decode(features, self._others)

    def _normalised(self, pixels: Tensor) -> Tensor:
        some = [images.normalise(one, self._info.mean, self._info.std) for one in pixels.numpy()]
        return torch.from_numpy(np.stack(some)).to(self._device)


def view_size(network: CascadeCLIP, info: ModelInfo) -> ViewSize:
    """Return how a network that describes itself by `info` wants its views cut."""
    cells = CELLS_PER_PATCH * max(1, info.window // network.config.patch)
    return ViewSize(
        info.window, info.stride, min(info.window, cells), average=info.average, short=info.short
    )


def _reader(model: LoadedModel, lesson: Lesson, *, device: torch.device, seed: int) -> Reader:
    if model.text is None:
        raise ValueError("a model without a text tower cannot be trained on words")
    learn = [phrase for word in sorted(lesson.corrected) for phrase in lesson.words[word]]
    return Reader(model.text, model.info.templates, learn, device=device, seed=seed)


def _groups(views: Iterable[View], size: int) -> Iterator[list[View]]:
    some: list[View] = []
    for view in views:
        some.append(view)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
