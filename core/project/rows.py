"""What the store hands out: frozen rows, detached from the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cascadeclip.core.values import Provenance, Rle, Word


@dataclass(frozen=True, slots=True)
class ImageRow:
    """Hold one image; `path` is posix, relative to the project; sizes are upright pixels.

    `orientation` is the file's EXIF value 1..8, `digest` its SHA-256, `status` "unreviewed" or
    "reviewed".
    """

    id: int
    path: str
    width: int
    height: int
    orientation: int
    digest: str
    status: str


@dataclass(frozen=True, slots=True)
class AddResult:
    """Hold what became of many files: new rows, rows there before, and (file, sentence).

    `notes` are (file, sentence) about files that were added and that are more than is shown.
    """

    added: tuple[ImageRow, ...]
    failed: tuple[tuple[str, str], ...]
    known: tuple[ImageRow, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClassRow:
    """Hold one word of the project; hidden when not `active`. `colour` is "#rrggbb".

    `threshold` (0..1) and number `key` (0 to 9) are the word's own, None for the project's and for
    the key of its place.
    """

    id: int
    name: str
    phrases: tuple[str, ...]
    colour: str
    position: int
    negative: bool
    active: bool = True
    threshold: float | None = None
    key: int | None = None

    @property
    def word(self) -> Word:
        """Return the word as the engine takes it."""
        return Word(
            self.name,
            self.phrases,
            self.colour,
            negative=self.negative,
            threshold=self.threshold,
        )


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """Hold one mask of a person; `bbox` is (x, y, width, height) and `area` in pixels.

    `created` and `updated` are UTC times as ISO text.
    """

    id: int
    image_id: int
    class_id: int
    rle: Rle
    area: int
    bbox: tuple[int, int, int, int]
    provenance: Provenance
    created: str
    updated: str


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """Hold one region a model proposed; `status` is "pending", "accepted" or "rejected"."""

    id: int
    image_id: int
    class_id: int
    rle: Rle
    score: float
    threshold: float
    phrases: tuple[str, ...]
    templates: tuple[str, ...]
    model_version: str
    status: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """Hold one trained model; `folder` is absolute, `metrics` what its run measured."""

    id: int
    name: str
    folder: Path
    parent: str | None
    recipe: str
    metrics: dict[str, Any]
    created: str
    active: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """Hold the run that made a model version.

    `advised` says whether the run found its version better, and `reason` why; None where a run
    does not judge. `metrics` is all it measured, `seconds`, `advised` and `reason` among them,
    `details` what is needed to repeat it.
    """

    id: int
    version_id: int
    version: str
    recipe: str
    device: str | None
    seed: int | None
    seconds: float | None
    advised: bool | None
    reason: str | None
    metrics: dict[str, Any]
    details: dict[str, Any]
    created: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """Hold one change of many images; `images` have a step of it that is still known.

    `source` is the file or folder it came from; it `added` and `removed` so many masks and
    `suggested` so many boxes, each None where nobody counted. `stands` is whether some of it has
    not been taken back.
    """

    id: int
    name: str
    images: int
    created: str
    source: str | None = None
    added: int | None = None
    removed: int | None = None
    suggested: int | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class BatchUndone:
    """Say what became of taking back a change of many images.

    It was taken back on `images`; so many masks and suggestions were changed since and are `kept`
    as they are; of `unknown` images the step is known no longer, nothing was changed there.
    """

    images: int
    kept: int = 0
    unknown: int = 0
