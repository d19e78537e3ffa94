from __future__ import annotations

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.fit.config import FitConfig, paper_config, rate_at


def test_recipes_are_those_of_the_paper() -> None:
    found = {
        (data, setting): (config.steps, config.batch)
        for data in ("coco-stuff", "context59-released", "voc20")
        for setting in ("inductive", "transductive", "full")
        for config in (paper_config(data, setting),)
    }
    assert found == {
        ("coco-stuff", "inductive"): (80_000, 16),
        ("coco-stuff", "transductive"): (40_000, 16),
        ("coco-stuff", "full"): (80_000, 16),
        ("context59-released", "inductive"): (40_000, 16),
        ("context59-released", "transductive"): (20_000, 16),
        ("context59-released", "full"): (40_000, 16),
        ("voc20", "inductive"): (20_000, 16),
        ("voc20", "transductive"): (10_000, 32),
        ("voc20", "full"): (20_000, 16),
    }
    config = paper_config("voc20", "inductive")
    assert (config.rate, config.decay, config.warmup, config.side) == (2e-4, 0.01, 1500, 512)
    assert (config.loss, config.focal_weight, config.shape_weight) == ("dice", 100, 1)
    assert (config.amp, config.clip_norm, config.start) == ("off", 0, "random")


def test_the_rate_warms_up_and_falls_as_released() -> None:
    config = paper_config("voc20", "inductive")
    assert rate_at(config, 0) == pytest.approx(2e-4 * 1e-6)
    falling = (2e-4 - 1e-6) * (1 - 750 / 20_000) ** 0.9 + 1e-6
    assert rate_at(config, 750) == pytest.approx(falling * (1 - 0.5 * (1 - 1e-6)))
    assert rate_at(config, 1500) == pytest.approx((2e-4 - 1e-6) * (1 - 0.075) ** 0.9 + 1e-6)
    assert rate_at(config, 20_000) == pytest.approx(1e-6)


def test_json_returns_the_same_run() -> None:
    config = FitConfig(data="voc20", amp="fp16", seed=3)
    assert FitConfig.from_json(config.to_json()) == config
    for text in ("[1]", "{", '{"depth": 3}'):
        with pytest.raises(TrainingFailed):
            FitConfig.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"setting": "guess"},
        {"loss": "l2"},
        {"amp": "int8"},
        {"start": "x"},
        {"steps": 0},
        {"batch": 3, "accumulate": 2},
        {"rate": 0.0},
        {"rate": float("nan")},
        {"decay": -1.0},
        {"seed": -1},
        {"side": 1.5},
        {"depth": 3},
    ],
)
def test_numbers_that_make_no_run(change: dict[str, object]) -> None:
    with pytest.raises(TrainingFailed) as caught:
        FitConfig.changed(FitConfig(), change)
    assert "\n" not in str(caught.value)


def test_an_unknown_data_set_is_named() -> None:
    with pytest.raises(TrainingFailed, match="'ade20k'.*voc20"):
        paper_config("ade20k", "inductive")
