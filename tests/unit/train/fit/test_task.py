from __future__ import annotations

import pytest
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.fit.task import make_task

STORED = torch.tensor([0, 1, 2, 3, 4, 255, 200], dtype=torch.uint8)


def test_inductive_labels_are_ranks_among_seen_words() -> None:
    task = make_task("inductive", 5, (0, 2, 3))
    assert task.words == (0, 2, 3)
    assert task.targets(STORED).tolist() == [0, 255, 1, 2, 255, 255, 255]
    assert not task.self_training


def test_transductive_labels_keep_seen_words_and_ask_for_the_others() -> None:
    task = make_task("transductive", 5, (0, 2, 3))
    assert task.words == (0, 1, 2, 3, 4)
    assert task.targets(STORED).tolist() == [0, -1, 2, 3, -1, 255, 255]
    assert (task.seen, task.self_training) == ((0, 2, 3), True)


def test_full_labels_are_as_stored() -> None:
    task = make_task("full", 5, (0, 2, 3))
    assert task.targets(STORED).tolist() == [0, 1, 2, 3, 4, 255, 255]
    assert (task.words, task.self_training) == ((0, 1, 2, 3, 4), False)


def test_settings_without_anything_to_do() -> None:
    with pytest.raises(TrainingFailed):
        make_task("transductive", 3, (0, 1, 2))
    with pytest.raises(TrainingFailed):
        make_task("inductive", 3, ())
