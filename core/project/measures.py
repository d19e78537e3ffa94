"""What training measured, taken apart into columns and rows and put together again.

Migration 4 uses this for the JSON of older files: what it makes of them does not change any more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

Metrics = dict[str, Any]
Path = tuple[str, ...]
# part, name, word, value: ("after", "per_word", "cat", 0.6) or ("", "share", None, 0.75)
Measure = tuple[str, str, str | None, float]

_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what a run measured: what it took and advised, numbers as rows, and the rest."""

    seconds: float | None
    advised: bool | None
    reason: str | None
    rows: tuple[Measure, ...]
    rest: Metrics


def apart(metrics: Mapping[str, Any]) -> Measured:
    """Take what training measured apart; numbers deeper than three names belong to the rest."""
    left = dict(metrics)
    seconds, advised, reason = (left.get(name) for name in ("seconds", "activate", "reason"))
    if _is_number(seconds):
        del left["seconds"]
    if isinstance(advised, bool):
        del left["activate"]
    if isinstance(reason, str):
        del left["reason"]
    rows: list[Measure] = []
    rest: Metrics = {}
    for path, value in _leaves(left, ()):
        if _is_number(value) and all(path) and len(path) <= _DEPTH:
            part, name, word = ("", *path, None) if len(path) == 1 else (*path, None)[:_DEPTH]
            rows.append((part or "", name or "", word, value))
        else:
            _put(rest, path, value)
    return Measured(
        seconds=seconds if _is_number(seconds) else None,
        advised=advised if isinstance(advised, bool) else None,
        reason=reason if isinstance(reason, str) else None,
        rows=tuple(rows),
        rest=rest,
    )


def together(measured: Measured) -> Metrics:
    """Return what `apart` took apart."""
    metrics: Metrics = json.loads(json.dumps(measured.rest))
    for part, name, word, value in measured.rows:
        _put(metrics, tuple(one for one in (part, name, word) if one), value)
    for name, known in (
        ("seconds", measured.seconds), ("activate", measured.advised), ("reason", measured.reason)
    ):  # fmt: skip
        if known is not None:
            metrics[name] = known
    return metrics


def _leaves(value: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, below in value.items():
        here = (*path, str(key))
        if isinstance(below, Mapping) and below:
            yield from _leaves(below, here)
        else:
            yield here, below


def _put(metrics: Metrics, path: Iterable[str], value: object) -> None:
    *above, last = path
    for name in above:
        metrics = metrics.setdefault(name, {})
    metrics[last] = value


def _is_number(value: object) -> TypeGuard[float]:
    """Tell whether a column can hold the value exactly."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1 << 63 if isinstance(value, int) else math.isfinite(value)
