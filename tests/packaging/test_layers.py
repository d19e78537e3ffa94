"""Imports go one way only: resources <- core <- train, app -> core; Qt in app alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOPS = ("app", "core", "resources", "train")
FORBIDDEN = {
    "app": ("cascadeclip.train",),
    "core": ("cascadeclip.app", "cascadeclip.train"),
    "train": ("cascadeclip.app",),
    "resources": ("cascadeclip.app", "cascadeclip.core", "cascadeclip.train"),
}
QT = ("PySide6", "PySide2", "PyQt6", "PyQt5", "shiboken6", "pytestqt")
# The one place where the window and the command line meet training, and that by a process.
SEAM = "app/training.py"


def imported(tree: ast.AST) -> set[str]:
    """Every module named by an import; `from a import b` counts as `a` and as `a.b`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names.update({module} | {f"{module}.{alias.name}" for alias in node.names})
    return names


def violations(path: str, source: str) -> list[str]:
    """What the file at `path` (from the checkout, with slashes) imports and must not."""
    top = path.partition("/")[0]
    forbidden = FORBIDDEN[top] if path != SEAM else ()
    if top != "app":
        forbidden += QT
    found = []
    for name in sorted(imported(ast.parse(source))):
        if name.startswith("."):
            found.append(f"{path}: relative import of {name}")
        if name.partition(".")[0] in TOPS:
            found.append(f"{path}: {name} by its bare name")
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden):
            found.append(f"{path}: {name}")
    return found


def sources(root: Path) -> list[Path]:
    return [path for top in TOPS for path in sorted((root / top).rglob("*.py"))]


def test_imports_go_one_way(root):
    files = sources(root)
    assert len(files) > 15
    found = []
    for path in files:
        name = path.relative_to(root).as_posix()
        found += violations(name, path.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/masks.py", "from cascadeclip import app"),
        ("core/masks.py", "import cascadeclip.train.losses"),
        ("core/masks.py", "def f():\n    from PySide6.QtGui import QImage"),
        ("train/loop.py", "from cascadeclip.app.jobs import Jobs"),
        ("train/loop.py", "import PySide6"),
        ("resources/__init__.py", "from cascadeclip.core import masks"),
        ("app/jobs.py", "from cascadeclip.train import events"),
        ("app/jobs.py", "from ..train import events"),
        ("app/jobs.py", "import core.masks"),
    ],
)
def test_a_planted_violation_is_seen(path, source):
    assert violations(path, source) != []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/training.py", "from cascadeclip.train.events import Step"),
        ("app/jobs.py", "from PySide6.QtCore import QObject\nfrom cascadeclip.core import masks"),
        ("train/loop.py", "import torch\nfrom cascadeclip.core.model import load_model"),
        ("core/masks.py", "from cascadeclip.resources import NAME\nimport application"),
    ],
)
def test_what_is_allowed_passes(path, source):
    assert violations(path, source) == []
