from __future__ import annotations

import dataclasses
import math

import pytest
import torch

from cascadeclip.core.model.aggregation import (
    AGGREGATIONS,
    Aggregation,
    build_aggregation,
    gaussian_weights,
)
from cascadeclip.core.model.config import AGGREGATIONS as NAMES
from cascadeclip.core.model.config import NetworkConfig

CONFIG = NetworkConfig(
    layers=7, embed=4, decoder_heads=2, stages=((0, 1), (2,), (3, 4, 6)), sigma=1.0
)
MAPS = [torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(i)) for i in range(6)]


def built(name: str) -> Aggregation:
    return build_aggregation(dataclasses.replace(CONFIG, aggregation=name))


def test_weights_start_as_in_the_paper() -> None:
    assert gaussian_weights(3, 1.0) == pytest.approx([math.exp(-2), math.exp(-0.5), 1.0])
    printed = [math.exp(-4.5), math.exp(-2), math.exp(-0.5)]
    assert gaussian_weights(3, 1.0, 1) == pytest.approx(printed)
    assert gaussian_weights(2, 2.0) == pytest.approx([math.exp(-1 / 8), 1.0])


def test_a_stage_is_the_weighted_sum_of_its_blocks() -> None:
    aggregation = built("gaussian")
    with torch.no_grad():
        aggregation.weights["0"].copy_(torch.tensor([2.0, -1.0]))
    found = aggregation(MAPS)
    assert found.shape == (2, 3, 5, 4)
    torch.testing.assert_close(found[:, 0], 2 * MAPS[0] - MAPS[1])
    torch.testing.assert_close(found[:, 1], MAPS[2])
    third = math.exp(-2) * MAPS[3] + math.exp(-0.5) * MAPS[4] + MAPS[5]
    torch.testing.assert_close(found[:, 2], third)


def test_a_stage_of_one_block_has_no_weight() -> None:
    assert list(built("gaussian").state_dict()) == ["weights.0", "weights.2"]


def test_every_name_is_built_and_no_other() -> None:
    assert tuple(AGGREGATIONS) == NAMES
    for name in NAMES:
        found = built(name)(MAPS)
        assert found.shape == (2, 3, 5, 4)
        assert torch.equal(found[:, 1], MAPS[2])


@pytest.mark.parametrize(
    ("name", "learns"),
    [
        ("gaussian", True),
        ("gaussian-fixed", False),
        ("sum", False),
        ("sum-trained", True),
        ("concat", True),
        ("attention", True),
    ],
)
def test_what_learns(name: str, learns: bool) -> None:
    aggregation = built(name)
    assert bool(list(aggregation.parameters())) == learns
    assert aggregation.state_dict()


def test_a_fixed_sum_weighs_as_the_learning_one_starts() -> None:
    assert torch.equal(built("gaussian-fixed")(MAPS), built("gaussian")(MAPS))
    assert torch.equal(built("sum")(MAPS), built("sum-trained")(MAPS))
    torch.testing.assert_close(built("sum")(MAPS)[:, 0], MAPS[0] + MAPS[1])


def test_concatenation_is_one_linear_map_of_all_blocks() -> None:
    aggregation = built("concat")
    expected = aggregation.projections["0"](torch.cat((MAPS[0], MAPS[1]), dim=-1))
    torch.testing.assert_close(aggregation(MAPS)[:, 0], expected)


def test_attention_runs_over_blocks_patch_by_patch() -> None:
    aggregation = built("attention")
    torch.nn.init.normal_(aggregation.attentions["0"].out_proj.weight)
    patch = torch.stack((MAPS[0][1, 3], MAPS[1][1, 3]))[None]
    expected = (patch + aggregation.attentions["0"](patch))[0].mean(dim=0)
    torch.testing.assert_close(aggregation(MAPS)[1, 0, 3], expected)


def test_stages_may_share_blocks() -> None:
    config = dataclasses.replace(CONFIG, stages=((3, 6), (6,), (3, 6)), aggregation="sum")
    found = build_aggregation(config)(MAPS[:2])
    assert torch.equal(found[:, 0], found[:, 2])
    torch.testing.assert_close(found[:, 0], MAPS[0] + MAPS[1])
