from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import ModelInfo, NetworkConfig, TextConfig

VALUES = (
    NetworkConfig(logit_scale=8.0, logit_bias=-3.0, train_stage_projections=True),
    TextConfig(layers=3),
    ModelInfo(name="mini", version="1", trained_words=("cat",), parent="0"),
    ModelInfo(name="mini", version="2", adjusted=(("cat", 0.5, -1.0), ("dog", 1.0, 2.0))),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_json_returns_the_same_value(value: NetworkConfig) -> None:
    assert type(value).from_json(json.loads(json.dumps(value.to_json()))) == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_unknown_key_is_named(value: NetworkConfig) -> None:
    with pytest.raises(CheckpointError, match=r"unknown keys \(surprise\)"):
        type(value).from_json(value.to_json() | {"surprise": 1})


def test_missing_key_is_named() -> None:
    with pytest.raises(CheckpointError, match="lacks version"):
        ModelInfo.from_json({"name": "mini"})


def test_a_list_is_no_description() -> None:
    with pytest.raises(CheckpointError, match="NetworkConfig"):
        NetworkConfig.from_json([1])


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0},
        {"width": "768"},
        {"heads": 7},
        {"decoder_heads": 7},
        {"activation": "relu"},
        {"dropout": 1.0},
        {"sigma": 0},
        {"input_scale": float("nan")},
        {"logit_bias": "x"},
        {"train_stage_projections": 1},
        {"stages": [[6, 5], [11]]},
        {"stages": [[5, 5], [11]]},
        {"stages": [[5, 12], [11]]},
        {"stages": [[5, 6, 7]]},
        {"stages": [[], [11]]},
        {"stages": []},
        {"stages": 3},
        {"stages": [3, 11]},
        {"stages": [[-1, 11]]},
        {"prompts": -1},
        {"aggregation": "mean"},
        {"decoder": "none"},
        {"decoder": "spectral", "decoder_heads": 1},
        {"shared_text": 1},
        {"spectral_blocks": [12]},
        {"spectral_blocks": 0},
    ],
)
def test_sizes_that_do_not_fit(change: dict[str, object]) -> None:
    with pytest.raises(CheckpointError, match="makes no network"):
        NetworkConfig.from_json(NetworkConfig().to_json() | change)


@pytest.mark.parametrize(
    "change",
    [
        {"name": 3},
        {"mean": [1.0, 2.0]},
        {"std": [0.0, 1.0, 1.0]},
        {"templates": ["a photo"]},
        {"templates": []},
        {"trained_words": "cat"},
        {"window": 0},
        {"calibration": None},
        {"parent": 3},
    ],
)
def test_card_that_says_nonsense(change: dict[str, object]) -> None:
    with pytest.raises(CheckpointError):
        ModelInfo.from_json(VALUES[2].to_json() | change)


def test_taken_blocks_are_those_of_the_paper() -> None:
    assert NetworkConfig().taken == (5, 6, 7, 8, 9, 10, 11)


def test_stages_may_share_blocks() -> None:
    assert NetworkConfig(stages=((5, 11), (11,), (5, 11))).taken == (5, 11)


def test_the_description_is_read_without_torch() -> None:
    code = "import sys, cascadeclip.core.model.config; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"readout": "most"}, "readout must be one of"),
        ({"background": "sky, wall"}, "background must be words"),
        ({"background": ("sky", " ")}, "background must be words"),
        ({"none": 1.5}, "none must lie"),
        ({"none": "0.1"}, "none must lie"),
        ({"adjusted": "cat"}, "adjusted must be words"),
        ({"adjusted": (("cat", 1.0),)}, "adjusted holds"),
        ({"adjusted": (("cat", 0.0, 1.0),)}, "adjusted holds"),
        ({"adjusted": ((1, 1.0, 1.0),)}, "adjusted holds"),
        ({"short": -1}, "short is pixels"),
        ({"short": 100}, "short must not be below window"),
    ],
)
def test_a_card_refuses_what_no_readout_can_be(wrong: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        ModelInfo(name="m", version="1", **wrong)
