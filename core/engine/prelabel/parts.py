"""What a worker found, in files that are either whole or not seen: one outcome a line, as JSON."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from cascadeclip.core.engine.prelabel.values import Outcome
from cascadeclip.core.errors import PrelabelFailed
from cascadeclip.core.project.looks import Look
from cascadeclip.core.project.placing import draft_of, put, remove
from cascadeclip.core.values import Rle, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ENDING = ".jsonl"


def write_part(folder: Path, worker: str, outcomes: Iterable[Outcome]) -> Path:
    """Write a new file of `worker` in `folder`; it appears when it is complete."""
    path = folder / f"{worker}-{secrets.token_hex(6)}{_ENDING}"
    draft = draft_of(path)
    try:
        lines = (json.dumps(_plain(outcome), ensure_ascii=False) + "\n" for outcome in outcomes)
        draft.write_text("".join(lines), "utf-8")
        put(draft, path)
    finally:
        remove(draft)
    return path


def complete_parts(folder: Path) -> tuple[Path, ...]:
    """List the parts in `folder`, which need not exist; half-written ones are left out."""
    return tuple(sorted(path for path in folder.glob(f"*{_ENDING}") if path.name[0] != "."))


def read_part(path: Path) -> Iterator[Outcome]:
    """Yield the outcomes of a part. Raises PrelabelFailed for one that was changed."""
    try:
        for line in path.read_text("utf-8").splitlines():
            yield _outcome(json.loads(line))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} cannot be read; remove it and pre-label again."
        raise PrelabelFailed(msg) from error


def _plain(outcome: Outcome) -> dict[str, Any]:
    record = asdict(outcome)
    for one in record["suggestions"]:
        one["rle"]["counts"] = one["rle"]["counts"].decode("ascii")
    if outcome.look is not None:
        record["look"]["embedding"] = [float(value) for value in outcome.look.embedding]
    return record


def _outcome(record: dict[str, Any]) -> Outcome:
    return Outcome(
        int(record["image_id"]),
        str(record["name"]),
        tuple(_suggestion(one) for one in record["suggestions"]),
        str(record["failure"]),
        _look(record["look"]) if record.get("look") else None,
    )


def _look(record: dict[str, Any]) -> Look:
    return Look(
        str(record["model_version"]),
        np.array(record["embedding"], np.float32),
        float(record["uncertainty"]),
    )


def _suggestion(record: dict[str, Any]) -> Suggestion:
    rle = record["rle"]
    return Suggestion(
        class_id=int(record["class_id"]),
        rle=Rle(rle["height"], rle["width"], rle["counts"].encode("ascii")),
        score=float(record["score"]),
        threshold=float(record["threshold"]),
        phrases=tuple(record["phrases"]),
        templates=tuple(record["templates"]),
    )
