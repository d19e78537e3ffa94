"""A memory cache that never holds more than its stated bytes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Keep the values used last, up to `limit` bytes in all. Not thread-safe by itself."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Value | None:
        """Return the value of `key` and mark it as just used, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, value: Value, *, size: int) -> None:
        """Keep `value`, which takes `size` bytes; drop the oldest until the limit holds.

        A value larger than the limit is not kept: it would only push everything else out.
        """
        self._drop(key)
        if size > self.limit:
            return
        while self.bytes + size > self.limit:
            self._drop(next(iter(self._entries)))
        self._entries[key] = (value, size)
        self.bytes += size

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry[1]
