"""The run without Qt really is without Qt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest


def _run_without_qt(folder, body: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_probe.py").write_text(body)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:pytest-qt", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--import-mode=importlib", "-c", str(folder / "pytest.ini"), str(folder)],
        env=os.environ | {"CASCADECLIP_WITHOUT_QT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path, root):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(root / "tests" / "conftest.py", tmp_path / "conftest.py")
    return tmp_path


@pytest.mark.parametrize("module", ["PySide6", "PySide6.QtWidgets", "shiboken6"])
def test_importing_qt_fails_where_it_is_blocked(folder, module):
    result = _run_without_qt(folder, f"def test_probe():\n    import {module}\n")
    assert result.returncode == 1
    assert f"No module named '{module.partition('.')[0]}" in result.stdout


def test_a_test_without_qt_passes_where_it_is_blocked(folder):
    result = _run_without_qt(folder, "def test_probe():\n    import numpy\n")
    assert result.returncode == 0, result.stdout
