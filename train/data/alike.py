"""Which images show the same thing: frames of one scene must not be trained and measured on."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 16
LARGEST_DISTANCE = 26
"""Of 256 bits; unrelated images differ in about half of them."""


def fingerprint(rgb: npt.NDArray[np.uint8]) -> str:
    """Return 64 hexadecimal digits: whether each of 16x16 cells is brighter than its neighbour.

    A change of light or size leaves nearly all of them (the difference hash).
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).tobytes().hex()


def group_alike(prints: Mapping[str, str]) -> dict[str, int]:
    """Return a group number for every key; keys linked by near fingerprints share one."""
    keys = sorted(prints)
    bits = np.array([list(bytes.fromhex(prints[key])) for key in keys], dtype=np.uint8)
    group = np.arange(len(keys))
    for at in range(1, len(keys)):
        distance = np.bitwise_count(bits[:at] ^ bits[at]).sum(axis=1)
        near = np.unique(group[:at][distance <= LARGEST_DISTANCE])
        if len(near):
            group[np.isin(group, near)] = near[0]
            group[at] = near[0]
    return {key: int(group[at]) for at, key in enumerate(keys)}
