"""Logits whose sigmoid is what the window shows."""

import torch

from cascadeclip.train.answers import READOUTS, odds

LOGITS = torch.randn(2, 5, 3, 3, generator=torch.Generator().manual_seed(0)) * 3


def test_the_sigmoid_of_odds_is_the_softmax():
    torch.testing.assert_close(odds(LOGITS).sigmoid(), LOGITS.softmax(dim=1))


def test_odds_stay_finite_where_a_word_is_certain_or_alone():
    certain = torch.tensor([500.0, 0.0]).view(1, 2, 1, 1).requires_grad_()
    found = odds(certain)
    found.sum().backward()
    assert found.isfinite().all()
    assert certain.grad.isfinite().all()
    assert odds(LOGITS[:, :1]).isfinite().all()


def test_a_softmax_is_shared_with_rivals_and_a_word_has_its_best_phrase():
    maps = READOUTS["softmax"].words(LOGITS[:, :3], LOGITS[:, 3:], [2, 1], (3, 3))
    shares = LOGITS.softmax(dim=1)
    wanted = torch.stack((shares[:, :2].amax(dim=1), shares[:, 2]), dim=1)
    torch.testing.assert_close(maps.sigmoid(), wanted)
    alone = READOUTS["sigmoid"].words(LOGITS[:, :3], LOGITS[:, 3:], [2, 1], (3, 3))
    torch.testing.assert_close(alone[:, 1], LOGITS[:, 2])


def test_words_that_all_drift_alike_have_drifted():
    for readout in READOUTS.values():
        assert float(readout.drift(LOGITS, LOGITS)) < 1e-6
        assert float(readout.drift(LOGITS + 1, LOGITS)) > 0.01
        none = LOGITS[:, :0]
        assert float(readout.drift(none, none)) == 0
