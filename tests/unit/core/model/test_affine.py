"""The product of the decoders is the ordinary one, however it is made."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model import affine as module
from cascadeclip.core.model.affine import affine


def _numbers(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("shape", [(1, 1, 64), (1, 7, 64), (3, 5, 64), (64,)])
@torch.inference_mode()
def test_it_is_the_ordinary_product(shape: tuple[int, ...]) -> None:
    weight, bias, x = _numbers(48, 64), _numbers(48), _numbers(*shape)
    torch.testing.assert_close(affine(weight, bias, x), functional.linear(x, weight, bias))


@torch.inference_mode()
def test_half_a_matrix_never_goes_to_onednn_which_is_slow_at_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> Tensor:
        raise AssertionError("asked for a matrix with gaps between its rows")

    monkeypatch.setattr(module, "_ONEDNN", refuse)
    half, bias, x = _numbers(48, 128).chunk(2, dim=1)[0], _numbers(48), _numbers(1, 1, 64)
    torch.testing.assert_close(affine(half, bias, x), functional.linear(x, half, bias))


def test_gradients_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(module, "_ONEDNN", lambda *_: asked.append(1))
    weight = _numbers(48, 64).requires_grad_()
    affine(weight, _numbers(48), _numbers(1, 2, 64)).sum().backward()
    assert weight.grad is not None
    assert weight.grad.any()
    assert not asked


@torch.inference_mode()
def test_a_torch_without_onednn_decodes_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ONEDNN", None)
    weight, bias, x = _numbers(48, 64), _numbers(48), _numbers(1, 2, 64)
    torch.testing.assert_close(affine(weight, bias, x), functional.linear(x, weight, bias))
