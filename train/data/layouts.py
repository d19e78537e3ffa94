"""The paper's three data sets as a table: folders, words, unseen words, values of the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model.text import SINGLE_TEMPLATE, TEMPLATES
from cascadeclip.train.data.labelled import IGNORE

Part = Literal["train", "val"]
PARTS: tuple[Part, ...] = ("train", "val")
FORBIDDEN = -1

# What COCO-Stuff numbers but never uses; its train ids are the ranks of the others in 0..181.
COCO_GAPS = frozenset({11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90})

Table = npt.NDArray[np.int16]


def same_numbers(count: int) -> Table:
    """Map stored values to words where they are the words' places: 256 entries, -1 forbidden."""
    table = np.full(256, FORBIDDEN, np.int16)
    table[:count] = np.arange(count)
    table[IGNORE] = IGNORE
    return table


def reduced_zero(count: int) -> Table:
    """Map stored values where 0 is background, which nobody asks for, and word k is k + 1."""
    table = np.full(256, FORBIDDEN, np.int16)
    table[0] = table[IGNORE] = IGNORE
    table[1 : count + 1] = np.arange(count)
    return table


def coco_ranks(count: int) -> Table:
    """Map the ids of COCO's own stuffthingmaps to train ids by rank."""
    table = np.full(256, FORBIDDEN, np.int16)
    table[IGNORE] = IGNORE
    used = [value for value in range(182) if value not in COCO_GAPS]
    table[used] = np.arange(count)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """Say how label files end (after the image's name) and what their values mean."""

    ending: str
    table: Table


@dataclass(frozen=True, slots=True)
class Source:
    """Name folders below a set's base, and the list of names; without one, every image counts."""

    images: str
    labels: str
    listing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Describe a data set: layout below the root, words, unseen words, the way to embed them.

    `classes` is the file of its words in channel order, `spoken` the words whose text differs
    from their name, `published` how many images each part has, `spellings` the label files that
    are accepted, the first one that is there.
    """

    name: str
    classes: str
    base: str
    parts: Mapping[Part, tuple[Source, ...]]
    published: Mapping[Part, int]
    spellings: tuple[Spelling, ...]
    unseen: tuple[int, ...]
    templates: tuple[str, ...] = TEMPLATES
    spoken: Mapping[str, str]


def _context(name: str, unseen: tuple[int, ...]) -> Published:
    lists = {part: f"ImageSets/SegmentationContext/{part}.txt" for part in PARTS}
    return Published(
        name=name,
        classes="context59",
        base="VOCdevkit/VOC2010",
        parts={
            part: (Source("JPEGImages", "SegmentationClassContext", lists[part]),) for part in PARTS
        },
        published={"train": 4_998, "val": 5_105},
        spellings=(Spelling(".png", reduced_zero(59)),),
        unseen=unseen,
        # The released embeddings of this set hold COCO's "airplane" in the row of "aeroplane".
        spoken={"aeroplane": "airplane"},
    )


_VOC_LISTS = "ImageSets/Segmentation"
SETS = (
    Published(
        name="voc20",
        classes="voc20",
        base="VOCdevkit/VOC2012",
        parts={
            "train": (
                Source("JPEGImages", "SegmentationClass", f"{_VOC_LISTS}/train.txt"),
                Source("JPEGImages", "SegmentationClassAug", f"{_VOC_LISTS}/aug.txt"),
            ),
            "val": (Source("JPEGImages", "SegmentationClass", f"{_VOC_LISTS}/val.txt"),),
        },
        published={"train": 10_582, "val": 1_449},
        spellings=(Spelling(".png", reduced_zero(20)),),
        unseen=(15, 16, 17, 18, 19),
        templates=SINGLE_TEMPLATE,
        spoken={},
    ),
    Published(
        name="coco-stuff",
        classes="coco-stuff",
        base="coco_stuff164k",
        parts={
            "train": (Source("images/train2017", "annotations/train2017"),),
            "val": (Source("images/val2017", "annotations/val2017"),),
        },
        published={"train": 118_287, "val": 5_000},
        spellings=(
            Spelling("_labelTrainIds.png", same_numbers(171)),
            Spelling(".png", coco_ranks(171)),
        ),
        unseen=(19, 23, 28, 29, 36, 51, 76, 88, 94, 112, 133, 136, 137, 157, 160),
        spoken={},
    ),
    # The released code's unseen numbers, which on its own list of classes are other words than
    # the paper's Table 11 names; checkpoints were trained with the former.
    _context("context59-released", (0, 2, 3, 7, 9, 13, 17, 19, 31, 37)),
    _context("context59-paper", (0, 6, 7, 14, 19, 24, 31, 33, 48, 54)),
)
ALSO = {"context59": "context59-released"}


def describe(name: str) -> Published:
    """Find a data set by name; raises TrainingFailed for an unknown one."""
    wanted = ALSO.get(name, name)
    found = next((one for one in SETS if one.name == wanted), None)
    if found is None:
        names = ", ".join(one.name for one in SETS)
        raise TrainingFailed(f"There is no data set {name!r}; choose one of {names}.")
    return found


@lru_cache(maxsize=len(SETS))
def class_names(classes: str) -> tuple[str, ...]:
    """Read the names of a class list that comes with the program, in channel order."""
    text = files("cascadeclip.resources") / "datasets" / f"{classes}.txt"
    return tuple(text.read_text(encoding="utf-8").splitlines())
