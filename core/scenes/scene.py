"""Compose a scene: things on stuff, with the exact mask of everything that is visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.scenes.art import Art
from cascadeclip.core.scenes.captions import write_captions
from cascadeclip.core.scenes.ground import clouds, draw_ground
from cascadeclip.core.scenes.words import INDEX, WORDS

VISIBLE = 0.55  # a thing hidden more than this leaves is not placed
_TRIES = 8


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Set what a scene holds; sizes are fractions of its side, angles degrees.

    `things` and `grounds` are inclusive ranges; `light` and `noise` scale the jitter of colour
    and the grain (1 is the default look, 0 switches off).
    """

    things: tuple[int, int] = (1, 4)
    grounds: tuple[int, int] = (1, 3)
    thing_size: tuple[float, float] = (0.26, 0.55)
    rotation: float = 25.0
    light: float = 1.0
    noise: float = 1.0


@dataclass(frozen=True, slots=True)
class SceneObject:
    """Hold one thing: its word and its visible pixels, HxW bool."""

    word: str
    mask: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scene:
    """Hold a drawn scene.

    `image` is HxWx3 uint8 RGB; `labels` HxW int16 indexes WORDS, and every pixel has one;
    `objects` are in drawing order, stuff is everything they do not cover.
    """

    image: NDArray[np.uint8]
    labels: NDArray[np.int16]
    captions: tuple[str, ...]
    objects: tuple[SceneObject, ...]


@dataclass(slots=True)
class _Canvas:
    """Hold the picture while it is painted, RGB float32 0..255."""

    pixels: NDArray[np.float32]
    labels: NDArray[np.int16]
    owner: NDArray[np.int16]  # HxW: index of the thing that shows, -1 for stuff


def draw_scene(
    art: Art,
    seed: int,
    *,
    size: int = 320,
    words: Sequence[str] | None = None,
    settings: SceneSettings = SceneSettings(),  # noqa: B008 - frozen
) -> Scene:
    """Draw the scene number `seed` at `size` x `size` pixels, from `words` or from all of WORDS.

    The same arguments give the same pixels. Without stuff among `words` any ground is drawn.
    """
    rng = np.random.default_rng(seed)
    names = [word.name for word in WORDS] if words is None else list(words)
    things = [name for name in names if WORDS[INDEX[name]].kind == "thing"]
    stuff = [name for name in names if WORDS[INDEX[name]].kind == "stuff"]
    stuff = stuff or [word.name for word in WORDS if word.kind == "stuff"]
    canvas = _lay_ground(rng, size, stuff, settings)
    count = int(rng.integers(settings.things[0], settings.things[1] + 1))
    chosen: list[str] = []
    if things:
        chosen = rng.choice(things, size=min(count, len(things)), replace=False).tolist()
    placed = [name for name in chosen if _place(canvas, rng, art, name, settings)]
    objects = tuple(SceneObject(name, canvas.owner == index) for index, name in enumerate(placed))
    present = [WORDS[index].name for index in np.unique(canvas.labels)]
    return Scene(
        image=_develop(canvas.pixels, rng, settings),
        labels=canvas.labels,
        captions=write_captions(rng, present),
        objects=objects,
    )


def _lay_ground(
    rng: np.random.Generator, size: int, stuff: Sequence[str], settings: SceneSettings
) -> _Canvas:
    low, high = settings.grounds
    count = min(len(stuff), int(rng.integers(low, high + 1)))
    chosen = [str(name) for name in rng.choice(list(stuff), size=count, replace=False)]
    region = _regions(rng, size, count)
    pixels = np.empty((size, size, 3), np.float32)
    labels = np.empty((size, size), np.int16)
    for index, name in enumerate(chosen):
        here = region == index
        pixels[here] = draw_ground(name, rng, size)[here]
        labels[here] = INDEX[name]
    return _Canvas(pixels, labels, np.full((size, size), -1, np.int16))


def _regions(rng: np.random.Generator, size: int, count: int) -> NDArray[np.int8]:
    """Cut the square into `count` bands with curved borders, at a random angle."""
    line = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    angle = rng.uniform(-0.9, 0.9) + rng.choice([0.0, np.pi / 2])
    height = np.cos(angle) * line[:, None] + np.sin(angle) * line
    height = height + 0.09 * clouds(rng, size, cells=2, octaves=2)
    cuts = np.linspace(-0.5, 0.5, count + 1)[1:-1] + rng.uniform(-0.1, 0.1, count - 1)
    region: NDArray[np.int8] = np.zeros((size, size), np.int8)
    for cut in cuts:
        region += (height > cut).astype(np.int8)
    return region


def _place(
    canvas: _Canvas, rng: np.random.Generator, art: Art, name: str, settings: SceneSettings
) -> bool:
    """Paint one thing where it hides nothing too much; say whether there was room."""
    size = canvas.labels.shape[0]
    for _ in range(_TRIES):
        side = rng.uniform(*settings.thing_size) * size
        centre = rng.uniform(side * 0.4, size - side * 0.4, 2)
        turn = rng.uniform(-settings.rotation, settings.rotation)
        cut_out = _warp(art.sprites[name], size, side, centre, turn, flip=rng.random() < 0.5)
        mask = cut_out[..., 3] > 0.5
        if mask.any() and not _hides(canvas.owner, mask):
            index = np.int16(canvas.owner.max() + 1)
            _paint(canvas, rng, cut_out)
            canvas.owner[mask] = index
            canvas.labels[mask] = INDEX[name]
            return True
    return False


def _hides(owner: NDArray[np.int16], mask: NDArray[np.bool_]) -> bool:
    """Tell whether `mask` would leave too little of a thing that is there."""
    if owner.max() < 0:
        return False
    before = np.bincount(owner[owner >= 0])
    lost = np.bincount(owner[mask & (owner >= 0)], minlength=len(before))
    # The share is of what showed before this thing came, so that several together may hide more;
    # with at most a handful of things that stays within what a person would still recognise.
    return bool((lost > (1 - VISIBLE) * 0.6 * before).any())


def _warp(
    sprite: NDArray[np.uint8],
    size: int,
    side: float,
    centre: NDArray[np.float64],
    turn: float,
    *,
    flip: bool,
) -> NDArray[np.float32]:
    """Put a sprite on an empty `size` square: HxWx4 float32, colour premultiplied, alpha 0..1."""
    source = sprite
    while max(source.shape[:2]) > 2 * side:
        half = (max(1, source.shape[1] // 2), max(1, source.shape[0] // 2))
        source = np.asarray(cv2.resize(source, half, interpolation=cv2.INTER_AREA), np.uint8)
    if flip:
        source = source[:, ::-1]
    layer = source.astype(np.float32)
    layer[..., 3] /= 255
    layer[..., :3] *= layer[..., 3:]
    height, width = layer.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, side / max(height, width))
    matrix[:, 2] += (centre[1] - width / 2, centre[0] - height / 2)
    warped = cv2.warpAffine(layer, matrix, (size, size), flags=cv2.INTER_LINEAR)
    return np.asarray(warped, np.float32)


def _paint(canvas: _Canvas, rng: np.random.Generator, cut_out: NDArray[np.float32]) -> None:
    size = canvas.labels.shape[0]
    alpha = cut_out[..., 3:]
    reach = max(1, round(size * 0.02))
    shadow = cv2.blur(np.roll(alpha[..., 0], (reach, reach // 2), (0, 1)), (2 * reach + 1,) * 2)
    canvas.pixels *= 1 - np.float32(rng.uniform(0.1, 0.4)) * shadow[..., None]
    light = rng.uniform(0.88, 1.1, 3).astype(np.float32)
    canvas.pixels *= 1 - alpha
    canvas.pixels += cut_out[..., :3] * light


def _develop(
    pixels: NDArray[np.float32], rng: np.random.Generator, settings: SceneSettings
) -> NDArray[np.uint8]:
    """Apply light, colour cast, a slight blur and grain; return uint8."""
    gain = (
        1 + settings.light * rng.uniform(-0.12, 0.12) + settings.light * rng.uniform(-0.05, 0.05, 3)
    )
    lift = np.float32(settings.light * rng.uniform(-12, 12))
    developed = pixels * gain.astype(np.float32) + lift
    if rng.random() < 0.3 * settings.noise:
        developed = np.asarray(cv2.GaussianBlur(developed, (3, 3), 0), np.float32)
    grain = rng.standard_normal(pixels.shape, dtype=np.float32)
    developed = developed + np.float32(settings.noise * rng.uniform(0, 6)) * grain
    return np.asarray(np.clip(developed, 0, 255), np.uint8)
