"""Tensors read from files without running code, and held against what a module expects."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy._core import multiarray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from cascadeclip.core.errors import CheckpointError

_SHOWN = 4
# numpy's own rebuilding of numbers and arrays, under the names that older and newer releases wrote.
_MODULES = ("numpy.core.multiarray", "numpy._core.multiarray")
_DTYPES = (
    "Float64DType", "Float32DType", "Float16DType", "Int64DType", "Int32DType", "UInt8DType",
    "BoolDType",
)  # fmt: skip
_NUMPY = [
    np.ndarray,
    np.dtype,
    *(getattr(np.dtypes, name) for name in _DTYPES),
    *((multiarray.scalar, f"{module}.scalar") for module in _MODULES),
    *((multiarray._reconstruct, f"{module}._reconstruct") for module in _MODULES),
]
# What torch.load was seen to raise, or may, on a file that is damaged or something else.
_BROKEN = (
    RuntimeError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    MemoryError,
    ImportError,
    OSError,
    struct.error,
)


def read_safetensors(path: Path, prefix: str = "") -> dict[str, Tensor]:
    """Read every tensor of a safetensors file into memory of its own; floats become float32.

    With `prefix`, only tensors whose names begin so.
    """
    try:
        with safe_open(path, framework="pt") as file:
            wanted = [key for key in file.keys() if key.startswith(prefix)]  # noqa: SIM118
            return {key: _own(file.get_tensor(key)) for key in wanted}
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no file {path.name}: choose another model.") from error
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path.name} is damaged or no safetensors file: fetch or copy it again."
        ) from error


def read_pickled(path: Path) -> dict[str, Tensor]:
    """Read the state dict of a PyTorch checkpoint; a file that would run code is refused.

    The dictionary itself or its `state_dict` entry is taken, `module.` prefixes fall away. Beside
    tensors and plain values, numpy's numbers and arrays may stand in what is left aside: training
    programs note them there.
    """
    try:
        with torch.serialization.safe_globals(_NUMPY):
            data = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no file {path.name}: choose another model.") from error
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path.name} is damaged or holds more than plain tensors and could run code, "
            "so it was not opened: choose a checkpoint of tensors only."
        ) from error
    except _BROKEN as error:
        raise CheckpointError(
            f"{path.name} is damaged or no PyTorch checkpoint: fetch or copy it again."
        ) from error
    state = data.get("state_dict", data) if isinstance(data, dict) else None
    if not isinstance(state, dict) or not state:
        raise CheckpointError(f"{path.name} holds no weights: choose another checkpoint.")
    odd = [str(key) for key, value in state.items() if not _plain(key, value)]
    if odd:
        raise CheckpointError(
            f"{path.name} holds {some(odd)} where tensors belong: choose another checkpoint."
        )
    return {key.removeprefix("module."): _own(value) for key, value in state.items()}


def _plain(key: object, value: object) -> bool:
    if not isinstance(key, str) or not isinstance(value, Tensor) or value.is_sparse:
        return False
    # A view that repeats a few numbers, or has none, would grow when copied.
    return value.device.type == "cpu" and value.nbytes <= value.untyped_storage().nbytes()


def _own(tensor: Tensor) -> Tensor:
    # A copy, so that no file stays mapped: an open file cannot be replaced on every system.
    dtype = torch.float32 if tensor.is_floating_point() else tensor.dtype
    return tensor.detach().to(dtype, copy=True).contiguous()


def some(keys: Iterable[str]) -> str:
    """Name up to four keys, sorted, and count the others."""
    names = sorted(keys)
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def finite(tensor: Tensor) -> bool:
    """Tell whether every value is a number and none is infinite."""
    if tensor.numel() == 0:
        return True
    # Both ends carry a NaN along; one pass is several times faster than asking every value.
    return all(bool(torch.isfinite(end)) for end in torch.aminmax(tensor))


def check_keys(
    expected: Mapping[str, Sequence[int]], given: Mapping[str, Tensor], file: str
) -> None:
    """Raise CheckpointError unless `given` has exactly the expected names and shapes."""
    missing = set(expected) - set(given)
    if missing:
        raise CheckpointError(f"{file} lacks {some(missing)}: choose a complete checkpoint.")
    unknown = set(given) - set(expected)
    if unknown:
        raise CheckpointError(
            f"{file} has unknown keys ({some(unknown)}): it belongs to another kind of network."
        )
    unfit = {key for key, shape in expected.items() if tuple(given[key].shape) != tuple(shape)}
    if unfit:
        first = min(unfit)
        raise CheckpointError(
            f"{file} has wrong shapes at {some(unfit)}: {first} is {tuple(given[first].shape)} "
            f"and should be {tuple(expected[first])}; choose a matching checkpoint."
        )
    wild = {key for key in expected if not finite(given[key])}
    if wild:
        raise CheckpointError(
            f"{file} holds values that are no numbers at {some(wild)}: fetch or train it again."
        )
