"""Masks as COCO's compressed run lengths: exact, small, refused when they cannot be true.

The runs go down the columns and start with the pixels outside. The library behind this reads
beyond its buffer when a damaged text is given to it, so every text is checked here first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.values import MAX_PIXELS, Rle

_FIRST = 48  # the character "0" stands for the value 0
_MORE = 0x20  # set on every character of a number but its last
_SIGN = 0x10
_SMALL = 1 << 14  # bytes of a mask whose runs may be remembered
_LONGEST = 6  # characters of a number: 6 x 5 bits hold every run an image can have


def encode(mask: NDArray[np.bool_]) -> Rle:
    """Pack an HxW bool mask; `decode` gives it back bit for bit. Raises MaskInvalid."""
    if not isinstance(mask, np.ndarray) or mask.ndim != 2 or mask.dtype != np.bool_:
        raise MaskInvalid("A mask must be an array of height x width true/false values.")
    height, width = mask.shape
    _check_size(height, width)
    packed = coco.encode(np.asfortranarray(mask.view(np.uint8)))
    return Rle(int(height), int(width), bytes(packed["counts"]))


def encode_part(part: NDArray[np.bool_], *, top: int, left: int, height: int, width: int) -> Rle:
    """Pack an hxw bool mask that lies at (top, left) of an otherwise empty height x width mask.

    Gives what `encode` gives for the whole mask, in the time of the part. Raises MaskInvalid
    when the part reaches beyond the whole.
    """
    _check_size(height, width)
    high, wide = part.shape
    if min(top, left) < 0 or top + high > height or left + wide > width:
        raise MaskInvalid("A part of a mask must lie inside the whole mask.")
    none = np.int8(0)  # a plain 0 would make eight bytes of every pixel
    edges = np.diff(np.ascontiguousarray(part.T).view(np.int8), axis=1, prepend=none, append=none)
    starts, ends = (
        (left + at // (high + 1)) * height + top + at % (high + 1)
        for at in (np.flatnonzero(edges == way) for way in (1, -1))
    )
    # a run that fills its column to the bottom goes on at the top of the next
    apart = ends[:-1] != starts[1:]
    starts, ends = starts[np.r_[True, apart][: starts.size]], ends[np.r_[apart, True][: ends.size]]
    marks = np.stack((starts, ends), axis=1).ravel()
    runs = np.diff(marks, prepend=0, append=height * width)
    if marks.size and runs[-1] == 0:
        runs = runs[:-1]
    packed = coco.frPyObjects({"size": [height, width], "counts": runs.tolist()}, height, width)
    return Rle(int(height), int(width), bytes(packed["counts"]))


def from_runs(runs: Sequence[int], *, height: int, width: int) -> Rle:
    """Pack run lengths down the columns, the first of pixels outside, as `encode` would.

    Raises MaskInvalid unless they are whole numbers that fill height x width exactly.
    """
    _check_size(height, width)
    if not all(type(run) is int and 0 <= run <= height * width for run in runs):
        raise MaskInvalid("The mask is damaged: its run lengths are no numbers of pixels.")
    lengths = np.asarray(runs, dtype=np.int64)
    if int(lengths.sum()) != height * width:
        raise MaskInvalid(f"The mask is damaged: its runs do not fill {width} x {height} pixels.")
    inside = np.arange(lengths.size) % 2 == 1
    inside, lengths = inside[lengths > 0], lengths[lengths > 0]
    first = np.flatnonzero(np.r_[True, inside[1:] != inside[:-1]])
    merged = np.add.reduceat(lengths, first).tolist()
    counts = [0, *merged] if inside[0] else merged
    packed = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    return Rle(int(height), int(width), bytes(packed["counts"]))


def canonical(rle: Rle) -> Rle:
    """Return the one spelling of a mask that `encode` gives. Raises MaskInvalid."""
    runs = _runs(rle)
    if np.all(runs[1:] > 0) and not _padded(rle.counts):
        return rle
    return from_runs(runs.tolist(), height=rle.height, width=rle.width)


def decode(rle: Rle) -> NDArray[np.bool_]:
    """Unpack to an HxW bool mask. Raises MaskInvalid when the runs do not fill height x width."""
    runs = _runs(rle)
    inside = np.arange(runs.size) % 2 == 1
    return np.ascontiguousarray(np.repeat(inside, runs).reshape(rle.width, rle.height).T)


def decode_box(rle: Rle) -> tuple[int, int, NDArray[np.bool_]]:
    """Unpack the tight box of a mask alone: (top, left, hxw bool); an empty mask gives 0 x 0.

    Takes the time of the columns of the box, which lie one after the other in memory. Raises
    MaskInvalid.
    """
    left, top, width, height = bbox(rle)
    if width == 0:
        return 0, 0, np.zeros((0, 0), bool)
    runs = _merged(rle).copy()
    runs[0] -= left * rle.height
    if runs.size % 2:
        runs[-1] -= (rle.width - left - width) * rle.height
    inside = np.zeros(runs.size, np.bool_)
    inside[1::2] = True
    columns = np.repeat(inside, runs).reshape(width, rle.height)
    return top, left, columns[:, top : top + height].T


def area(rle: Rle) -> int:
    """Count the pixels of the mask. Raises MaskInvalid."""
    return int(_runs(rle)[1::2].sum())


def bbox(rle: Rle) -> tuple[int, int, int, int]:
    """Return the tight box (x, y, width, height) in pixels; all zero when the mask is empty.

    Raises MaskInvalid.
    """
    runs = _runs(rle)
    ends = np.cumsum(runs)[1::2]
    starts = ends - runs[1::2]
    if runs.size > 1 and not runs[1::2].all():
        starts, ends = starts[ends > starts], ends[ends > starts]
    if starts.size == 0:
        return 0, 0, 0, 0
    last = ends - 1
    first_column, first_row = np.divmod(starts, rle.height)
    last_column, last_row = np.divmod(last, rle.height)
    left, right = int(first_column[0]), int(last_column[-1])
    if (first_column != last_column).any():
        top, bottom = 0, rle.height - 1  # a run that goes on in the next column touches both edges
    else:
        top, bottom = int(first_row.min()), int(last_row.max())
    return left, top, right - left + 1, bottom - top + 1


def spans(rle: Rle) -> NDArray[np.int64]:
    """Return where the pixels of the mask are, counted down the columns: N x (first, behind last).

    In order, and no two touch. Raises MaskInvalid.
    """
    ends = np.cumsum(_merged(rle))
    return np.stack((ends[: ends.size - 1 : 2], ends[1::2]), axis=1)


def iou(a: Rle, b: Rle) -> float:
    """Return the intersection over union, 0..1; two empty masks give 0.

    Raises MaskInvalid when the masks are of different size.
    """
    if (a.height, a.width) != (b.height, b.width):
        raise MaskInvalid("Two masks of different size cannot be compared.")
    if a == b:
        return float(area(a) > 0)
    if area(a) == 0 or area(b) == 0:
        return 0.0
    return float(np.asarray(coco.iou([_as_coco(a)], [_as_coco(b)], [0]))[0, 0])


def union(rles: Sequence[Rle]) -> Rle:
    """Return the mask of all pixels that are in any of these, of which there is at least one.

    Raises MaskInvalid when they are of different size.
    """
    first = rles[0]
    if any((one.height, one.width) != (first.height, first.width) for one in rles):
        raise MaskInvalid("Masks of different size cannot be joined.")
    for one in rles:
        check(one)
    if len(rles) == 1:
        return first
    merged = coco.merge([_as_coco(one) for one in rles])
    return Rle(first.height, first.width, bytes(merged["counts"]))


def check(rle: Rle) -> None:
    """Raise MaskInvalid when the runs are damaged or do not fill height x width."""
    _runs(rle)


def _runs(rle: Rle) -> NDArray[np.int64]:
    # Area, box and pixels of one mask are often asked for in turn.
    return _remembered(rle) if len(rle.counts) <= _SMALL else _read(rle)


def _merged(rle: Rle) -> NDArray[np.int64]:
    """Return the runs of a mask, none but the first of which is 0."""
    runs = _runs(rle)
    return runs if np.all(runs[1:] > 0) else _runs(canonical(rle))


def _padded(text: bytes) -> bool:
    """Tell whether a number has a last character that only repeats the sign of the one before."""
    digits = np.frombuffer(text, np.uint8) - _FIRST
    last = (digits & _MORE) == 0
    value, before = digits[1:] & 0x1F, digits[:-1]
    sign = np.where(before & _SIGN, 0x1F, 0)
    return bool(np.any(last[1:] & ~last[:-1] & (value == sign)))


@lru_cache(maxsize=256)
def _remembered(rle: Rle) -> NDArray[np.int64]:
    runs = _read(rle)
    runs.flags.writeable = False
    return runs


def _read(rle: Rle) -> NDArray[np.int64]:
    """Read the run lengths: numbers of 5-bit digits, from the fourth on relative to two before."""
    _check_size(rle.height, rle.width)
    runs = _numbers(rle.counts)
    runs[1::2] = np.cumsum(runs[1::2])
    runs[2::2] = np.cumsum(runs[2::2])
    if np.any(runs < 0) or int(runs.sum()) != rle.height * rle.width:
        raise MaskInvalid(
            f"The mask is damaged: its runs do not fill {rle.width} x {rle.height} pixels."
        )
    return runs


def _numbers(text: bytes) -> NDArray[np.int64]:
    if not isinstance(text, bytes) or not text:
        raise MaskInvalid("The mask is damaged: it has no run lengths.")
    digits = np.frombuffer(text, np.uint8).astype(np.int64) - _FIRST
    last = np.flatnonzero((digits & _MORE) == 0)
    if digits.min() < 0 or digits.max() > 63 or last.size == 0 or last[-1] != digits.size - 1:
        raise MaskInvalid("The mask is damaged: its run lengths cannot be read.")
    first = np.concatenate(([0], last[:-1] + 1))
    lengths = last - first + 1
    if lengths.max() > _LONGEST:
        raise MaskInvalid("The mask is damaged: a run length is far too large.")
    place = np.arange(digits.size) - np.repeat(first, lengths)
    values = np.add.reduceat((digits & 0x1F) << (5 * place), first)
    negative = (digits[last] & _SIGN) != 0
    return np.where(negative, values - (1 << (5 * lengths)), values)


def _check_size(height: int, width: int) -> None:
    if height < 1 or width < 1 or height * width > MAX_PIXELS:
        raise MaskInvalid(f"A mask cannot be {width} x {height} pixels large.")


def _as_coco(rle: Rle) -> dict[str, object]:
    return {"size": [rle.height, rle.width], "counts": rle.counts}
