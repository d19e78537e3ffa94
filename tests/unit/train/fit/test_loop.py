from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model import CascadeCLIP
from cascadeclip.train.events import Event, Step
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.fit.loop import Fitter
from cascadeclip.train.fit.state import STATE
from cascadeclip.train.losses import cascade_loss, pseudo_labels

Make = Callable[..., Fitter]


def nobody() -> bool:
    return False


def quiet(event: Event) -> None:
    """Hear nothing."""


def weights(run: Fitter) -> dict[str, Tensor]:
    return {name: value.detach() for name, value in run.trained.items()}


@pytest.mark.parametrize("setting", ["inductive", "transductive", "full"])
def test_a_run_learns_in_every_setting(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig, setting: str
) -> None:
    longer = dataclasses.replace(config, setting=setting, steps=40, rate=3e-3)
    run = fitter(network, longer)
    heard: list[Event] = []
    assert run.run(heard.append, nobody)
    assert [event.step for event in heard if isinstance(event, Step)] == list(range(1, 41))
    assert sum(run.losses[-5:]) < 0.7 * sum(run.losses[:5])
    assert not run.learner.training


def test_the_first_loss_is_that_of_the_paper(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig
) -> None:
    still = dataclasses.replace(network.config, dropout=0.0)
    bare = CascadeCLIP(still)
    bare.load_state_dict(network.state_dict())
    run = fitter(bare, dataclasses.replace(config, steps=1))
    images, labels = next(run.parts())
    logits = bare(images, words[:3]).detach()
    table = torch.full((256,), 255)
    table[:3] = torch.arange(3)
    expected = sum(cascade_loss(logits, table[labels.long()]).values())
    run.run(quiet, nobody)
    assert run.losses[0] == pytest.approx(float(expected), rel=1e-5)


def test_self_training_labels_unseen_pixels_itself(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig
) -> None:
    bare = CascadeCLIP(dataclasses.replace(network.config, dropout=0.0))
    bare.load_state_dict(network.state_dict())
    run = fitter(bare, dataclasses.replace(config, steps=1, setting="transductive"))
    images, labels = next(run.parts())
    logits = bare(images, words).detach()
    targets = torch.where(labels == 3, -1, labels.long())
    expected = cascade_loss(logits, pseudo_labels(logits, targets, seen=(0, 1, 2)))
    run.run(quiet, nobody)
    assert run.losses[0] == pytest.approx(float(sum(expected.values())), rel=1e-5)


def test_going_on_equals_never_having_stopped(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig, tmp_path: Path
) -> None:
    whole = fitter(network, config)
    assert whole.run(quiet, nobody)
    first = fitter(network, config, tmp_path)
    assert not first.run(quiet, lambda: first.step == 3)
    assert first.step == 3
    torch.manual_seed(99)  # whatever ran in between
    second = fitter(network, config, tmp_path)
    assert second.resume()
    assert second.step == 3
    assert second.run(quiet, nobody)
    assert first.losses + second.losses == whole.losses
    for name, value in weights(whole).items():
        assert torch.equal(weights(second)[name], value), name


def test_a_run_of_other_settings_is_not_continued(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig, tmp_path: Path
) -> None:
    fitter(network, config, tmp_path).run(quiet, nobody)
    other = fitter(network, dataclasses.replace(config, rate=1.0), tmp_path)
    with pytest.raises(TrainingFailed, match="other settings"):
        other.resume()
    (tmp_path / STATE).write_bytes(b"PK\x03\x04 no state")
    with pytest.raises(TrainingFailed, match="damaged"):
        fitter(network, config, tmp_path).resume()


def test_parts_of_a_batch_give_the_gradient_of_the_whole(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig
) -> None:
    assert network.config.dropout
    whole = fitter(network, config)
    parts = fitter(network, dataclasses.replace(config, accumulate=2))
    whole.run(quiet, nobody)
    parts.run(quiet, nobody)
    assert parts.losses == pytest.approx(whole.losses, rel=1e-4)


@pytest.mark.parametrize("loss", ["dice", "ssim"])
def test_the_same_seed_gives_the_same_run_and_another_seed_another(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig, loss: str
) -> None:
    config = dataclasses.replace(config, loss=loss, steps=3)
    first, again = fitter(network, config), fitter(network, config)
    other = fitter(network, dataclasses.replace(config, seed=6))
    for run in (first, again, other):
        run.run(quiet, nobody)
    assert first.losses == again.losses
    assert first.losses != other.losses


def test_a_step_keeps_nothing_it_does_not_need(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig
) -> None:
    run = fitter(network, dataclasses.replace(config, steps=3))
    run.run(quiet, nobody)
    frozen = [
        value for name, value in run.learner.network.named_parameters() if name not in run.trained
    ]
    assert frozen
    assert all(value.grad is None and not value.requires_grad for value in frozen)
    assert all(value.grad is not None for value in run.trained.values())
    assert not [name for name, _ in run.learner.named_modules() if "token_embedding" in name]
    before = dict(network.named_parameters())
    for name, value in run.learner.network.named_parameters():
        assert torch.equal(value, before[name]) == (name not in run.trained), name


def test_half_precision_stays_near(
    fitter: Make, network: CascadeCLIP, words: Tensor, config: FitConfig
) -> None:
    config = dataclasses.replace(config, steps=2)
    full = fitter(network, config)
    half = fitter(network, dataclasses.replace(config, amp="bf16"))
    full.run(quiet, nobody)
    half.run(quiet, nobody)
    assert half.losses != full.losses
    assert half.losses == pytest.approx(full.losses, rel=0.05)
