"""Reference numbers of the released code, looked for beside the checkout; skipped without."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference() -> Path:
    for parent in Path(__file__).resolve().parents:
        folder = parent.parent / "shared" / "reference"
        if (folder / "cascade_tiny.npz").is_file():
            return folder
    pytest.skip("the reference numbers are not here")
