"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast

import pytest

TOPS = ("app", "core", "resources", "train", "scripts")
FILE_LINES = 400
FUNCTION_LINES = 40


def long_functions(name: str, source: str) -> list[str]:
    """Every function longer than the limit, docstring and all."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = node.end_lineno - node.lineno + 1
        if lines > FUNCTION_LINES:
            found.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    return found


def sources(root):
    return [path for top in TOPS for path in sorted((root / top).rglob("*.py"))]


def test_no_file_is_longer_than_400_lines(root):
    files = sources(root)
    assert len(files) > 15
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in files
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_40_lines(root):
    found = []
    for path in sources(root):
        found += long_functions(path.relative_to(root).as_posix(), path.read_text("utf-8"))
    assert found == []


@pytest.mark.parametrize(("lines", "count"), [(FUNCTION_LINES - 1, 0), (FUNCTION_LINES, 1)])
def test_a_planted_long_function_is_seen(lines, count):
    body = "    x = 1\n" * lines
    assert len(long_functions("x.py", f"def f():\n{body}")) == count
