from __future__ import annotations

import dataclasses

import pytest
import torch

from cascadeclip.core.scenes import WORDS
from cascadeclip.train.data.scenes import SceneSet, benchmark_words
from cascadeclip.train.experiments.scale import (
    MiniScale,
    bundled,
    fresh_network,
    mini_network,
    mini_training,
    run_variant,
    scene_set,
)
from cascadeclip.train.presets import find_preset

SMALL = MiniScale(words=24, train_scenes=4, test_scenes=2)


def test_the_words_hold_all_stuff_and_unseen_ones_too() -> None:
    words = benchmark_words(60)
    assert len(words) == len(set(words)) == 60
    assert {word.name for word in WORDS if word.kind == "stuff"} <= set(words)
    examples = scene_set(MiniScale(), test=True)
    assert examples.words == words
    assert 10 <= 60 - len(examples.seen) <= 25
    assert benchmark_words(60) == words


def test_scenes_are_labelled_with_places_of_their_words() -> None:
    examples = scene_set(SMALL, test=False)
    example = examples.load(1)
    assert example.image.shape == (96, 96, 3)
    assert example.labels.max() < 24
    assert examples.load(1) is example
    again = SceneSet(examples.art, examples.names, examples.first, 4, settings=examples.settings)
    assert (again.load(1).labels == example.labels).all()


def test_training_and_measured_scenes_are_others() -> None:
    train, test = scene_set(SMALL, test=False), scene_set(SMALL, test=True)
    assert set(range(train.first, train.first + 10_000)).isdisjoint(
        range(test.first, test.first + 10_000)
    )


def test_the_tower_is_the_bundled_one_and_the_rest_is_fresh() -> None:
    config = mini_network()
    first, second = fresh_network(config, 0), fresh_network(config, 1)
    tower = bundled().network.encoder
    assert torch.equal(first.encoder.blocks[3].mlp.c_fc.weight, tower.blocks[3].mlp.c_fc.weight)
    assert torch.equal(first.encoder.proj, tower.proj)
    assert torch.equal(first.encoder.stage_projections[2], tower.proj)
    assert not torch.equal(first.encoder.prompt_embeddings, tower.prompt_embeddings)
    assert not torch.equal(first.encoder.prompt_embeddings, second.encoder.prompt_embeddings)
    assert not torch.equal(first.decoders[0].query.weight, second.decoders[0].query.weight)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("cascade", "inductive"),
        ("zegclip", "full"),
        ("frozen+cascade", "inductive"),
        ("spt+cascade", "transductive"),
        ("self-attention", "inductive"),
        ("shared-text", "inductive"),
    ],
)
def test_variants_run_in_every_setting(name: str, setting: str) -> None:
    steps: list[int] = []
    training = dataclasses.replace(mini_training(setting), steps=2, batch=2)
    found = run_variant(
        find_preset(name), training, SMALL, emit=lambda event: steps.append(1), stopped=lambda: 0
    )
    assert found is not None
    assert len(steps) == 2
    assert found.assessment.count == 2
    assert 0 <= found.assessment.accuracy <= 1
    assert found.trained > 100_000


def test_a_stop_gives_no_figures() -> None:
    training = dataclasses.replace(mini_training(), steps=2, batch=2)
    found = run_variant(
        find_preset("frozen"), training, SMALL, emit=lambda event: None, stopped=lambda: True
    )
    assert found is None
