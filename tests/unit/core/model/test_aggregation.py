from __future__ import annotations

import math

import pytest
import torch

from cascadeclip.core.model.aggregation import NeighbourhoodAggregation, gaussian_weights


def test_weights_start_as_in_the_paper() -> None:
    assert gaussian_weights(3, 1.0) == pytest.approx([math.exp(-2), math.exp(-0.5), 1.0])
    assert gaussian_weights(2, 2.0) == pytest.approx([math.exp(-1 / 8), 1.0])


def test_a_stage_is_the_weighted_sum_of_its_blocks() -> None:
    aggregation = NeighbourhoodAggregation((2, 1, 3), 1.0)
    with torch.no_grad():
        aggregation.weights["0"].copy_(torch.tensor([2.0, -1.0]))
    maps = [torch.randn(2, 4, 3) for _ in range(6)]
    found = aggregation(maps)
    assert found.shape == (2, 3, 4, 3)
    torch.testing.assert_close(found[:, 0], 2 * maps[0] - maps[1])
    torch.testing.assert_close(found[:, 1], maps[2])
    third = math.exp(-2) * maps[3] + math.exp(-0.5) * maps[4] + maps[5]
    torch.testing.assert_close(found[:, 2], third)


def test_a_stage_of_one_block_has_no_weight() -> None:
    keys = list(NeighbourhoodAggregation((3, 3, 1), 1.0).state_dict())
    assert keys == ["weights.0", "weights.1"]
