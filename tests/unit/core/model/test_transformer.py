from __future__ import annotations

import open_clip
import pytest
import torch

from cascadeclip.core.model.transformer import Block, QuickGelu


@pytest.fixture
def pair(clip: open_clip.CLIP) -> tuple[Block, torch.nn.Module]:
    theirs = clip.visual.transformer.resblocks[0]
    ours = Block(16, 2, 64, "quick_gelu").eval()
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def test_block_computes_what_clip_computes(pair: tuple[Block, torch.nn.Module]) -> None:
    ours, theirs = pair
    x = torch.randn(2, 5, 16)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-6)


def test_prompts_are_attended_to_and_dropped(pair: tuple[Block, torch.nn.Module]) -> None:
    ours, theirs = pair
    x, prompts = torch.randn(2, 5, 16), torch.randn(2, 3, 16)
    expected = theirs(torch.cat((prompts, x), dim=1))[:, 3:]
    torch.testing.assert_close(ours(x, prompts), expected, rtol=0, atol=1e-6)


def test_causal_block_does_not_look_ahead(pair: tuple[Block, torch.nn.Module]) -> None:
    ours, _ = pair
    x = torch.randn(1, 5, 16)
    torch.testing.assert_close(ours(x, causal=True)[:, :3], ours(x[:, :3], causal=True))
    assert not torch.allclose(ours(x)[:, :3], ours(x[:, :3]))


def test_quick_gelu_and_its_gradient_are_those_of_the_formula() -> None:
    x = torch.linspace(-9, 9, 41, dtype=torch.float64, requires_grad=True)
    expected = x * torch.sigmoid(1.702 * x)
    outer = torch.linspace(-1, 2, 41, dtype=torch.float64)
    (slope,) = torch.autograd.grad(expected, x, outer)
    result = QuickGelu()(x)
    (found,) = torch.autograd.grad(result, x, outer)
    torch.testing.assert_close(result, expected, rtol=0, atol=0)
    torch.testing.assert_close(found, slope, rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(QuickGelu()(x.detach()), expected.detach(), rtol=0, atol=0)


def test_quick_gelu_keeps_its_input_alone_for_the_gradient() -> None:
    x = torch.randn(7, requires_grad=True)
    kept: list[torch.Tensor] = []

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        QuickGelu()(x)
    assert [tensor.data_ptr() for tensor in kept] == [x.data_ptr()]
