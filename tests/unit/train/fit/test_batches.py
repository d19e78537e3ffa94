from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.data.augment import Augmentation
from cascadeclip.train.data.labelled import LabelledSet
from cascadeclip.train.fit.batches import Order, read_parts
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.parallel import Peers

ALONE = Peers()
Images = Callable[..., list[torch.Tensor]]


@pytest.fixture
def images_of(examples: LabelledSet, crops: Augmentation) -> Images:
    def read(config: FitConfig, peers: Peers = ALONE, start: int = 0) -> list[torch.Tensor]:
        return [images for images, _ in read_parts(examples, crops, config, peers, start=start)]

    return read


def test_every_round_shows_every_example_once_in_another_order() -> None:
    order = Order(12, seed=3)
    first = [order.example(place) for place in range(12)]
    second = [order.example(place) for place in range(12, 24)]
    assert sorted(first) == sorted(second) == list(range(12))
    assert first != second
    assert first == [order.example(place) for place in range(12)]
    assert first != [Order(12, seed=4).example(place) for place in range(12)]


def test_a_run_goes_on_with_the_same_images(images_of: Images, config: FitConfig) -> None:
    whole, rest = images_of(config), images_of(config, start=4)
    assert len(whole) == 6
    assert len(rest) == 2
    assert all(torch.equal(*pair) for pair in zip(whole[4:], rest, strict=True))


def test_parts_and_processes_share_a_step(images_of: Images, config: FitConfig) -> None:
    whole = torch.cat(images_of(config)).flatten(1)
    parts = images_of(dataclasses.replace(config, accumulate=2))
    assert len(parts) == 12
    peers = [images_of(config, Peers(rank, 2)) for rank in range(2)]
    for some in (parts, [batch for pair in zip(*peers, strict=True) for batch in pair]):
        joined = torch.cat(some).flatten(1)
        for step in range(6):
            ours = joined[4 * step : 4 * step + 4]
            assert torch.equal(ours[[0, 2, 1, 3]], whole[4 * step : 4 * step + 4])


def test_labels_may_be_read_at_the_centres_of_cells(
    examples: LabelledSet, crops: Augmentation, config: FitConfig
) -> None:
    fine = next(read_parts(examples, crops, config, Peers()))[1]
    coarse = dataclasses.replace(config, label_side=8)
    labels = next(read_parts(examples, crops, coarse, Peers()))[1]
    assert torch.equal(labels, fine[:, 1::2, 1::2])


def test_a_batch_that_cannot_be_divided(images_of: Images, config: FitConfig) -> None:
    with pytest.raises(TrainingFailed, match="3 processes"):
        images_of(config, Peers(0, 3))
