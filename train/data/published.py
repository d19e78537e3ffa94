"""The paper's data sets in the folders they are published in: opened, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cascadeclip.core.errors import ImageUnreadable, TrainingFailed
from cascadeclip.core.images import open_image, open_labels
from cascadeclip.train.data.labelled import Example
from cascadeclip.train.data.layouts import (
    FORBIDDEN,
    PARTS,
    Part,
    Published,
    Source,
    Spelling,
    Table,
    class_names,
    describe,
)

SAMPLED = 5  # images of a part that a check opens
_SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Hold the folder and file of an image and of its labels, and what the labels' values mean.

    A hundred thousand of them are held at once, so the folders are shared and the rest is text.
    """

    images: Path
    image: str
    labelled: Path
    labels: str
    table: Table


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """Give the examples of one part of a published data set, in the order of its lists.

    Pixels are taken as they are stored, whatever EXIF says about turning: the labels were drawn
    and stored for the pixels in the file, and a turned image would not fit them.
    """

    described: Published
    items: tuple[Item, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Name the words, in channel order."""
        return class_names(self.described.classes)

    @property
    def seen(self) -> tuple[int, ...]:
        """Place the seen words, ascending."""
        return tuple(
            place for place in range(len(self.words)) if place not in self.described.unseen
        )

    @property
    def phrases(self) -> tuple[str, ...]:
        """Name the text of every word, in channel order."""
        return tuple(self.described.spoken.get(word, word) for word in self.words)

    @property
    def templates(self) -> tuple[str, ...]:
        """Name the sentences the words are embedded in."""
        return self.described.templates

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.items)

    def load(self, index: int) -> Example:
        """Read example `index`.

        Raises ImageUnreadable for a file that cannot be decoded, and TrainingFailed for labels
        of another size or with a value that stands for no word.
        """
        item = self.items[index]
        image = open_image(item.images / item.image, upright=False)
        labels = _mapped(open_labels(item.labelled / item.labels), item, self.described.name)
        if labels.shape != image.shape[:2]:
            raise TrainingFailed(
                f"{item.labels} has {_size(labels)} pixels but {item.image} has "
                f"{_size(image)}: fetch both files again."
            )
        return Example(image=image, labels=labels, name=Path(item.image).stem)


def _size(pixels: npt.NDArray[np.uint8]) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"


def _mapped(stored: npt.NDArray[np.uint8], item: Item, name: str) -> npt.NDArray[np.uint8]:
    mapped = item.table[stored]
    wrong = stored[mapped == FORBIDDEN]
    if wrong.size:
        raise TrainingFailed(
            f"{item.labels} holds the value {wrong.flat[0]}, which is no label of {name}: "
            "convert the labels again, or choose the data set they belong to."
        )
    return mapped.astype(np.uint8)


def open_set(name: str, root: Path | str, part: Part) -> PublishedSet:
    """Open one part of a data set below `root`, the folder that holds its published layout.

    Every file must be there; none is decoded yet. Raises TrainingFailed in one sentence that
    names what is missing where.
    """
    described = describe(name)
    base = _base(described, Path(root))
    items: list[Item] = []
    for source in described.parts[part]:
        items += _items(base, source, described.spellings)
    return PublishedSet(described=described, items=tuple(items))


def _base(described: Published, root: Path) -> Path:
    base = root / described.base
    if not base.is_dir():
        raise TrainingFailed(
            f"There is no folder {described.base} in {root}: name the folder that holds "
            f"{described.base.partition('/')[0]}."
        )
    return base


def _items(base: Path, source: Source, spellings: Sequence[Spelling]) -> list[Item]:
    images, labels = _listed(base, source.images), _listed(base, source.labels)
    names = _names(base, source, images)
    absent = [f"{source.images}/{name}.jpg" for name in names if f"{name}.jpg" not in images]
    folders = base / source.images, base / source.labels
    found: list[Item] = []
    for name in names:
        spelling = next((one for one in spellings if name + one.ending in labels), None)
        if spelling is None:
            absent.append(f"{source.labels}/{name}{spellings[0].ending}")
            continue
        labels_name = name + spelling.ending
        found.append(Item(folders[0], f"{name}.jpg", folders[1], labels_name, spelling.table))
    if absent:
        raise TrainingFailed(_missing(base, absent))
    return found


def _missing(base: Path, absent: Sequence[str]) -> str:
    shown = ", ".join(absent[:_SHOWN])
    more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    verb = "is" if len(absent) == 1 else "are"
    return f"{shown}{more} {verb} missing in {base}: fetch or convert the data again."


def _listed(base: Path, folder: str) -> frozenset[str]:
    try:
        return frozenset(path.name for path in (base / folder).iterdir())
    except OSError as error:
        raise TrainingFailed(_missing(base, [folder])) from error


def _names(base: Path, source: Source, images: frozenset[str]) -> list[str]:
    if source.listing is None:
        names = sorted(name[: -len(".jpg")] for name in images if name.endswith(".jpg"))
    else:
        names = _lines(base / source.listing, _missing(base, [source.listing]))
    if not names:
        place = source.listing or source.images
        raise TrainingFailed(f"{place} in {base} names no image: fetch the data again.")
    return names


def _lines(path: Path, sentence: str) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingFailed(sentence) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def check_set(name: str, root: Path | str) -> tuple[str, ...]:
    """Look whether both parts of a data set are complete below `root`; return a note for each.

    A note says how many images there are and how many are published; a few of them are decoded.
    Raises TrainingFailed with one sentence that says all that is wrong.
    """
    _base(describe(name), Path(root))
    notes, faults = [], []
    for part in PARTS:
        try:
            notes.append(_note(open_set(name, root, part), part))
        except (TrainingFailed, ImageUnreadable) as error:
            faults.append(f"{part}: {error}".removesuffix("."))
    if faults:
        raise TrainingFailed("; ".join(faults) + ".")
    return tuple(notes)


def _note(examples: PublishedSet, part: Part) -> str:
    count, published = len(examples), examples.described.published[part]
    chosen = sorted({index * (count - 1) // max(SAMPLED - 1, 1) for index in range(SAMPLED)})
    for index in chosen:
        examples.load(index)
    said = "as published" if count == published else f"{published} are published"
    images = f"{count} image{'' if count == 1 else 's'}"
    return f"{part}: {images}, {said}; {len(chosen)} opened."


def match_classes(name: str, path: Path | str) -> None:
    """Hold a class list (one name per line, in channel order) against that of a data set.

    Raises TrainingFailed that names the first difference.
    """
    path, described = Path(path), describe(name)
    sentence = f"{path.name} cannot be read: name a text file with one class per line."
    given, words = _lines(path, sentence), class_names(described.classes)
    for number, (one, word) in enumerate(zip(given, words, strict=False), start=1):
        if one != word:
            raise TrainingFailed(
                f"{path.name} has {one!r} in line {number} where {described.name} has {word!r}: "
                "labels and words would not fit; use the list of this data set."
            )
    if len(given) != len(words):
        raise TrainingFailed(
            f"{path.name} has {len(given)} classes but {described.name} has {len(words)}: "
            "use the list of this data set."
        )
