"""What a setting makes of labels: which words are trained, what happens to unseen pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.data.labelled import IGNORE
from cascadeclip.train.fit.config import Setting

UNLABELLED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Hold the places of the words that are trained and a table from stored label to target.

    `table` has 256 entries: the trained word's channel, 255 for ignored pixels, or -1 for pixels
    of unseen words that self-training labels on the way (`self_training`). `seen` are channels.
    """

    words: tuple[int, ...]
    table: Tensor
    seen: tuple[int, ...]
    self_training: bool

    def targets(self, labels: Tensor) -> Tensor:
        """Map stored labels (uint8, any shape) to int64 targets."""
        return self.table[labels.long()]


def _inductive(count: int, seen: Sequence[int]) -> Task:
    table = torch.full((256,), IGNORE)
    table[list(seen)] = torch.arange(len(seen))
    return Task(tuple(seen), table, tuple(range(len(seen))), self_training=False)


def _transductive(count: int, seen: Sequence[int]) -> Task:
    table = torch.full((256,), IGNORE)
    table[:count] = UNLABELLED
    table[list(seen)] = torch.as_tensor(list(seen))
    return Task(tuple(range(count)), table, tuple(seen), self_training=True)


def _full(count: int, seen: Sequence[int]) -> Task:
    table = torch.full((256,), IGNORE)
    table[:count] = torch.arange(count)
    return Task(tuple(range(count)), table, tuple(seen), self_training=False)


_TASKS = {"inductive": _inductive, "transductive": _transductive, "full": _full}


def make_task(setting: Setting, count: int, seen: Sequence[int]) -> Task:
    """Set up a task for `count` words of which `seen` are seen (section 4.1 of the paper).

    Inductive: only seen words are trained and every other pixel is ignored, which the loss takes
    for a negative. Transductive: all words, unseen pixels get the network's best unseen word.
    Full: all words and their labels. Raise TrainingFailed where nothing would be left to do.
    """
    if not seen or (setting == "transductive" and len(seen) == count):
        raise TrainingFailed(
            f"The {setting} setting needs seen words, and unseen ones to label: choose another."
        )
    return _TASKS[setting](count, seen)
