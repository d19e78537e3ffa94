from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from cascadeclip.core.model import CascadeCLIP, DenseCLIP
from cascadeclip.core.model.config import DenseConfig
from cascadeclip.core.model.dense import cascade_from_dense
from cascadeclip.train.fit.start import STARTS, fit_logits


def test_at_random_nothing_changes(network: CascadeCLIP) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    STARTS["random"](network)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


@torch.no_grad()
def test_from_text_a_word_scores_the_patches_that_are_like_it(network: CascadeCLIP) -> None:
    wide = CascadeCLIP(
        dataclasses.replace(network.config, embed=64, decoder_heads=4, decoder_ff=64)
    ).eval()
    STARTS["text"](wide)
    features = wide.encode(torch.randn(1, 3, 16, 16))
    memory = torch.nn.functional.normalize(torch.randn(1, 2, 16, 64), dim=-1)
    features = dataclasses.replace(features, stages=memory)
    words = memory[0, :, 3]
    scores = wide.decode(features, words).flatten(2)[0]
    plain = torch.stack([word @ memory[0].sum(0).T for word in words])
    both = torch.stack((scores.flatten(), plain.flatten()))
    assert torch.corrcoef(both)[0, 1] > 0.8


def test_other_aggregations_begin_as_the_mean_of_their_blocks(network: CascadeCLIP) -> None:
    config = dataclasses.replace(network.config, aggregation="concat")
    built = CascadeCLIP(config)
    STARTS["text"](built)
    maps = [torch.randn(2, 5, 8) for _ in range(3)]
    found = built.aggregation(maps)
    torch.testing.assert_close(found[:, 0], (maps[0] + maps[1]) / 2)


def test_scale_and_bias_put_right_words_above_wrong_ones(
    network: CascadeCLIP, words: Tensor
) -> None:
    config = dataclasses.replace(network.config, logit_scale=1.0, logit_bias=0.0)
    scaled = CascadeCLIP(config)
    images = torch.randn(3, 3, 16, 16)
    with torch.no_grad():
        best = scaled.eval().decode(scaled.encode(images), words).argmax(1)
    labels = best.repeat_interleave(4, 1).repeat_interleave(4, 2)
    labels[:, :8] = 255
    fit_logits(scaled, words, images, labels)
    with torch.no_grad():
        logits = scaled.decode(scaled.encode(images), words)
    right = logits.gather(1, best[:, None])[:, :, 2:]
    assert float(logits.mean()) < float(right.mean())
    assert abs(float(logits.mean()) + 4) < 1e-3


def test_a_network_without_scale_is_left_alone(network: CascadeCLIP, words: Tensor) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fit_logits(network, words, torch.randn(1, 3, 16, 16), torch.zeros(1, 16, 16))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


ZERO_SHOT_TOLERANCE = 0.03


@torch.no_grad()
def test_from_zero_shot_step_0_is_clips_own_answer() -> None:
    from cascadeclip.core.engine.models import bundled_model
    from cascadeclip.core.model import load_model
    from cascadeclip.core.scenes import DEMO_WORDS

    model = load_model(bundled_model())
    network = model.cascade
    STARTS["zero-shot"](network)
    assert network.logit_scale is not None
    assert network.logit_bias is not None
    network.logit_scale.fill_(1)
    network.logit_bias.fill_(0)
    assert model.text is not None
    words = model.text.encode(DEMO_WORDS, model.info.templates)
    features = network.encode(torch.randn(2, 3, 64, 64))
    last = torch.nn.functional.normalize(features.stages[:, -1], dim=-1)
    cosine = (words @ last.transpose(1, 2)).view(2, len(words), *features.grid)
    found = network.decode(features, words)
    assert float((found - cosine).abs().max()) < ZERO_SHOT_TOLERANCE
    assert float((found.argmax(1) == cosine.argmax(1)).float().mean()) > 0.97


def test_from_zero_shot_every_stage_can_learn(network: CascadeCLIP, words: Tensor) -> None:
    STARTS["zero-shot"](network)
    network.decode(network.encode(torch.randn(1, 3, 16, 16)), words).square().sum().backward()
    for decoder in network.decoders:
        assert decoder.last.k.weight.grad is not None  # type: ignore[union-attr]
        assert float(decoder.last.k.weight.grad.abs().sum()) > 0  # type: ignore[union-attr]


@torch.no_grad()
def test_from_zero_shot_nothing_is_lost_of_words_that_are_known_then() -> None:
    torch.manual_seed(3)
    sizes = {"patch": 4, "width": 16, "layers": 7, "heads": 2, "embed": 32, "grid": 3}
    dense = DenseCLIP(DenseConfig(**sizes)).eval()
    texts = torch.nn.functional.normalize(torch.randn(20, 32), dim=-1)
    cascade, images = cascade_from_dense(dense), torch.randn(2, 3, 12, 12)
    STARTS["zero-shot"](cascade, texts, gain=dense.config.logit_scale)
    features, expected = cascade.encode(images), dense.decode(dense.encode(images), texts)
    for given in (features, cascade.prepare(features)):
        found = cascade.decode(given, texts)
        assert float((found - expected).abs().max()) < 1e-4 * dense.config.logit_scale
