"""Tensors of a TorchScript archive, read as data: its code is never compiled and never run.

`torch.jit.load` would run a stranger's file, and `torch.load(weights_only=True)` refuses this kind.
The archive is a zip whose `data.pkl` is a pickle; here that pickle may use a short list of
operations and name a short list of things, and every name stands for an object of this module
that can do nothing but hold what the file says.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError

_MOST_PICKLE = 4 << 20
_MOST_MEMO = 1 << 20
_MOST_TENSORS = 20_000
_DEEPEST = 32
_LARGEST = 1 << 40
_ALLOWED = {
    *("PROTO", "STOP", "MARK", "GLOBAL", "REDUCE", "NEWOBJ", "BUILD", "BINPERSID"),
    *(
        "NONE",
        "NEWTRUE",
        "NEWFALSE",
        "BININT",
        "BININT1",
        "BININT2",
        "LONG1",
        "BINFLOAT",
        "BINUNICODE",
        "SHORT_BINUNICODE",
    ),
    *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"),
    *("EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS"),
    *("BINGET", "LONG_BINGET", "BINPUT", "LONG_BINPUT", "MEMOIZE"),
}
_STORAGES = {
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


class _Refused(Exception):
    """Report what a harmless archive never holds."""


def is_zip(path: Path) -> bool:
    """Tell whether `path` is a zip that can be looked into; a damaged end is none."""
    try:
        return zipfile.is_zipfile(path)
    except (zipfile.BadZipFile, ValueError):
        return False


def is_torchscript(path: Path) -> bool:
    """Tell whether `path` is a zip laid out as a TorchScript archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/constants.pkl") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def check_zip(path: Path) -> None:
    """Refuse a zip that would grow when opened; PyTorch's own files store everything as it is.

    Raise CheckpointError; a file that is no zip passes.
    """
    if not is_zip(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise CheckpointError(f"{path.name} is damaged: fetch or copy it again.") from error
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise CheckpointError(
            f"{path.name} is larger inside than outside, as no PyTorch file is: "
            "it was not opened, choose another file."
        )


def read_torchscript(path: Path) -> dict[str, Tensor]:
    """Read every tensor of the archive's module by its dotted name, in its own type.

    Raise CheckpointError for a file that is damaged, holds anything but plain modules and
    tensors, or claims more than it holds.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(_Archive(archive, path.stat().st_size))
    except _Refused as error:
        raise CheckpointError(
            f"{path.name} holds {error} and could run code, so it was not opened: "
            "choose a file of plain weights."
        ) from error
    except (
        pickle.UnpicklingError,
        zipfile.BadZipFile,
        *(AttributeError, EOFError, LookupError, MemoryError, NotImplementedError),
        *(OSError, OverflowError, RuntimeError, TypeError, ValueError),
    ) as error:
        raise CheckpointError(f"{path.name} is damaged: fetch or copy it again.") from error


class _Archive:
    """Give the records of one archive; in all no more bytes than twice its size."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive, self._left = archive, 2 * size
        places = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(places) != 1:
            raise KeyError("data.pkl")
        self._root = places[0].removesuffix("data.pkl")

    def record(self, name: str) -> bytes:
        """Return one record; its checksum is verified."""
        entry = self._archive.getinfo(self._root + name)
        # Only the code, which is never read, is compressed in such a file.
        self._left -= entry.file_size
        _need(entry.compress_type == zipfile.ZIP_STORED and self._left >= 0)
        return self._archive.read(entry)

    def program(self) -> bytes:
        """Return the pickle that describes the module."""
        if self._archive.getinfo(self._root + "data.pkl").file_size > _MOST_PICKLE:
            raise _Refused("a description far too long for a model")
        if self._root + "byteorder" in self._archive.namelist():
            _need(self.record("byteorder") == b"little")
        return self.record("data.pkl")

    def tensor(self, piece: _Piece) -> Tensor:
        """Build one tensor in memory of its own."""
        bytes_each = torch.empty(0, dtype=piece.dtype).element_size()
        count, last = 1, piece.offset
        for side, step in zip(piece.shape, piece.strides, strict=True):
            count *= side
            last += (side - 1) * step
        raw = bytearray(self.record(f"data/{piece.key}"))
        _need(count == 0 or (last + 1) * bytes_each <= len(raw))
        _need(len(raw) % bytes_each == 0 and count * bytes_each <= len(raw))
        if count == 0:
            return torch.empty(piece.shape, dtype=piece.dtype)
        flat = torch.frombuffer(raw, dtype=piece.dtype)
        return flat.as_strided(piece.shape, piece.strides, piece.offset).contiguous()


def _need(condition: object) -> None:
    if not condition:
        raise ValueError("a record does not fit its description")


class _Piece:
    """Say where a tensor lies; nothing is read before it is asked for."""

    __slots__ = ("dtype", "key", "offset", "shape", "strides")

    def __init__(
        self, storage: object, offset: object, shape: object, strides: object, *_: object
    ) -> None:
        match storage, offset, shape, strides:
            case _Storage(), int(), tuple(), tuple() if _plain((offset, *shape, *strides)):
                self.dtype, self.key, self.offset = storage.dtype, storage.key, offset
                self.shape, self.strides = shape, strides
            case _:
                raise _Refused("a tensor of an impossible size")

    def __setstate__(self, _: object) -> None:
        raise _Refused("a changed tensor")


def _plain(numbers: tuple[object, ...]) -> bool:
    return all(type(number) is int and 0 <= number < _LARGEST for number in numbers)


class _Storage:
    """Name a record of the archive and the type of its numbers."""

    __slots__ = ("dtype", "key")

    def __init__(self, dtype: torch.dtype, key: str) -> None:
        self.dtype, self.key = dtype, key

    def __setstate__(self, _: object) -> None:
        raise _Refused("a changed storage")


class _Module:
    """Hold the attributes of a module, whatever its class was called."""

    __slots__ = ("attributes",)

    attributes: Mapping[str, object]

    def __new__(cls, *_: object) -> _Module:
        """Make one without looking at what the file hands over."""
        module = super().__new__(cls)
        module.attributes = {}
        return module

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, dict) or not all(isinstance(key, str) for key in state):
            raise _Refused("a module without attributes")
        self.attributes = state


class _Call:
    """Stand for one of the few functions a file may name; it has nothing that can be set."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Callable[..., object]) -> None:
        self._answer = answer

    def __call__(self, *arguments: object) -> object:
        return self._answer(*arguments)

    def __setstate__(self, _: object) -> None:
        raise _Refused("a changed function")


class _Reader(pickle.Unpickler):
    """Know modules, tensors and nothing else."""

    def find_class(self, module: str, name: str, /) -> object:
        """Return what stands for a name in the file, or refuse it; nothing is imported."""
        if module == "__torch__" or module.startswith("__torch__."):
            return _Module
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Call(_Piece)
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if (module, name) == ("collections", "OrderedDict"):  # the hooks of a tensor, always none
            return _Call(lambda *_: None)
        if module == "torch.jit._pickle":  # lists with their type; no list belongs to a CLIP
            return _Call(lambda *_: None)
        raise _Refused(f"{module}.{name}")

    def persistent_load(self, pid: object, /) -> object:
        """Return the storage that a tensor names."""
        match pid:
            case ("storage", torch.dtype() as dtype, str(key), str(), int()) if key.isalnum():
                return _Storage(dtype, key)
        raise _Refused("a storage of an unknown kind")


def _see_operations(program: bytes) -> None:
    # Looked at before anything is built: some operations need no name to do harm, and a place
    # in the memo far out costs gigabytes.
    for operation, argument, _ in pickletools.genops(program):
        if operation.name not in _ALLOWED:
            raise _Refused(f"the operation {operation.name}")
        if operation.name in ("BINPUT", "LONG_BINPUT") and int(argument or 0) > _MOST_MEMO:
            raise _Refused("an absurd reference")


def _read(archive: _Archive) -> dict[str, Tensor]:
    program = archive.program()
    _see_operations(program)
    module = _Reader(io.BytesIO(program)).load()
    if not isinstance(module, _Module):
        raise _Refused("something that is no module")
    return {name: archive.tensor(piece) for name, piece in _pieces(module)}


def _pieces(module: _Module) -> Iterator[tuple[str, _Piece]]:
    """Walk over modules inside modules; one that holds itself ends at the deepest level."""
    waiting: list[tuple[str, object, int]] = [("", module, 0)]
    steps = 0
    while waiting:
        name, value, depth = waiting.pop()
        steps += 1
        if steps > _MOST_TENSORS or depth > _DEEPEST:
            raise _Refused("modules without end")
        if isinstance(value, _Piece):
            yield name, value
        elif isinstance(value, _Module):
            waiting += [
                (f"{name}.{key}" if name else key, item, depth + 1)
                for key, item in value.attributes.items()
                if isinstance(item, _Piece | _Module)
            ]
