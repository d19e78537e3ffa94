"""Work that others do while the next image is read: packing pixels takes most of an export."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

_MOST = 4


class Workers:
    """Do work in a few threads; a bounded number of pieces waits, so memory does not grow.

    The first error is raised by a later `do`, or when the block ends.
    """

    def __init__(self) -> None:
        self._threads = min(_MOST, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads, "cascadeclip-export")
        self._waiting: deque[Future[None]] = deque()

    def do(self, work: Callable[[], None]) -> None:
        """Have `work` done soon; wait for the oldest piece when too many are not. Raises its error.

        What `work` uses must not be changed afterwards.
        """
        self._waiting.append(self._pool.submit(work))
        while len(self._waiting) > 2 * self._threads:
            self._waiting.popleft().result()

    def finish(self) -> None:
        """Wait until all is done. Raise the first error."""
        while self._waiting:
            self._waiting.popleft().result()

    def drop(self) -> None:
        """Forget what has not begun."""
        for one in self._waiting:
            one.cancel()
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no thread behind; what has not begun is not done when there was an error."""
        try:
            if kind is None:
                self.finish()
        finally:
            self._pool.shutdown(cancel_futures=True)
