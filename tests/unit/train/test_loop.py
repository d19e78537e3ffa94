from dataclasses import replace

import numpy as np
import pytest
import torch

from cascadeclip.train.answers import best_phrase
from cascadeclip.train.data.corrections import BACKGROUND, Truth
from cascadeclip.train.data.views import View
from cascadeclip.train.learning import trainable
from cascadeclip.train.lesson import Lesson
from cascadeclip.train.loop import Trainer
from cascadeclip.train.objective import Objective
from cascadeclip.train.recipes import find_recipe, rate_at

LESSON = Lesson(words=(("cat", "kitten"), ("dog",)), shy=frozenset(), strangers=("tree",))
RECIPE = replace(find_recipe("quick", steps=12), rate=5e-3, batch=2)


def never():
    return False


def silent(step, total, loss):
    pass


def views(count=3):
    rng = np.random.default_rng(0)
    labels = np.full((16, 16), BACKGROUND, dtype=np.int16)
    labels[:, :8] = 0
    for _ in range(count):
        pixels = rng.integers(0, 255, (32, 32, 3)).astype(np.uint8)
        yield View(pixels, Truth(labels, (), ()))


def trainer_of(model, recipe=RECIPE, seed=0):
    trainer = Trainer(model, LESSON, recipe, device="cpu", seed=seed)
    trainer.cache(views(), never)
    return trainer


def state_of(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


def equal(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_the_parent_is_never_touched_and_share_zero_is_the_parent(model):
    model.network.half().float()
    before = state_of(model.network)
    trainer = trainer_of(model)
    trainer.run(silent, never)
    assert equal(before, state_of(model.network))
    assert not equal(before, state_of(trainer.network))
    trainer.blend(0.0)
    assert equal(before, state_of(trainer.network))


def test_what_is_blended_fits_half_precision_exactly(model):
    trainer = trainer_of(model)
    trainer.run(silent, never)
    trainer.blend(0.5)
    for value in trainable(trainer.network, prompts=False).values():
        assert torch.equal(value, value.half().float())


def test_new_words_are_read_before_any_weight_moves_and_share_zero_reads_them_so(model):
    parent = state_of(model.network)
    half = replace(RECIPE, steps=RECIPE.steps // 2)
    lesson = replace(LESSON, corrected=frozenset({0}))
    with torch.no_grad():
        model.text.token_embedding.weight.zero_()
    model.text.forget()
    trainer = Trainer(model, lesson, RECIPE, device="cpu", seed=0)
    trainer.cache(views(), never)
    moved, rows = [], []

    def on_step(step, total, loss):
        moved.append(not equal(parent, state_of(trainer.network)))
        rows.append(trainer._reader.state()[0].clone())

    trainer.run(on_step, never)
    assert moved == [step >= half.steps for step in range(RECIPE.steps)]
    assert not torch.equal(rows[0], rows[half.steps - 1])
    assert not torch.equal(rows[half.steps - 1], rows[-1])
    first = trainer.text.encode(LESSON.words[0], model.info.templates).clone()
    trainer.blend(0.0)
    assert not torch.equal(trainer.text.encode(LESSON.words[0], model.info.templates), first)
    trainer.blend(1.0)
    assert torch.equal(trainer.text.encode(LESSON.words[0], model.info.templates), first)


def test_a_stop_ends_the_run_at_the_next_step(model):
    steps = []

    def on_step(step, total, loss):
        steps.append((step, total))

    losses = trainer_of(model).run(on_step, lambda: len(steps) >= 4)
    assert steps == [(1, 12), (2, 12), (3, 12), (4, 12)]
    assert len(losses) == 4


def test_after_a_run_nothing_learns_and_nothing_drops_out(model):
    trainer = trainer_of(model)
    trainer.run(silent, never)
    assert not trainer.network.training
    assert not any(one.requires_grad for one in trainer.network.parameters())


def test_the_parents_answers_for_strangers_hold_the_child_back(model):
    drift = {}
    for weight in (0.0, 300.0):
        trainer = trainer_of(model, replace(RECIPE, agreement=weight, steps=30))
        pixels = torch.randn(1, 3, 32, 32)
        tree = model.text.encode(["tree"], model.info.templates)
        trainer.run(silent, never)
        with torch.no_grad():
            child = trainer.network.decode(trainer.network.encode(pixels), tree).sigmoid()
            parent = model.network.decode(model.network.encode(pixels), tree).sigmoid()
        drift[weight] = float((child - parent).abs().mean())
    assert drift[300.0] < drift[0.0] / 2


def test_the_best_phrase_speaks_for_a_word():
    logits = torch.tensor([1.0, 3.0, 2.0]).view(1, 3, 1, 1)
    assert best_phrase(logits, [2, 1]).flatten().tolist() == [3.0, 2.0]
    assert torch.equal(best_phrase(logits, [1, 1, 1]), logits)


def test_a_step_sees_the_words_of_its_views_and_a_bounded_number_of_others(model):
    many = Lesson(tuple((f"w{n}",) for n in range(40)), frozenset(), ())
    objective = Objective(
        model.network, model, many, replace(RECIPE, words=5), device=torch.device("cpu"), seed=0
    )
    labels = np.array([[37, 12]], dtype=np.int16)
    view = View(np.zeros((32, 32, 3), np.uint8), Truth(labels, (), ((3, labels > 0),)))
    chosen = objective.choose(objective.encode([view]), np.random.default_rng(0))
    assert len(chosen) == 5
    assert {3, 12, 37} <= set(chosen)


def test_the_rate_warms_up_and_falls_to_nearly_nothing():
    recipe = find_recipe("quick", steps=100)
    rates = [rate_at(recipe, step) for step in range(100)]
    assert rates[0] == pytest.approx(recipe.rate / 10)
    assert max(rates) <= recipe.rate
    assert max(rates) > 0.9 * recipe.rate
    assert 0 < rates[-1] < 0.03 * recipe.rate


def test_a_vocabulary_without_strangers_is_learnt_too(model):
    trainer = Trainer(model, replace(LESSON, strangers=()), RECIPE, device="cpu", seed=0)
    assert trainer.cache(views(), never) == 3
    assert len(trainer.run(silent, never)) == 12


def watching(model, **options):
    """Train with views that are watched, and return the losses and what was checked."""
    trainer, checked = trainer_of(model, replace(RECIPE, **options)), []
    trainer.watch(views(2))
    losses = trainer.run(silent, never, on_check=lambda *told: checked.append(told))
    return losses, checked, trainer


def test_watched_views_are_measured_before_and_twenty_times_and_change_nothing(model):
    losses, checked, trainer = watching(model, steps=40)
    assert [step for step, _, _ in checked] == list(range(0, 41, 2))
    assert {total for _, total, _ in checked} == {40}
    assert checked[-1][2] < checked[0][2]
    plain = trainer_of(model, replace(RECIPE, steps=40))
    assert plain.run(silent, never) == losses
    assert equal(state_of(plain.network), state_of(trainer.network))


def test_the_last_check_is_of_the_weights_that_are_kept(model):
    _, checked, trainer = watching(model)
    words = trainer._objective.choose(trainer._watched, np.random.default_rng(0))
    with torch.no_grad():
        kept = trainer._objective.loss(trainer._watched, words)
    assert float(kept) == pytest.approx(checked[-1][2], rel=1e-5)


def test_without_views_to_watch_nothing_is_checked(model):
    checked = []
    trainer_of(model).run(silent, never, on_check=lambda *told: checked.append(told))
    assert checked == []


def test_a_curve_that_finds_no_memory_costs_no_run(model, monkeypatch):
    real = Objective.loss

    def scarce(self, *some, **more):
        if not torch.is_grad_enabled():
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(self, *some, **more)

    expected, _, trainer = watching(model)
    monkeypatch.setattr(Objective, "loss", scarce)
    losses, checked, other = watching(model)
    assert (losses, checked) == (expected, [])
    assert equal(state_of(trainer.network), state_of(other.network))
