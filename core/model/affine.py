"""The product x W' + b where words are decoded: the fastest one at hand on a processor."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

# What torch.compile itself puts in a linear layer's place on processors. A torch without it, or
# without oneDNN, takes its ordinary product.
_ONEDNN = getattr(torch.ops.mkldnn, "_linear_pointwise", None)


def affine(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """Return x W' + b: weight OxI, bias O, x ...xI give ...xO.

    Outside of inference mode this is `functional.linear`, which gradients pass and exporters
    know. In float32 on a processor oneDNN does it: it uses the widest instructions there are,
    also where the library behind the ordinary product does not, and takes half its time then,
    for one word as for many. Its sums run in another order: results differ by a few 1e-7 of
    their size.
    """
    fitting = x.dtype == weight.dtype == torch.float32 and weight.device.type == "cpu"
    if _ONEDNN is None or not (fitting and weight.is_contiguous()):
        return functional.linear(x, weight, bias)
    if not torch.is_inference_mode_enabled() or torch.compiler.is_compiling():
        return functional.linear(x, weight, bias)
    result: Tensor = _ONEDNN(x, weight, bias, "none", [], "")
    return result
