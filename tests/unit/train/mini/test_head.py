"""The head starts as the training-free answer and never decodes an unseen word in training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from cascadeclip.core.scenes import INDEX, WORDS
from cascadeclip.train.fit.start import fit_logits
from cascadeclip.train.mini import recipe
from cascadeclip.train.mini.batches import SEEN, SEEN_INDEX, UNSEEN, Batch
from cascadeclip.train.mini.head import _sample, build_head
from cascadeclip.train.mini.towers import Tokens, build_clip


def _batch(labels: torch.Tensor) -> Batch:
    present = torch.zeros(len(labels), len(WORDS), dtype=torch.bool)
    present.scatter_(1, labels.flatten(1), 1)
    return Batch(torch.zeros(len(labels), 3, 96, 96), labels, [""] * len(labels), present)


def test_seen_and_unseen_share_nothing() -> None:
    assert set(SEEN) | set(UNSEEN) == {word.name for word in WORDS}
    assert not set(SEEN) & set(UNSEEN)


def test_a_step_decodes_what_is_there_and_other_seen_words_only() -> None:
    labels = SEEN_INDEX[torch.randint(0, 20, (3, 96, 96))]
    queries, mapped = _sample(_batch(labels), np.random.default_rng(0))
    assert len(queries.unique()) == len(queries) == 72
    assert torch.isin(queries, SEEN_INDEX).all()
    assert torch.equal(queries[mapped], labels)


def test_the_head_starts_near_word_against_patch() -> None:
    torch.manual_seed(1)
    network = build_head(build_clip(Tokens()))
    with torch.no_grad():
        words = torch.nn.functional.normalize(torch.randn(40, 128), dim=1)
        features = network.encode(torch.randn(2, 3, 96, 96))
        start = network.decode(features, words).flatten(2)
        plain = torch.einsum("bsnd,cd->bcn", features.stages, words)
    together = torch.corrcoef(torch.stack([start.flatten(), plain.flatten()]))[0, 1]
    assert together > 0.8


def test_fitted_logits_put_right_words_above_wrong_ones() -> None:
    torch.manual_seed(2)
    network = build_head(build_clip(Tokens()))
    words = torch.nn.functional.normalize(torch.randn(len(WORDS), 128), dim=1)
    labels = torch.full((2, 96, 96), INDEX["cat"])
    batch = _batch(labels)
    fit_logits(network, words, batch.images, batch.labels)
    with torch.no_grad():
        logits = network.decode(network.encode(torch.zeros(2, 3, 96, 96)), words)
    assert logits.mean().item() == pytest.approx(-4, abs=0.01)


def test_a_finished_stage_is_not_run_again(tmp_path: Path) -> None:
    ran: list[int] = []

    def stage() -> None:
        ran.append(1)
        (tmp_path / "crops.pt").write_bytes(b"weights")

    recipe._once(tmp_path / "crops.pt", tmp_path, stage)
    recipe._once(tmp_path / "crops.pt", tmp_path, stage)
    assert ran == [1]
    (tmp_path / "crops.pt").unlink()
    recipe._once(tmp_path / "crops.pt", tmp_path, stage)
    assert ran == [1, 1]
