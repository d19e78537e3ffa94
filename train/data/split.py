"""Which images are trained on and which never are: decided by content, and kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from cascadeclip.core.errors import TrainingFailed

MINIMUM = 5
HELD_OUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Split:
    """Hold the digests of images to train on and of images never trained on, both sorted."""

    train: tuple[str, ...]
    held_out: tuple[str, ...]


def split_images(
    digests: Iterable[str],
    frozen: Mapping[str, Iterable[str]] | None = None,
    *,
    groups: Mapping[str, int] | None = None,
    whole: Collection[str] | None = None,
    shown: Mapping[str, Collection[int]] | None = None,
) -> Split:
    """Divide images by a hash of their content; equal files never stand on both sides.

    `frozen` is an earlier split ({"train": digests, "held_out": digests}): those images keep
    their side, new ones go to the held-out side in the order of their hashes until it is large
    enough (see `held_out_size`). Images of one group (`groups`, by digest) stay together: beside
    one that is held out all new ones are, beside one that was trained on none. Images in `whole`
    are held out first, they tell about every pixel. For words (`shown`, by digest) that nothing
    held out shows a new image is held out, too, while others are left to learn them from and at
    most a third is held out. Raises TrainingFailed for fewer than five different images.
    """
    unique = sorted(set(digests))
    _check(len(unique))
    known = {side: set(frozen.get(side, ())) if frozen else set() for side in ("train", "held_out")}
    held = known["held_out"] & set(unique)
    trained = (known["train"] & set(unique)) - held
    units = _units(unique, groups)
    held |= _moved(units, held, trained, set(whole or ()))
    fresh = [unit for unit in units if not (held | trained) & set(unit)]
    held |= _showing(fresh, held, unique, shown or {})
    if not held:
        raise TrainingFailed(
            "Every corrected image has been trained on before; review some new images, "
            "so that the result can be measured."
        )
    train = tuple(digest for digest in unique if digest not in held)
    if not train:
        raise TrainingFailed(
            "All corrected images are kept for measuring; review some new images to learn from."
        )
    return Split(train=train, held_out=tuple(sorted(held)))


def _check(count: int) -> None:
    if count < MINIMUM:
        raise TrainingFailed(
            f"{count or 'No'} {'image is' if count == 1 else 'images are'} corrected so far; "
            f"review at least {MINIMUM} different images before training."
        )


def _units(unique: Sequence[str], groups: Mapping[str, int] | None) -> list[list[str]]:
    """Return what stays together; where all images are one group, every image by itself."""
    found: dict[object, list[str]] = {}
    for digest in unique:
        found.setdefault((groups or {}).get(digest, digest), []).append(digest)
    return list(found.values()) if len(found) > 1 else [[digest] for digest in unique]


def _moved(
    units: Sequence[list[str]], held: set[str], trained: set[str], whole: set[str]
) -> set[str]:
    """Return the new images that are held out from now on."""
    count = sum(map(len, units))
    moved = {one for unit in units if held & set(unit) for one in unit} - held - trained
    fresh = [unit for unit in units if not (held | trained) & set(unit)]
    fresh.sort(key=lambda unit: (not whole.issuperset(unit) if whole else False, _first(unit)))
    for unit in fresh:
        size = len(held) + len(moved)
        if size >= held_out_size(count):
            break
        if size + len(unit) <= max(count // 2, 1):
            moved |= set(unit)
    return moved


def _showing(
    fresh: Sequence[list[str]],
    held: set[str],
    unique: Sequence[str],
    shown: Mapping[str, Collection[int]],
) -> set[str]:
    """Return new images to hold out for words that nothing held out shows: how else to see them."""

    def words(some: Iterable[str]) -> set[int]:
        return {word for digest in some for word in shown.get(digest, ())}

    more: set[str] = set()
    for unit in sorted(fresh, key=_first):
        kept = held | more | set(unit)
        wanted = words(unit) - words(held | more)
        if wanted <= words(set(unique) - kept) and wanted and len(kept) <= len(unique) // 3:
            more |= set(unit)
    return more


def _first(unit: Sequence[str]) -> str:
    return min(map(_rank, unit))


def held_out_size(count: int) -> int:
    """Return how many of `count` images are held out: a fifth, at least 2, from 10 on 4."""
    return max(ceil(HELD_OUT_SHARE * count), min(4, max(2, count - 6)))


def validation_part(train: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide the train side into images to fit and images to choose on, at least one each.

    A fifth, in the order of another hash, is for choosing. Two images are the least.
    """
    ranked = sorted(set(train), key=lambda digest: _rank(digest, salt="validation"))
    if len(ranked) < 2:
        raise TrainingFailed("Only one image is left to learn from; review some more images.")
    size = max(1, round(0.2 * len(ranked)))
    return tuple(sorted(ranked[size:])), tuple(sorted(ranked[:size]))


def _rank(digest: str, salt: str = "held out") -> str:
    return hashlib.sha256(f"{salt}:{digest}".encode()).hexdigest()
