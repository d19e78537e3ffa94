"""What a network is trained for: the answers a batch of views gets, and how wrong they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cascadeclip.core import images
from cascadeclip.core.model import CascadeCLIP, Features, LoadedModel
from cascadeclip.train.answers import READOUTS
from cascadeclip.train.data.corrections import Truth
from cascadeclip.train.data.views import View
from cascadeclip.train.guessing import guessed
from cascadeclip.train.lesson import Cached, Lesson
from cascadeclip.train.losses import cascade_loss, present_pairs
from cascadeclip.train.partial import channels, partial_loss, positive_pairs, targets
from cascadeclip.train.reading import Reader
from cascadeclip.train.recipes import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """Hold what a part of a batch has to know of the whole.

    `truths` are the part's own, guesses among them; `pairs` is how many pairs of an image and a
    word the whole batch has, at least 1; `size` the part's share of its views, 0..1.
    """

    truths: Sequence[Truth]
    pairs: Tensor
    size: float


class Objective:
    """Turn views into what is kept of them, and batches of these into a loss.

    Attributes:
        network: what answers, and may learn.
        device: where it computes.
        reader: reads the words, and may learn to read some.
        passes: how many views have gone through the image tower so far.
    """

    def __init__(
        self,
        network: CascadeCLIP,
        model: LoadedModel,
        lesson: Lesson,
        recipe: Recipe,
        *,
        device: torch.device,
        seed: int,
    ) -> None:
        self.network, self._info = network, model.info
        self._lesson, self._recipe, self.device = lesson, recipe, device
        self.passes = 0
        self.reader = _reader(model, lesson, device=device, seed=seed)
        self._phrases = [self.reader.fixed(phrases) for phrases in lesson.words]
        self._moving = frozenset(
            word for word in lesson.corrected if any(map(self.reader.learns, lesson.words[word]))
        )
        self._readout = READOUTS[model.info.readout]
        self._others = self.reader.fixed((*lesson.strangers, *lesson.rivals))

    def choose(self, batch: Sequence[Cached], rng: np.random.Generator) -> list[int]:
        """Take the words that occur in the batch, and others by chance up to the limit."""
        if self._readout.everyone:
            return list(range(len(self._phrases)))
        spoken: set[int] = set()
        for truth in (one.truth for one in batch):
            spoken |= {int(word) for word in np.unique(truth.labels) if word >= 0}
            spoken |= {word for word, _ in (*truth.covered, *truth.rejected)}
        rest = [word for word in range(len(self._phrases)) if word not in spoken]
        room = max(0, self._recipe.words - len(spoken))
        more = rng.permutation(len(rest))[:room]
        return sorted(spoken | {rest[int(index)] for index in more})

    def loss(
        self,
        batch: Sequence[Cached],
        words: Sequence[int],
        *,
        guessing: bool = False,
        share: Share | None = None,
    ) -> Tensor:
        """Return the loss of a batch on `words`; of a part of one, its share of the batch's."""
        maps, others = self._answered(batch, words)
        truths = self._told(batch, maps, words, guessing) if share is None else share.truths
        pairs, size = (None, 1.0) if share is None else (share.pairs, share.size)
        loss = sum(self._spoken(maps, truths, words, pairs).values(), maps.new_zeros(()))
        parent = torch.stack([one.parent for one in batch]).float()
        return loss + self._recipe.agreement * size * self._readout.drift(others, parent)

    @torch.no_grad()
    def truths(
        self, batch: Sequence[Cached], words: Sequence[int], *, guessing: bool
    ) -> list[Truth]:
        """Return what `loss` takes for the truth about a batch; guesses need the network."""
        if not guessing:
            return [one.truth for one in batch]
        return self._told(batch, self._answered(batch, words)[0], words, guessing)

    def pairs(self, truths: Sequence[Truth], words: Sequence[int]) -> Tensor:
        """Count the pairs of an image and a word by which the loss is divided."""
        if self._recipe.loss == "paper":
            return present_pairs(channels(truths, words).to(self.device))
        return positive_pairs(targets(truths, words, self._lesson.shy).to(self.device)).sum()

    @torch.no_grad()
    def encode(self, views: Sequence[View]) -> list[Cached]:
        """Run the tower once and return what training needs of the views."""
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

    def _answered(self, batch: Sequence[Cached], words: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return logits BxKxLxL of the words, and BxCxhxw of strangers and rivals."""
        groups = self._embedded(words)
        logits = self.network.decode(self._features(batch), torch.cat([*groups, self._others]))
        count = logits.shape[1] - len(self._others)
        own, others = logits[:, :count], logits[:, count:]
        rivals = others[:, len(self._lesson.strangers) :]
        sizes = [len(group) for group in groups]
        return self._readout.words(own, rivals, sizes, batch[0].truth.labels.shape), others

    def _told(
        self, batch: Sequence[Cached], maps: Tensor, words: Sequence[int], guessing: bool
    ) -> list[Truth]:
        truths = [one.truth for one in batch]
        if not guessing:
            return truths
        return guessed(truths, maps, words, self._lesson.corrected, least=self._recipe.guess)

    def _embedded(self, words: Sequence[int]) -> list[Tensor]:
        """Return the embeddings of each word's phrases; those being learnt with a gradient."""
        moving = [word for word in words if word in self._moving]
        phrases = [self._lesson.words[word] for word in moving]
        fresh = self.reader.embed([phrase for some in phrases for phrase in some])
        parts = torch.split(fresh, [len(some) for some in phrases]) if moving else ()
        own = dict(zip(moving, parts, strict=True))
        return [own.get(word, self._phrases[word]) for word in words]

    def _spoken(
        self, maps: Tensor, truths: Sequence[Truth], words: Sequence[int], pairs: Tensor | None
    ) -> dict[str, Tensor]:
        if self._recipe.loss == "paper":
            return cascade_loss(maps, channels(truths, words).to(self.device), pairs=pairs)
        known = targets(truths, words, self._lesson.shy).to(self.device)
        return partial_loss(maps, known, pairs=pairs)

    def _features(self, batch: Sequence[Cached]) -> Features:
        if self._recipe.prompts:
            pixels = [one.pixels for one in batch if one.pixels is not None]
            self.passes += len(pixels)
            return self.network.encode(self._normalised(torch.stack(pixels)))
        maps = torch.stack([one.maps for one in batch if one.maps is not None], dim=1).float()
        cls = torch.stack([one.cls for one in batch if one.cls is not None]).float()
        side = self._info.window // self.network.config.patch
        return Features(self.network.aggregation(tuple(maps)), cls, (side, side))

    def _answers(self, features: Features) -> Tensor:
        """Return the parent's logits for strangers and rivals, BxCxhxw; C is 0 without any."""
        if len(self._others) == 0:
            return features.cls.new_zeros((len(features.cls), 0, *features.grid))
        return self.network.decode(features, self._others)

    def _normalised(self, pixels: Tensor) -> Tensor:
        some = [images.normalise(one, self._info.mean, self._info.std) for one in pixels.numpy()]
        return torch.from_numpy(np.stack(some)).to(self.device)


def _reader(model: LoadedModel, lesson: Lesson, *, device: torch.device, seed: int) -> Reader:
    if model.text is None:
        raise ValueError("a model without a text tower cannot be trained on words")
    learn = [phrase for word in sorted(lesson.corrected) for phrase in lesson.words[word]]
    return Reader(model.text, model.info.templates, learn, device=device, seed=seed)
