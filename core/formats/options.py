"""What a person may choose when exporting, and what came of it."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cascadeclip.core.errors import FormatError

IMAGES = ("none", "copy", "link")
GROUPS = ("image", "folder")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Hold the choices of an export; impossible ones raise FormatError at once.

    `min_area` is in pixels. `words` come first in the order of categories, the rest follows as in
    the vocabulary. `stuff` are words of ground and the like: one segment per image in panoptic
    files. `shares` are (name, share) of a split, adding up to 1; `group` says what is never
    divided: files of equal content ("image"), or also all of one folder ("folder"). `images` is
    "none", "copy", "link" or None for what is usual in the format.
    """

    reviewed_only: bool = False
    min_area: int = 0
    words: tuple[str, ...] = ()
    stuff: tuple[str, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    group: str = "image"
    images: str | None = None
    provenance: bool = True
    suggestions: bool = False

    def __post_init__(self) -> None:
        if self.min_area < 0:
            raise FormatError("The least area of a mask cannot be negative.")
        if self.group not in GROUPS or (self.images is not None and self.images not in IMAGES):
            raise FormatError(
                f"A split goes by {' or '.join(GROUPS)}; images are one of {', '.join(IMAGES)}."
            )
        if self.shares:
            _check_shares(self.shares)

    def split_of(self, digest: str, folder: str) -> str:
        """Return the part of the split for an image, "" without a split.

        Decided by a hash of the content or of the folder alone: the same in every export.
        """
        if not self.shares:
            return ""
        key = digest if self.group == "image" else folder
        place = int.from_bytes(hashlib.sha256(f"split:{key}".encode()).digest()[:6], "big")
        reached = 0.0
        for name, share in self.shares:
            reached += share * 2**48
            if place < reached:
                return name
        return self.shares[-1][0]


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Hold what an export wrote.

    `path` is None when it was stopped: then nothing was written. `turned` counts images whose
    file carries an orientation tag: their masks and sizes are those of the upright pixels.
    `notes` are sentences about what is not in the files, or not as it was.
    """

    images: int
    annotations: int
    path: Path | None
    turned: int = 0
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Notes:
    """Count what has to be told at the end."""

    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def count(self, what: str, times: int = 1) -> None:
        """Add to the number that is told after `what`."""
        if times:
            self.counts[what] += times

    def say(self, sentence: str) -> None:
        """Tell a whole sentence."""
        self.said.append(sentence)

    def sentences(self) -> tuple[str, ...]:
        """Return all there is to tell."""
        return (*(f"{what}: {times}." for what, times in self.counts.items()), *self.said)


def _check_shares(shares: tuple[tuple[str, float], ...]) -> None:
    names = [name for name, _ in shares]
    if len(set(names)) != len(names) or not all(
        re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", name) for name in names
    ):
        raise FormatError("Parts of a split have different short names, such as train and val.")
    sizes = [share for _, share in shares]
    if not all(math.isfinite(share) and share > 0 for share in sizes) or abs(sum(sizes) - 1) > 1e-6:
        raise FormatError("The shares of a split are above 0 and add up to 1.")
