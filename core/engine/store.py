"""Features of windows on disk: half precision, bounded, safe against a kill at any moment.

One file per window, named by the digest of everything its content depends on. A file is written
beside and renamed, so it is whole or not there; what it holds is checked when it is read. The
files used longest ago go first when the bound is reached.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from cascadeclip.core.model.network import Features

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 4 << 30
_SUFFIX = ".features"
_LOW_WATER = 0.9  # of the bound is left after it was reached: files do not go one by one


class FeatureStore:
    """Keep features below `folder`, at most `limit` bytes in all. Not thread-safe by itself.

    Several programs may share a folder: each looks again before it throws away.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self._bytes: int | None = None

    @property
    def size(self) -> int:
        """Return the bytes of all files, as far as this object knows; it looks once."""
        if self._bytes is None:
            self._bytes = sum(size for _, size, _ in self._files())
        return self._bytes

    def get(self, key: object) -> Features | None:
        """Return the features of `key` as float32, or None; a damaged file is removed."""
        path = self._path(key)
        try:
            with safe_open(path, framework="pt") as file:
                about = file.metadata() or {}
                stages, cls = file.get_tensor("stages"), file.get_tensor("cls")
            grid = (int(about["high"]), int(about["wide"]))
            whole = int(about["check"]) == _check(stages, cls)
        except FileNotFoundError:
            return None
        except (SafetensorError, OSError, KeyError, ValueError):
            whole = False
        if not whole:
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):  # used just now: read-only folders cannot say so
            os.utime(path)
        return Features(stages.float(), cls.float(), grid)

    def put(self, key: object, features: Features) -> None:
        """Keep features of one window; a disk that is full or read-only is no failure."""
        stages, cls = features.stages.cpu().half(), features.cls.cpu().half()
        about = {
            "high": str(features.grid[0]),
            "wide": str(features.grid[1]),
            "check": str(_check(stages, cls)),
        }
        data = save({"stages": stages.contiguous(), "cls": cls.contiguous()}, metadata=about)
        if len(data) > self.limit:
            return
        path = self._path(key)
        with contextlib.suppress(OSError):
            others = self.size - (path.stat().st_size if path.exists() else 0)
            self._write(path, data)
            self._bytes = others + len(data)
            if self._bytes > self.limit:
                self._make_room()

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".partial")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _make_room(self) -> None:
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self.limit * _LOW_WATER:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._bytes = total

    def _files(self) -> Iterable[tuple[int, int, Path]]:
        """Yield time of last use, size and path; also of what a kill left half written."""
        for pattern in (f"*/*{_SUFFIX}", "*/*.partial"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):  # another program removed it meanwhile
                    found = path.stat()
                    yield found.st_mtime_ns, found.st_size, path

    def _path(self, key: object) -> Path:
        name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        return self.folder / name[:2] / (name[2:] + _SUFFIX)


def _check(*tensors: torch.Tensor) -> int:
    total = 0
    for tensor in tensors:
        total = zlib.crc32(tensor.contiguous().numpy().tobytes(), total)
    return total


def rounded(features: Features) -> Features:
    """Return features as a store would give them back, so that fresh and kept ones are the same."""
    return Features(features.stages.half().float(), features.cls.half().float(), features.grid)
