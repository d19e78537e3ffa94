"""Training crops as the paper's recipe makes them: resize, crop, flip, change of light, padding."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cascadeclip.core.images import normalise
from cascadeclip.core.model.config import IMAGENET_MEAN, IMAGENET_STD
from cascadeclip.train.data.labelled import IGNORE, Example

BRIGHTNESS = 32.0
CONTRAST = (0.5, 1.5)
SATURATION = (0.5, 1.5)
HUE = (-18, 18)  # whole steps of OpenCV's half circle of 180; the upper end is left out
HUES = 180

Pixels = npt.NDArray[np.uint8]
Crop = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Hold the numbers of the recipe; the defaults are those of the paper's released code.

    `side` is that of the square crop in pixels. `scale` are the long and the short side that an
    image is fitted into, ratio kept, after both were multiplied by a number from `ratios` (upper
    end left out); None leaves the size alone. A crop in which one word holds `cat_max_ratio` of
    the labelled pixels or more, or which shows fewer than two words, is drawn again at most
    `redraws` times; a ratio of 1 takes the first. `flip` is the chance of a mirrored crop,
    `photometric` whether the light changes, `mean` and `std` normalise RGB in 0..255.
    """

    side: int = 512
    scale: tuple[int, int] | None = (2048, 512)
    ratios: tuple[float, float] = (0.5, 2.0)
    cat_max_ratio: float = 0.75
    redraws: int = 10
    flip: float = 0.5
    photometric: bool = True
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD


def flip_only(side: int) -> Augmentation:
    """Return the recipe for small images of about `side` pixels: no resizing, no change of light.

    The crop rule stays; on images that are no larger than the crop every draw is the same.
    """
    return Augmentation(side=side, scale=None, photometric=False)


def augment(
    example: Example, settings: Augmentation, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float32], Pixels]:
    """Cut a training square: a normalised image 3xSxS float32 and its labels SxS uint8.

    The steps and their order are those of the released code (resize, crop, flip, light,
    normalise, pad on the right and at the bottom); padding is 0 after normalisation, which is the
    mean colour, and 255 in the labels. The same `rng` state gives the same square.
    """
    image, labels = _resized(example.image, example.labels, settings, rng)
    crop = _choose_crop(labels, settings, rng)
    image, labels = image[crop], labels[crop]
    if rng.random() < settings.flip:
        image, labels = image[:, ::-1], labels[:, ::-1]
    if settings.photometric:
        image = distort_light(image, rng)
    return _padded(normalise(image, settings.mean, settings.std), labels, settings.side)


def _resized(
    image: Pixels, labels: Pixels, settings: Augmentation, rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    if settings.scale is None:
        return image, labels
    ratio = float(rng.uniform(*settings.ratios))
    width, height = fitted(image.shape[1], image.shape[0], settings.scale, ratio)
    return (
        np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8),
        np.asarray(cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8),
    )


def fitted(width: int, height: int, scale: tuple[int, int], ratio: float) -> tuple[int, int]:
    """Return width and height in pixels, at least 1, fitted into `scale` times `ratio`.

    Both sides of `scale` are cut to whole pixels first, as in the released code.
    """
    first, second = int(scale[0] * ratio), int(scale[1] * ratio)
    long, short = max(first, second), min(first, second)
    factor = min(long / max(width, height), short / min(width, height))
    return max(int(width * factor + 0.5), 1), max(int(height * factor + 0.5), 1)


def _choose_crop(labels: Pixels, settings: Augmentation, rng: np.random.Generator) -> Crop:
    crop = _draw_crop(labels, settings.side, rng)
    if settings.cat_max_ratio >= 1:
        return crop
    for _ in range(settings.redraws):
        if _varied(labels[crop], settings.cat_max_ratio):
            break
        crop = _draw_crop(labels, settings.side, rng)
    return crop


def _draw_crop(labels: Pixels, side: int, rng: np.random.Generator) -> Crop:
    height, width = labels.shape
    top = int(rng.integers(0, max(height - side, 0) + 1))
    left = int(rng.integers(0, max(width - side, 0) + 1))
    return slice(top, top + side), slice(left, left + side)


def _varied(labels: Pixels, cat_max_ratio: float) -> bool:
    """Tell whether each word holds less than allowed; one alone holds everything."""
    counts = np.bincount(labels.ravel(), minlength=IGNORE + 1)
    counts[IGNORE] = 0
    return bool(counts.max() < cat_max_ratio * counts.sum())


def distort_light(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Change brightness, contrast, saturation and hue of HxWx3 RGB, each with a chance of 1/2.

    A coin decides whether the contrast changes before or after the colours. Every step is cut to
    0..255 and to whole numbers, as in the released code. That code works on BGR; brightness and
    contrast treat the channels alike and OpenCV's HSV is that of the colour, so the result is
    the same.
    """
    image = _brightened(image, rng)
    early = bool(rng.integers(2))
    if early:
        image = _contrasted(image, rng)
    image = _hued(_saturated(image, rng), rng)
    return image if early else _contrasted(image, rng)


def _scaled(values: Pixels, gain: float, shift: float) -> Pixels:
    moved = values.astype(np.float32) * gain + shift
    return np.asarray(np.clip(moved, 0, 255), np.uint8)


def _brightened(image: Pixels, rng: np.random.Generator) -> Pixels:
    if not rng.integers(2):
        return image
    return _scaled(image, 1.0, float(rng.uniform(-BRIGHTNESS, BRIGHTNESS)))


def _contrasted(image: Pixels, rng: np.random.Generator) -> Pixels:
    if not rng.integers(2):
        return image
    return _scaled(image, float(rng.uniform(*CONTRAST)), 0.0)


def _saturated(image: Pixels, rng: np.random.Generator) -> Pixels:
    if not rng.integers(2):
        return image
    hsv = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), np.uint8)
    hsv[..., 1] = _scaled(hsv[..., 1], float(rng.uniform(*SATURATION)), 0.0)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def _hued(image: Pixels, rng: np.random.Generator) -> Pixels:
    if not rng.integers(2):
        return image
    hsv = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), np.uint8)
    hsv[..., 0] = (hsv[..., 0].astype(np.int16) + int(rng.integers(*HUE))) % HUES
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def _padded(
    image: npt.NDArray[np.float32], labels: Pixels, side: int
) -> tuple[npt.NDArray[np.float32], Pixels]:
    height, width = labels.shape
    square = np.zeros((3, side, side), np.float32)
    square[:, :height, :width] = image
    truth = np.full((side, side), IGNORE, np.uint8)
    truth[:height, :width] = labels
    return square, truth
