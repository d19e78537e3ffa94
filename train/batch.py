"""A batch on its way through the network: whole, or in parts and processes that add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from cascadeclip.core.model.dropout import part_of
from cascadeclip.train.data.corrections import Truth
from cascadeclip.train.lesson import Cached
from cascadeclip.train.objective import Objective, Share
from cascadeclip.train.parallel import Peers

Parts = Sequence[range]
"""Places in the batch that go through together, one range after another."""


class Batch:
    """Give the losses of a batch's parts, which add up to the loss of the whole.

    The parts of all processes see the same words and the same chance, and are divided by the pairs
    of the whole batch. Where pixels are guessed these pairs are known only after the network has
    answered, so a batch that is divided then goes through once more.
    """

    def __init__(
        self,
        objective: Objective,
        views: Sequence[Cached],
        words: Sequence[int],
        peers: Peers,
        *,
        guessing: bool,
    ) -> None:
        self._objective, self._views, self._words = objective, views, words
        self._peers, self._guessing = peers, guessing
        self._told: list[list[Truth]] = []
        self._pairs = torch.zeros(())

    def __len__(self) -> int:
        """Return how many views the whole batch has."""
        return len(self._views)

    def look(self, parts: Parts) -> None:
        """Find the truth about the parts, where they are not the whole."""
        if self._whole(parts):
            return
        self._told = []
        for part in parts:
            with self._going(part, again=True):
                some = self._some(part)
                self._told.append(
                    self._objective.truths(some, self._words, guessing=self._guessing)
                )
        own = [truth for told in self._told for truth in told]
        self._pairs = self._objective.pairs(own, self._words)

    def settle(self, parts: Parts) -> None:
        """Exchange with other processes what `look` found."""
        if not self._whole(parts):
            self._pairs = self._peers.sum(self._pairs.float()).clamp(min=1)

    def losses(self, parts: Parts) -> Iterator[Tensor]:
        """Yield the loss of each part, of which the gradient is to be taken before the next."""
        if self._whole(parts):
            yield self._objective.loss(self._views, self._words, guessing=self._guessing)
            return
        for part, told in zip(parts, self._told, strict=True):
            share = Share(told, self._pairs, len(part) / len(self))
            with self._going(part, again=part is not parts[-1]):
                loss = self._objective.loss(self._some(part), self._words, share=share)
            yield loss

    def _whole(self, parts: Parts) -> bool:
        return len(parts) == 1 and len(parts[0]) == len(self)

    def _some(self, part: range) -> Sequence[Cached]:
        return self._views[part.start : part.stop]

    @contextmanager
    def _going(self, part: range, *, again: bool) -> Iterator[None]:
        """Let a part drop out what the whole does; `again` keeps chance for what comes next."""
        on_card = self._objective.device.type == "cuda"
        gpus = [torch.cuda.current_device()] if on_card else []
        with torch.random.fork_rng(gpus, enabled=again), part_of(part, len(self)):
            yield
