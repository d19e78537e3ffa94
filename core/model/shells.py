"""Modules as shells: sizes without memory or values, until weights are put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

_FILLING = {Tensor.normal_, Tensor.uniform_, Tensor.mul, Tensor.__mul__, Tensor.__rmul__}


class _Unfilled(TorchFunctionMode):
    """Leave out what would only compute values.

    Torch hands some of that, where there is no memory, to its compiler, which takes 200 MB and
    seconds to import.
    """

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: Sequence[type],
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        if func is torch.randn:
            return torch.empty(*args)  # type: ignore[call-overload]
        if func is torch.eye:
            return torch.empty(args[0], args[0])  # type: ignore[call-overload]
        if func in _FILLING or getattr(func, "__module__", "") == torch.nn.init.__name__:
            given = (*args, *(kwargs or {}).values())
            return next(one for one in given if isinstance(one, Tensor))
        return func(*args, **(kwargs or {}))


@contextmanager
def shells() -> Iterator[None]:
    """Let every module made meanwhile have parameters of the right shapes and no memory."""
    with torch.device("meta"), _Unfilled():
        yield
