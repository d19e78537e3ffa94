"""Which images are trained on and which never are: decided by content, and kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
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
    digests: Iterable[str], frozen: Mapping[str, Iterable[str]] | None = None
) -> Split:
    """Divide images by a hash of their content; equal files never stand on both sides.

    `frozen` is an earlier split ({"train": digests, "held_out": digests}): those images keep
    their side, new ones go to the held-out side in the order of their hashes until it is large
    enough (see `held_out_size`). Raises TrainingFailed for fewer than five different images.
    """
    unique = sorted(set(digests))
    if len(unique) < MINIMUM:
        images = "image is" if len(unique) == 1 else "images are"
        raise TrainingFailed(
            f"{len(unique) or 'No'} {images} corrected so far; "
            f"review at least {MINIMUM} different images before training."
        )
    known = {side: set(some) for side, some in (frozen or {}).items()}
    held = known.get("held_out", set()) & set(unique)
    trained = (known.get("train", set()) & set(unique)) - held
    fresh = sorted(set(unique) - held - trained, key=_rank)
    moved = fresh[: max(0, held_out_size(len(unique)) - len(held))]
    held |= set(moved)
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


def held_out_size(count: int) -> int:
    """Return how many of `count` images are held out: a fifth, at least 2, from 12 on 4."""
    return max(ceil(HELD_OUT_SHARE * count), 4 if count >= 12 else 2)


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
