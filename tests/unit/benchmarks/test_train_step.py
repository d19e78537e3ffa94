"""The plain step that ours is measured against computes the same thing, the long way."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
from torch import nn

from cascadeclip.core.model.config import NetworkConfig, TextConfig

NETWORK = NetworkConfig(
    patch=4, width=16, layers=8, heads=2, embed=16, grid=8, prompts=3, decoder_heads=2,
    decoder_ff=24, stages=((1, 2, 3), (4, 5, 6), (7,)),
)  # fmt: skip
TEXT = TextConfig(width=16, layers=2, heads=2, context=12, embed=16)
WORDS, TOKENS, PROMPTS = 4, 1 + 64 + 3, 3
TINY = [
    "--side", "32", "--patch", "4", "--width", "32", "--layers", "8", "--heads", "2",
    "--embed", "16", "--prompts", "2", "--words", "3", "--text-width", "16",
    "--text-layers", "1", "--decoder-ff", "32", "--repeats", "1",
]  # fmt: skip


@pytest.fixture
def bench(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import train_step

    return train_step


@pytest.fixture
def sizes(bench):
    return bench.Sizes(NETWORK, TEXT, side=32, batch=2, words=WORDS)


@pytest.fixture
def pair(bench, sizes):
    torch.manual_seed(3)
    network, text = bench.build_ours(sizes)
    with torch.no_grad():
        for parameter in (*network.parameters(), *text.parameters()):
            parameter += 0.1 * torch.randn(parameter.shape)
    plain = bench.build_plain(sizes)
    bench.copy_weights(plain, network, text)
    return network.eval(), plain.eval(), bench.make_task(sizes, text)


def test_both_find_the_same_loss(bench, pair):
    losses = bench.agreement(*pair)
    assert losses["loss_ours"] == pytest.approx(losses["loss_plain"], rel=1e-5)
    assert losses["loss_ours"] > 1


def test_different_losses_are_refused(bench, pair):
    network, plain, task = pair
    with torch.no_grad():
        plain.queries[0].weight += 1
    with pytest.raises(ValueError, match="losses differ"):
        bench.agreement(network, plain, task)


def test_both_find_the_same_gradients(bench, pair):
    network, plain, task = pair
    bench.ours_loss(network, task).backward()
    bench.full_loss(plain, task).backward()
    pairs = {
        "prompts": (network.encoder.deep_prompt_embeddings, plain.tower.deep_prompt_embeddings),
        "first": (network.encoder.prompt_embeddings, plain.tower.prompt_embeddings),
        "descriptor": (network.decoders[0].query.weight, plain.queries[0].weight),
        "values": (network.decoders[1].layers[1].v.weight, plain.decoders[1][1].v.weight),
        "map": (network.decoders[2].last.k.weight, plain.decoders[2][2].k.weight),
        "weights": (network.aggregation.weights["1"], plain.weights[1]),
    }
    for name, (ours, theirs) in pairs.items():
        assert ours.grad.abs().max() > 0, name
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-5, msg=name)


def counted(monkeypatch, name, owner=torch):
    shapes = []
    function = getattr(owner, name)

    def count(x, *args, **options):
        shapes.append(tuple(x.shape))
        return function(x, *args, **options)

    monkeypatch.setattr(owner, name, count)
    return shapes


def test_plain_attends_with_every_token_and_in_all_nine_layers(bench, pair, monkeypatch):
    network, plain, task = pair
    shapes = counted(monkeypatch, "softmax")
    bench.full_loss(plain, task)
    tower = [(2, 2, TOKENS, TOKENS)] * NETWORK.layers
    assert shapes[: TEXT.layers] == [(WORDS, 2, TEXT.context, TEXT.context)] * TEXT.layers
    assert shapes[TEXT.layers : -9] == tower
    assert shapes[-9:] == [(2, 2, WORDS, 64)] * 9
    shapes.clear()
    fused = counted(monkeypatch, "scaled_dot_product_attention", nn.functional)
    bench.ours_loss(network, task)
    assert shapes == []
    assert fused[: NETWORK.layers] == [(2, 2, TOKENS - PROMPTS, 8)] * NETWORK.layers
    # the decoders of a step attend without keys and values of their own (`Decoder.once`)
    assert fused[NETWORK.layers :] == []


def test_plain_projects_prompts_too_and_keeps_what_cannot_matter(pair):
    _, plain, task = pair
    seen = []
    plain.tower.stage_norms[0].register_forward_hook(lambda m, i, out: seen.append(out.shape))
    plain(task.images, plain.words(task.tokens)).sum().backward()
    assert seen == [(2, TOKENS, 16)]
    idle = {name for name, p in plain.named_parameters() if p.requires_grad and p.grad is None}
    assert any("self_attn" in name for name in idle)
    assert "decoders.0.2.linear1.weight" in idle
    assert not any(name.startswith("decoders.0.0.linear") for name in idle)
    assert all(p.grad is None for p in plain.text.parameters())


def test_ours_saves_less(bench, pair):
    network, plain, task = pair
    ours = bench.saved_bytes(lambda: bench.ours_loss(network, task), network)
    theirs = bench.saved_bytes(lambda: bench.full_loss(plain, task), plain)
    assert 0 < ours < theirs


def test_the_script_prints_one_object(root):
    command = [sys.executable, str(root / "benchmarks" / "train_step.py"), *TINY, "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(answer.stdout)
    assert figures["times_faster_clock_min"] == pytest.approx(
        figures["plain_clock_min_s"] / figures["ours_clock_min_s"]
    )
    assert figures["plain_without_text_cpu_min_s"] <= figures["plain_cpu_min_s"]
    assert figures["ours_saved_bytes"] < figures["plain_saved_bytes"]
    assert figures["options"]["words"] == 3
