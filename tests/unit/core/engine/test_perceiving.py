"""A pixel classifier in the engine: for whom it is heard, where it is silent, how often it runs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine
from cascadeclip.core.engine import engine as engine_module
from cascadeclip.core.engine.perceiving import Said, hear, perceive
from cascadeclip.core.model import load_model
from cascadeclip.core.model.pixels import AXES, Familiar, PixelClassifier
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.texture import CHANNELS
from cascadeclip.core.values import Word


def make(patch=32, share=1.0, names=("cat",)):
    torch.manual_seed(3)
    layer = (torch.randn(len(names), CHANNELS + AXES), torch.zeros(len(names)))
    return PixelClassifier(
        words=tuple((name, name + "s") for name in names),
        mean=torch.zeros(patch),
        axes=torch.randn(patch, AXES),
        layers=(layer,),
        familiar=Familiar(torch.eye(patch)[:1], -3.0, -2.0),
        share=share,
    )


def words(*names):
    return tuple(Word(name, (name,), "#808080") for name in names)


def maps(*rows, names=("cat", "grass")):
    values = np.array(rows, dtype=np.float32)[:, None]
    return ScoreMaps(words(*names), values, 1, values.shape[2])


def logits(*values, familiar=1.0):
    rows = np.array([[values]], dtype=np.float32)
    return Said(rows, np.full(rows.shape[1:], familiar, dtype=np.float32))


def test_logits_are_averaged_by_the_share():
    own, said = 0.2, 1.5
    for share in (0.25, 1.0):
        found = hear(maps([own], [0.0]), logits(said), make(share=share))
        mixed = (1 - share) * np.log(own / (1 - own)) + share * said
        assert float(found.probabilities[0, 0, 0]) == pytest.approx(1 / (1 + np.exp(-mixed)))


def test_a_word_it_was_not_taught_changes_by_no_bit_and_keeps_what_it_claims():
    before = maps([0.1, 0.1, 0.1], [0.1, 0.35, 0.6])
    after = hear(before, logits(4.0, 4.0, 4.0), make())
    assert np.array_equal(before.probabilities[1], after.probabilities[1])
    free, half, claimed = after.probabilities[0, 0]
    assert free == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert claimed == pytest.approx(0.1)
    assert 0.1 < half < free


def test_it_is_not_heard_of_what_it_does_not_know():
    before = maps([0.1], [0.1])
    none, half = (hear(before, logits(4.0, familiar=one), make()) for one in (0.0, 0.5))
    assert float(none.probabilities[0, 0, 0]) == pytest.approx(0.1)
    mixed = 0.5 * np.log(0.1 / 0.9) + 0.5 * 4.0
    assert float(half.probabilities[0, 0, 0]) == pytest.approx(1 / (1 + np.exp(-mixed)))


def test_taught_words_claim_nothing_from_each_other():
    said = Said(np.array([[[4.0]], [[-4.0]]], np.float32), np.ones((1, 1), np.float32))
    after = hear(maps([0.1], [0.9]), said, make(names=("cat", "grass")))
    assert after.probabilities[:, 0, 0] == pytest.approx([0.982, 0.018], abs=1e-3)


def test_a_word_is_heard_by_any_of_its_phrases_and_nobody_else_at_all():
    named = ScoreMaps(
        (Word("Kitty", ("kitty", "CATS"), "#808080"),), np.full((1, 1, 1), 0.1, np.float32), 1, 1
    )
    assert float(hear(named, logits(4.0), make()).probabilities.max()) > 0.9
    before = maps([0.1], names=("dog",))
    assert hear(before, logits(4.0), make()) is before


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (40, 56, 3), dtype=np.uint8)


@pytest.fixture
def model(tiny_folder):
    return load_model(tiny_folder)


def scores(engine, image, *names):
    return engine.scores(engine.encode(image, "image"), words(*names))


def test_the_engine_hears_it_over_the_whole_image(model, image):
    plain = Engine(model, device="cpu")
    before = scores(plain, image, "cat", "grass")
    pixels = make()
    engine = Engine(replace(model, pixels=pixels), device="cpu")
    after = scores(engine, image, "cat", "grass")
    said = perceive(
        pixels, image, plain.patches(plain.encode(image, "image")), before.probabilities.shape[1:]
    )
    assert said.logits.shape == (1, *before.probabilities.shape[1:])
    assert (said.familiar == 1).all()
    assert np.array_equal(hear(before, said, pixels).probabilities, after.probabilities)
    assert not np.array_equal(before.probabilities[0], after.probabilities[0])


def test_an_image_is_looked_at_once(model, image, monkeypatch):
    looked = []
    real = engine_module.perceive
    monkeypatch.setattr(engine_module, "perceive", lambda *some: looked.append(1) or real(*some))
    engine = Engine(replace(model, pixels=make()), device="cpu")
    first = scores(engine, image, "cat")
    scores(engine, image, "cat", "grass", "dog")
    assert np.array_equal(scores(engine, image, "cat").probabilities, first.probabilities)
    assert len(looked) == 1
    engine.clear()
    scores(engine, image, "cat")
    assert len(looked) == 2


def test_windows_alone_are_not_looked_at(model, image):
    engine = Engine(replace(model, pixels=make()), device="cpu")
    some = []
    whole = engine.encode(image, "image", arrived=some.append, stopped=lambda: len(some) > 0)
    assert some[0].said is None
    assert whole.said is None  # stopped: not whole
    assert engine.encode(image, "image").said is not None


def test_the_card_calibrates_what_was_heard(model, image):
    taught = replace(model, pixels=make())
    plain = scores(Engine(taught, device="cpu"), image, "cat").probabilities
    moved = replace(taught, info=replace(model.info, adjusted=(("cat", 1.0, 2.0),)))
    after = scores(Engine(moved, device="cpu"), image, "cat").probabilities
    shift = np.log(after / (1 - after)) - np.log(plain / (1 - plain))
    assert shift == pytest.approx(2.0, abs=0.01)


def test_its_words_are_known(model):
    model.text.token_embedding.weight.data.zero_()
    assert not Engine(model, device="cpu").knows("cats")
    engine = Engine(replace(model, pixels=make()), device="cpu")
    assert engine.knows("CATS")
    assert engine.trained("cats")
    assert not engine.knows("dog")
    assert not engine.trained("dog")


def test_what_was_shown_is_not_handicapped_as_what_the_heads_learnt(model, image):
    plain = Engine(replace(model, pixels=make()), device="cpu")
    info = replace(model.info, calibration=0.1, trained_words=("grass",))
    calibrated = Engine(replace(model, pixels=make(), info=info), device="cpu")
    for word, same in (("cat", True), ("grass", False)):
        one, other = (scores(each, image, word).probabilities for each in (plain, calibrated))
        assert np.array_equal(one, other) == same
