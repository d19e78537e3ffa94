"""Stuff of the toy world: ten kinds of ground, drawn by formula at any size."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def draw_ground(name: str, rng: np.random.Generator, size: int) -> Floats:
    """Draw `size` x `size` x 3 RGB float32 (0..255, not clipped) of the stuff called `name`."""
    return _GROUNDS[name](rng, size)


def clouds(rng: np.random.Generator, size: int, *, cells: int, octaves: int = 3) -> Floats:
    """Draw `size` x `size` smooth noise of mean 0 and range about -1..1, `cells` bumps across."""
    total = np.zeros((size, size), np.float32)
    weight = 1.0
    for octave in range(octaves):
        grid = min(size, max(2, cells * 2**octave))
        noise = rng.uniform(-1, 1, (grid, grid)).astype(np.float32)
        total += weight * cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)
        weight *= 0.5
    return total


def _mix(low: tuple[int, int, int], high: tuple[int, int, int], share: Floats) -> Floats:
    """Blend two colours by a map of 0..1."""
    bottom, top = np.array(low, np.float32), np.array(high, np.float32)
    mixed: Floats = bottom + (top - bottom) * np.clip(share, 0, 1)[..., None]
    return mixed


def _axes(size: int) -> tuple[Floats, Floats]:
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    return np.broadcast_to(line[:, None], (size, size)), np.broadcast_to(line, (size, size))


def _grass(rng: np.random.Generator, size: int) -> Floats:
    blades = rng.uniform(0, 1, (size, size)).astype(np.float32)
    streaks = cv2.blur(blades, (1, max(2, size // 24)))
    share = 0.5 + 0.25 * clouds(rng, size, cells=3) + 1.6 * (streaks - 0.5)
    return _mix((38, 110, 30), (132, 196, 66), share.astype(np.float32))


def _sky(rng: np.random.Generator, size: int) -> Floats:
    down, _ = _axes(size)
    ground = _mix((84, 152, 232), (178, 216, 246), down + 0.1 * clouds(rng, size, cells=2))
    puffs = np.clip(clouds(rng, size, cells=3) - 0.35, 0, 1)[..., None]
    drawn: Floats = ground + (250 - ground) * puffs
    return drawn


def _water(rng: np.random.Generator, size: int) -> Floats:
    down, _ = _axes(size)
    waves = rng.uniform(9, 14)
    bend = 0.05 * clouds(rng, size, cells=4)
    share = (
        0.45 + 0.3 * np.sin(2 * np.pi * waves * (down + bend)) + 0.2 * clouds(rng, size, cells=3)
    )
    return _mix((6, 78, 122), (60, 178, 196), share.astype(np.float32))


def _sand(rng: np.random.Generator, size: int) -> Floats:
    down, across = _axes(size)
    grains = rng.uniform(-0.3, 0.3, (size, size)).astype(np.float32)
    bend = 0.12 * clouds(rng, size, cells=2)
    ripples = 0.15 * np.sin(2 * np.pi * rng.uniform(3, 5) * (down + 0.4 * across + bend))
    return _mix((198, 162, 96), (246, 224, 164), (0.5 + grains + ripples).astype(np.float32))


def _snow(rng: np.random.Generator, size: int) -> Floats:
    return _mix((200, 214, 232), (255, 255, 255), 0.6 + 0.4 * clouds(rng, size, cells=3))


def _brick(rng: np.random.Generator, size: int) -> Floats:
    down, across = _axes(size)
    rows = rng.uniform(7, 10)
    row = np.floor(down * rows)
    shifted = across * rows / 2 + 0.5 * (row % 2)
    tone = rng.uniform(0.15, 0.95, (16, 16)).astype(np.float32)
    share = tone[row.astype(int) % 16, np.floor(shifted).astype(int) % 16]
    wall = _mix((132, 48, 34), (190, 88, 62), share)
    mortar = (down * rows % 1 < 0.14) | (shifted % 1 < 0.07)
    wall[mortar] = (206, 196, 184)
    return wall


def _wood(rng: np.random.Generator, size: int) -> Floats:
    down, across = _axes(size)
    planks = rng.uniform(4, 6)
    tone = rng.uniform(-0.25, 0.25, 8).astype(np.float32)[np.floor(down * planks).astype(int) % 8]
    grain = 0.2 * np.sin(2 * np.pi * (22 * down + 0.5 * clouds(rng, size, cells=3) + across))
    floor = _mix((118, 72, 36), (206, 150, 92), (0.5 + tone + grain).astype(np.float32))
    floor[down * planks % 1 < 0.07] = (70, 42, 22)
    return floor


def _road(rng: np.random.Generator, size: int) -> Floats:
    down, across = _axes(size)
    grit = rng.uniform(-0.4, 0.4, (size, size)).astype(np.float32)
    tar = _mix((58, 58, 62), (104, 104, 108), 0.5 + grit + 0.2 * clouds(rng, size, cells=2))
    middle = rng.uniform(0.2, 0.8)
    line = (np.abs(down - middle) < 0.018) & (across * rng.uniform(3, 5) % 1 < 0.6)
    tar[line] = (232, 224, 196)
    return tar


def _leaves(rng: np.random.Generator, size: int) -> Floats:
    spots = clouds(rng, size, cells=14, octaves=1)
    tones = clouds(rng, size, cells=9, octaves=1)
    foliage = _mix((120, 62, 20), (224, 142, 40), 0.5 + 0.6 * tones)
    foliage[spots < -0.2] = (84, 60, 26)
    foliage[spots > 0.45] = (196, 60, 34)
    return foliage


def _night(rng: np.random.Generator, size: int) -> Floats:
    dark = _mix((8, 10, 34), (34, 36, 84), 0.4 + 0.4 * clouds(rng, size, cells=2))
    count = int(rng.integers(14, 30))
    for down, across in rng.uniform(0, size, (count, 2)):
        centre = (int(across), int(down))
        cv2.circle(dark, centre, max(1, size // 160), (236.0, 232.0, 208.0), -1, cv2.LINE_AA)
    return dark


_GROUNDS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "grass": _grass,
    "sky": _sky,
    "water": _water,
    "sand": _sand,
    "snow": _snow,
    "brick": _brick,
    "wood": _wood,
    "road": _road,
    "leaves": _leaves,
    "night": _night,
}
