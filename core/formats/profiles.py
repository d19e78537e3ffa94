"""The formats that can be written, by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.coco_profiles import (
    AsPolygons,
    CocoExport,
    Encode,
    as_runs,
    per_word,
)
from cascadeclip.core.formats.labelme import LabelmeExport
from cascadeclip.core.formats.panoptic import PanopticExport
from cascadeclip.core.formats.plan import ExportImage, Plan
from cascadeclip.core.formats.semantic import SemanticExport
from cascadeclip.core.formats.voc import VocExport
from cascadeclip.core.formats.yolo import YoloExport


class Writer(Protocol):
    """Take image after image; `annotations` counts what was written."""

    annotations: int

    def add(self, image: ExportImage) -> None:
        """Write one image."""

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""


Open = Callable[[Plan, Path, str], AbstractContextManager[Writer]]


@dataclass(frozen=True, slots=True)
class Profile:
    """Describe a format: `open` starts it, `images` is what happens to images unless asked.

    It may have a place for `suggestions`, and know words without objects (`stuff`).
    """

    name: str
    about: str
    open: Open
    images: str = "none"
    suggestions: bool = False
    stuff: bool = False


def _coco(
    kind: str, encode: Callable[[], Encode], plan: Plan, out: Path, images: str
) -> CocoExport:
    return CocoExport(plan, out, kind, images, encode())


PROFILES: dict[str, Profile] = {
    one.name: one
    for one in (
        Profile(
            "coco",
            "exact masks as run lengths",
            partial(_coco, "coco", lambda: as_runs),
            suggestions=True,
        ),
        Profile(
            "coco-polygon",
            "outlines along pixel corners",
            partial(_coco, "coco-polygon", AsPolygons),
            suggestions=True,
        ),
        Profile(
            "coco-stuff",
            "one annotation per word and image",
            partial(_coco, "coco-stuff", lambda: per_word),
            suggestions=True,
        ),
        Profile("coco-panoptic", "PNG of segment ids and a JSON file", PanopticExport, stuff=True),
        Profile("semantic", "indexed PNG and classes.json; 255 is unreviewed", SemanticExport),
        Profile("yolo", "YOLO segmentation with data.yaml", YoloExport, images="copy"),
        Profile("voc", "the folders of VOC", VocExport, images="copy"),
        Profile("labelme", "one JSON file per image", LabelmeExport, images="copy"),
    )
}


def profile(name: str) -> Profile:
    """Return the format `name`. Raise FormatError when there is none."""
    found = PROFILES.get(name)
    if found is None:
        raise FormatError(f'There is no format "{name}"; choose one of {", ".join(PROFILES)}.')
    return found
