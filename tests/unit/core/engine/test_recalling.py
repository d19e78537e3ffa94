"""Prototypes in the engine: what they move, what stays to the last bit, and what is not redone."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine
from cascadeclip.core.engine.backends.onnx_files import tower_file
from cascadeclip.core.engine.backends.onnx_tower import OnnxTower
from cascadeclip.core.engine.recalling import recall
from cascadeclip.core.engine.runner import Parts
from cascadeclip.core.model import LoadedModel, load_model
from cascadeclip.core.model.config import DenseConfig, ModelInfo
from cascadeclip.core.model.dense import DenseCLIP
from cascadeclip.core.model.prototypes import Prototypes
from cascadeclip.core.values import Word


def prototypes(width, *, alpha=8.0, seed=1, word="cat"):
    torch.manual_seed(seed)
    keys = torch.nn.functional.normalize(torch.randn(2, width), dim=-1)
    return Prototypes(
        words=((word,),),
        keys=keys,
        owner=torch.tensor([0, 0]),
        positive=torch.tensor([True, False]),
        alpha=alpha,
        beta=2.0,
    )


def words(*names):
    return [Word(name, (name,), "#808080") for name in names]


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (40, 56, 3), dtype=np.uint8)


@pytest.fixture
def model(tiny_folder):
    return load_model(tiny_folder)


def maps(engine, image, *names):
    return engine.scores(engine.encode(image, "image"), words(*names)).probabilities


def test_only_words_with_prototypes_change_and_the_others_not_by_a_bit(model, image):
    plain, shown = Engine(model, device="cpu"), Engine(model, device="cpu")
    shown.use_prototypes(prototypes(32))
    before, after = (maps(one, image, "cat", "grass", "dog") for one in (plain, shown))
    assert not np.array_equal(before[0], after[0])
    assert np.array_equal(before[1:], after[1:])


@pytest.mark.parametrize("none", [None, prototypes(32, word="zebra"), prototypes(32, alpha=0.0)])
def test_without_prototypes_the_maps_are_those_of_before(model, image, none):
    before = maps(Engine(model, device="cpu"), image, "cat", "grass")
    engine = Engine(model, device="cpu")
    engine.use_prototypes(none)
    assert np.array_equal(maps(engine, image, "cat", "grass"), before)


def test_what_was_taken_up_can_be_laid_down_again_and_nothing_is_decoded_twice(model, image):
    engine = Engine(model, device="cpu")
    before = maps(engine, image, "cat", "grass")
    done = engine.encodes, engine.decodes
    engine.use_prototypes(prototypes(32))
    assert not np.array_equal(maps(engine, image, "cat", "grass"), before)
    engine.use_prototypes(None)
    assert np.array_equal(maps(engine, image, "cat", "grass"), before)
    assert (engine.encodes, engine.decodes) == done


def test_a_model_brings_its_prototypes_along_and_knows_their_words(make_engine):
    shown = Prototypes(
        words=(("qx", "qxx"),), keys=torch.eye(3)[:1], owner=torch.tensor([0]),
        positive=torch.tensor([True]), alpha=4.0, beta=1.0,
    )  # fmt: skip
    assert make_engine(prototypes=shown).knows(words("Qx")[0])
    engine = make_engine()
    engine._reader = SimpleNamespace(knows=lambda word: False)
    assert not engine.knows("qx")
    engine.use_prototypes(shown)
    assert engine.knows("QXX")
    assert not engine.knows("red")


def test_what_is_added_is_the_formula_at_every_patch_of_every_window(model, image):
    engine, shown = Engine(model, device="cpu"), prototypes(32)
    encoded = engine.encode(image, "image")
    grids = [one.grid for one in encoded.features]
    logits = np.zeros((len(grids), 2, *grids[0]), dtype=np.float32)
    recall(logits, encoded, ["grass", "CAT"], shown)
    assert not logits[:, 0].any()
    for window, features in zip(logits[:, 1], encoded.features, strict=True):
        stages = features.stages[0]
        unit = torch.nn.functional.normalize(stages, dim=-1)
        patch = torch.cat(list(unit), dim=-1) / np.sqrt(2)
        near = np.exp(-2.0 * (1 - (patch @ shown.keys.T).numpy()))
        expected = 8.0 * (near[:, 0] - near[:, 1])
        assert window.ravel() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("readout", ["sigmoid", "softmax"])
def test_clip_alone_is_shown_words_too(image, readout):
    torch.manual_seed(3)
    sizes = {"patch": 8, "width": 16, "layers": 3, "heads": 2, "embed": 16, "grid": 4}
    network = DenseCLIP(DenseConfig(**sizes)).eval()
    text = SimpleNamespace(encode=lambda phrases, templates: torch.eye(16)[: len(phrases)])
    info = ModelInfo(name="dense", version="1", window=32, stride=24, readout=readout)
    engine = Engine(LoadedModel(network, text, info), device="cpu")  # type: ignore[arg-type]
    before = maps(engine, image, "cat", "dog")
    engine.use_prototypes(prototypes(16))
    after = maps(engine, image, "cat", "dog")
    assert not np.array_equal(before[0], after[0])
    assert np.array_equal(before[1], after[1]) is (readout == "sigmoid")  # a softmax is shared


def test_another_runtime_of_the_tower_gives_the_same_maps(model, image, tmp_path):
    file = tower_file(model.network, 32, "fp32", tmp_path)
    onnx = Parts(backend=OnnxTower(file, 8, torch.device("cpu"), "fp32"))
    found = []
    for parts in (None, onnx):
        engine = Engine(model, device="cpu", parts=parts)
        engine.use_prototypes(prototypes(32))
        found.append(maps(engine, image, "cat", "grass"))
    assert np.abs(found[0] - found[1]).max() < 1e-4
