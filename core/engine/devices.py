"""Choose the device by trying it: a driver in a list proves nothing."""

from __future__ import annotations

import torch

from cascadeclip.core.errors import DeviceUnavailable


def choose_device(wanted: str = "auto") -> torch.device:
    """Return the device for "auto", "cpu" or "cuda"; auto is cuda where it really computes.

    Raise DeviceUnavailable for a cuda that was asked for and does not work, or another name.
    """
    if wanted == "cpu":
        return torch.device("cpu")
    if wanted not in {"auto", "cuda"}:
        msg = f"There is no device called {wanted!r}; choose auto, cuda or cpu."
        raise DeviceUnavailable(msg)
    if cuda_works():
        return torch.device("cuda")
    if wanted == "cuda":
        msg = "No graphics card answers through CUDA here; choose the device auto or cpu."
        raise DeviceUnavailable(msg)
    return torch.device("cpu")


def cuda_works() -> bool:
    """Return whether a small product on the graphics card comes back right."""
    if not torch.cuda.is_available():
        return False
    try:
        ones = torch.ones(8, 8, device="cuda")
        return float((ones @ ones).sum()) == 512.0
    except RuntimeError:  # a driver too old for this torch, or a card that is full
        return False
