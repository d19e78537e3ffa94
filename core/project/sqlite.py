"""The SQLite library, without the data frames it would import for a feature not used here.

Where pandas is installed it takes longer to import than the rest of the window together.
"""

from __future__ import annotations

import sys

_PANDAS = "pandas"
_absent = _PANDAS not in sys.modules
if _absent:
    sys.modules[_PANDAS] = None  # type: ignore[assignment]  # an import of it fails from here on
try:
    from sqlite_utils import Database, Migrations
finally:
    if _absent:
        del sys.modules[_PANDAS]

__all__ = ["Database", "Migrations"]
