"""How much memory this program has."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def own_bytes() -> int | None:
    """Return the bytes of memory this process holds now; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def card_bytes() -> int | None:
    """Return the bytes of the graphics card that torch holds here; None while it is not loaded."""
    torch = sys.modules.get("torch")
    return None if torch is None else int(torch.cuda.memory_reserved())
