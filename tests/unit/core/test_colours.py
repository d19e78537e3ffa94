"""Colours say how far a word reaches, and only where they tell words apart."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cascadeclip.core import colours
from cascadeclip.core.colours import ColourSettings, listen
from cascadeclip.core.edges import follow, without_grain

GREEN, RED, BLUE = (60, 160, 60), (220, 60, 40), (50, 60, 200)
ALWAYS = ColourSettings(vague=-2, clear=-1)


def painted(size, *discs, ground=GREEN, seed=1):
    """An image of grainy discs (colour, y, x, radius) on a ground, and where each disc is."""
    down, across = np.mgrid[: size[0], : size[1]]
    image = np.broadcast_to(np.array(ground, np.float64), (*size, 3)).copy()
    places = []
    for colour, y, x, radius in discs:
        places.append((down - y) ** 2 + (across - x) ** 2 < radius**2)
        image[places[-1]] = colour
    grain = np.random.default_rng(seed).normal(0, 4, image.shape)
    return (image + grain).clip(0, 255).astype(np.uint8), places


def spoken(maps, image, least=0.5, **more):
    """The maps at the size of the image, and with what colours say, None if they say nothing."""
    maps, smooth = np.asarray(maps, np.float32), without_grain(image)
    least = np.broadcast_to(np.float32(least), len(maps))
    said = listen(maps, least, smooth, grain=1, **more)
    before = [*follow(maps, smooth, grain=1)]
    return before, None if said is None else [said.add(*pair) for pair in enumerate(before)]


def middle(place, patch, inside, *, cut=0):
    """The map of a place, cut at its rim by as many pixels, one value a patch."""
    size = place.shape[1] // patch, place.shape[0] // patch
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * cut + 1,) * 2)
    part = cv2.erode(place.astype(np.uint8), disc).astype(np.float32)
    return cv2.resize(part, size, interpolation=cv2.INTER_AREA) * (inside - 0.05) + 0.05


def iou(mask, place):
    return (mask & place).sum() / (mask | place).sum()


def test_a_thing_of_which_the_map_covers_the_middle_gets_its_whole_outline():
    image, (thing,) = painted((128, 192), (RED, 64, 90, 40))
    maps = [middle(thing, 8, 0.9, cut=8), middle(~thing, 8, 0.8, cut=8)]
    (before, _), (after, ground) = spoken(maps, image)
    assert iou(before >= 0.5, thing) < 0.7
    assert iou(after >= 0.5, thing) > 0.97
    assert iou((ground > after) & (ground >= 0.5), ~thing) > 0.97


def test_a_part_that_no_map_claims_goes_to_the_word_of_its_colour():
    image, (one, part, far) = painted(
        (128, 256), (RED, 64, 60, 30), (RED, 64, 104, 10), (RED, 64, 230, 12)
    )
    ground = middle(~(one | part | far), 16, 0.8)
    _, (after, _) = spoken([middle(one, 16, 0.9), ground], image)
    assert (after >= 0.5)[part].mean() > 0.9
    assert not (after >= 0.5)[far].any()  # beyond reach, where nothing says what red is


def test_a_word_rarer_than_its_ground_is_not_swallowed():
    # its red is all over the ground, too: nine tenths of what is red around it are the ground's
    image, (thing, *specks) = painted(
        (128, 128),
        (RED, 64, 64, 12),
        *((RED, y, x, 6) for y in range(8, 128, 16) for x in range(8, 128, 16)
          if max(abs(y - 64), abs(x - 64)) > 16),
    )  # fmt: skip
    maps = [middle(thing, 8, 0.8), middle(~thing, 8, 0.7)]
    (before, _), (after, ground) = spoken(maps, image, settings=ALWAYS)
    assert iou(before >= 0.5, thing) > 0.9
    assert iou((after >= 0.5) & (after > ground), thing) > 0.95


def halves(size):
    left = np.broadcast_to(np.arange(size[1]) < size[1] // 2, size)
    return left, ~left


@pytest.mark.parametrize("broad", [False, True])
@pytest.mark.parametrize("kind", ["noise", "grey"])
def test_where_colours_do_not_tell_words_apart_they_are_not_heard(kind, broad):
    bright, places = painted((128, 192), (RED, 40, 50, 20), (BLUE, 80, 140, 20))
    image = np.full((128, 192, 3), 128, np.uint8)
    if kind == "noise":
        image = np.random.default_rng(2).integers(0, 256, image.shape, dtype=np.uint8)
    maps = [middle(one, 16, 0.9) for one in (halves((128, 192)) if broad else places)]
    assert spoken(maps, image)[1] is None
    assert spoken(maps[:1], image)[1] is None
    assert spoken(maps, image, settings=ALWAYS)[1] is not None
    assert broad or spoken(maps, bright)[1] is not None


def test_where_no_word_wins_anything_nothing_is_heard():
    image, (thing,) = painted((64, 96), (RED, 32, 40, 20))
    maps = [middle(thing, 16, 0.4), middle(~thing, 16, 0.4)]
    assert spoken(maps, image, settings=ALWAYS)[1] is None
    assert spoken(maps, image, least=0.2, settings=ALWAYS)[1] is not None


def test_a_word_alone_is_told_from_what_it_is_not():
    image, (thing,) = painted((128, 192), (RED, 64, 90, 40))
    (before,), (after,) = spoken([middle(thing, 8, 0.9, cut=4)], image)
    assert iou(after >= 0.5, thing) > 0.98 > 0.9 > iou(before >= 0.5, thing)


def test_a_word_with_a_threshold_of_its_own_reaches_no_further_than_that():
    image, (one, other) = painted((128, 192), (RED, 64, 48, 36), (BLUE, 64, 140, 36))
    maps = [middle(one, 8, 0.7, cut=4), middle(other, 8, 0.7, cut=4)]
    (first, second), (low, _) = spoken(maps, image)
    _, (high, same) = spoken(maps, image, least=[0.9, 0.5])
    assert iou(low >= 0.9, one) > 0.9
    assert (high >= 0.9).sum() == (first >= 0.9).sum() == 0
    assert iou(same >= 0.5, other) > 0.97 > 0.7 > iou(second >= 0.5, other)


def test_without_words_there_is_nothing_to_say():
    image = np.zeros((4, 5, 3), np.uint8)
    nothing = np.empty((0, 4, 5), np.float32)
    assert listen(nothing, np.empty(0, np.float32), image, grain=1) is None


SIZES = [(1, 1), (3, 2000), (2000, 3), (2, 2), (300, 700)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("constant", [False, True])
def test_any_size_and_any_image_gives_probabilities(size, constant):
    chance = np.random.default_rng(3)
    image = np.full((*size, 3), 255, np.uint8)
    if not constant:
        image = chance.integers(0, 256, image.shape, dtype=np.uint8)
    maps = chance.choice(np.float32([-0.2, 0, 0.3, 0.9, 1]), (3, 4, 5))
    before, after = spoken(maps, image, least=[0.5, 0, 1], settings=ALWAYS)
    for values, one in zip(before, after, strict=True):
        assert one.shape == values.shape == size
        assert one.dtype == np.float32
        assert np.isfinite(one).all()
        assert one.min() >= 0
        assert one.max() <= 1


def test_a_hundred_words():
    chance = np.random.default_rng(5)
    labels = chance.integers(0, 100, (12, 16))
    tones = chance.integers(0, 256, (100, 3), dtype=np.uint8)
    image = tones[labels].repeat(16, axis=0).repeat(16, axis=1)
    maps = (np.arange(100)[:, None, None] == labels) * np.float32(0.8) + np.float32(0.1)
    _, after = spoken(maps, image, settings=replace(ALWAYS, rounds=2))
    won = np.stack(after).argmax(axis=0)
    assert (won == labels.repeat(16, axis=0).repeat(16, axis=1)).mean() > 0.95


def test_the_same_is_said_each_time_whatever_was_drawn_before():
    image, (thing,) = painted((96, 128), (RED, 48, 60, 30))
    maps = [middle(thing, 16, 0.9), middle(~thing, 16, 0.9)]
    _, first = spoken(maps, image)
    for seed in (7, 8):
        cv2.setRNGSeed(seed)
        cv2.randu(np.empty(5, np.uint8), 0, 255)
        np.testing.assert_array_equal(spoken(maps, image)[1], first)


def slow(maps, least, image, settings):
    """The rounds by their definition, pixel by pixel: what is added to the logits of each word."""
    height, width = image.shape[:2]
    palette = colours._Palette(image, settings)
    index = palette.of(image)
    rows, columns = (round(side * settings.cells / max(height, width)) for side in (height, width))
    cell = np.stack(np.meshgrid(np.arange(height) * rows // height,
                                np.arange(width) * columns // width, indexing="ij"))  # fmt: skip
    away = ((cell[:, :, :, None, None] - cell[:, None, None]) ** 2).sum(axis=0)
    sigma = settings.reach * max(rows, columns)
    kernel = np.exp(-away / (2 * sigma**2)) * (index[:, :, None, None] == index)
    own = [
        np.log(one / (1 - one)) - np.log(at / (1 - at)) for one, at in zip(maps, least, strict=True)
    ]
    own = np.stack([*own, np.zeros((height, width))])
    bonus = np.zeros_like(own)
    for _ in range(settings.rounds):
        shares = np.exp(own + bonus)
        shares /= shares.sum(axis=0)
        share = np.einsum("yxuv,kuv->kyx", kernel, shares) / kernel.sum(axis=(2, 3))
        sure = shares**2
        typical = (sure * share).sum(axis=(1, 2)) / sure.sum(axis=(1, 2))
        typical[-1] = 1
        colour = np.minimum(share / np.maximum(typical, 0.1)[:, None, None], 1)
        blur = max(0.5, settings.near * max(height, width))
        near = np.stack([cv2.GaussianBlur(one, (0, 0), blur) for one in shares])
        even = np.stack([cv2.blur(one, (settings.even,) * 2) for one in colour])
        bonus = settings.weight * even + settings.close * near
    return bonus[:-1] - bonus[-1]


def test_agrees_with_the_definition():
    chance = np.random.default_rng(6)
    image = np.uint8([GREEN, RED, BLUE])[chance.integers(0, 3, (12, 16))]
    maps = chance.uniform(0.1, 0.9, (3, 12, 16)).astype(np.float32)
    maps[:2, :4] = np.float32([[[0]], [[1]]])
    least = np.float32([0.5, 0.4, 0.6])
    settings = replace(ALWAYS, colours=3, cells=8, rounds=3, reach=0.25, weight=2)
    palette = colours._Palette(image, settings)
    heard = colours._hear(maps, least, image, palette, settings)
    said = colours.Said(image, palette, heard)
    inside = maps.astype(float).clip(colours.LEAST, 1 - colours.LEAST)
    for word, bonus in enumerate(slow(inside, least, image, settings)):
        want = 1 / (1 + np.exp(-(np.log(inside[word] / (1 - inside[word])) + bonus)))
        np.testing.assert_allclose(said.add(word, maps[word]), want, atol=2e-3)
