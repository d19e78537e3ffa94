"""What a training run says: one frozen value per line of JSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Literal

from cascadeclip.core.errors import TrainingFailed


@dataclass(frozen=True, slots=True)
class Phase:
    """Say which part of the work begins, in words a person reads ("collecting", "training")."""

    name: str


@dataclass(frozen=True, slots=True)
class Collected:
    """Say what will be learnt from, before anything is.

    `complete` and `partial` count images to learn from (in partly marked ones, pixels nobody
    spoke about teach nothing), `held_out` images that only measure; `masks` and `rejected` count
    regions, `words` masks by word; `protected` names the words nobody corrected.
    """

    complete: int
    partial: int
    held_out: int
    masks: int
    rejected: int
    words: dict[str, float] = field(default_factory=dict)
    protected: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """Say that optimiser step `step` of `total` (from 1) is done, with its loss."""

    step: int
    total: int
    loss: float


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold the loss on images that are not learnt from, after `step` of `total` steps (from 0).

    It is of the weights that would be kept if the run ended there, and of the kind of Step's.
    """

    step: int
    total: int
    loss: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold the quality on the held-out images: `miou` and the IoU per word, all 0..1.

    `per_word` names only the words that occur in the held-out images.
    """

    when: Literal["before", "after"]
    miou: float
    per_word: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """Hold the table of parent and child on the same held-out images, 0..1 throughout.

    `words` maps a word to [before, after] (IoU), `protected` names those without corrections,
    `boundary` is [before, after] (F of outlines). `confused` lists [true word, answered word,
    share] of the child, the largest first, `worst` [image id, before, after] (share of pixels
    right). `share` is how far the weights go from the parent (0) to the trained ones (1),
    `agreement` the share of pixels of untouched images on which protected words answer as before.
    """

    words: dict[str, list[float]]
    protected: list[str]
    boundary: list[float]
    confused: list[list[str | float]]
    worst: list[list[float]]
    share: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Finished:
    """Say where the new version lies and whether it deserves to be used.

    `before` and `after` are held-out mIoU (0..1) of the parent and of the new version; `reason`
    is one sentence for the person.
    """

    folder: str
    activate: bool
    reason: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Failed:
    """Say in one sentence why there is no new version and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """Say that a run on a labelled set has reached its end, and where the model lies."""

    folder: str
    steps: int
    loss: float
    seconds: float


Event = Phase | Collected | Step | Checked | Compared | Measured | Finished | Fitted | Failed

Emit = Callable[[Event], None]
Stopped = Callable[[], bool]


def picture_name(image_id: int) -> str:
    """Name the file in a version's folder that shows one of the worst images, if there is one."""
    return f"worst-{image_id}.png"


class StoppedByRequest(TrainingFailed):
    """Report that somebody asked the run to stop; the sentence says what is kept."""


_KINDS: dict[str, type[Event]] = {
    "phase": Phase,
    "collected": Collected,
    "compared": Compared,
    "step": Step,
    "checked": Checked,
    "measured": Measured,
    "finished": Finished,
    "fitted": Fitted,
    "failed": Failed,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_ACCEPTED: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "str": (str,),
    "dict[str, float]": (dict,),
    "dict[str, list[float]]": (dict,),
    "list[str]": (list,),
    "list[float]": (list,),
    "list[list[float]]": (list,),
    "list[list[str | float]]": (list,),
}


def to_json(event: Event) -> str:
    """Return the one line, without its line break, that stands for `event`."""
    return json.dumps({"event": _NAMES[type(event)], **asdict(event)}, ensure_ascii=False)


def from_json(line: str) -> Event:
    """Return the event a line stands for.

    Raises TrainingFailed when the line is no JSON object, names no known event, or lacks, adds or
    mistypes a field: a run that speaks otherwise is not the run that was started.
    """
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _refused(line) from error
    kind = _KINDS.get(str(row.pop("event", ""))) if isinstance(row, dict) else None
    if kind is None or not _fits(kind, row):
        raise _refused(line)
    return kind(**row)


def _fits(kind: type, row: Mapping[str, object]) -> bool:
    names = {entry.name: str(entry.type) for entry in fields(kind)}
    return set(row) == set(names) and all(_typed(names[key], row[key]) for key in row)


def _typed(wanted: str, value: object) -> bool:
    if wanted.startswith("Literal"):
        return value in ("before", "after")
    if isinstance(value, bool) and wanted != "bool":
        return False
    return isinstance(value, _ACCEPTED[wanted])


def _refused(line: str) -> TrainingFailed:
    return TrainingFailed(
        f"The training process said something unknown ({line.strip()[:80]!r}); "
        "please train again, and update the program if it happens twice."
    )
