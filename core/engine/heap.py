"""Memory that was freed goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Hand freed memory back to the system, where its library keeps some (glibc)."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another library of C has no such call
            ctypes.CDLL(None).malloc_trim(0)
