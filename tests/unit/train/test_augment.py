import dataclasses

import cv2
import numpy as np
import pytest

from cascadeclip.train.data import augment as module
from cascadeclip.train.data.augment import (
    Augmentation,
    augment,
    distort_light,
    fitted,
    flip_only,
)
from cascadeclip.train.data.labelled import Example

PLAIN = Augmentation(side=32, scale=None, flip=0.0, photometric=False, cat_max_ratio=1.0)


def coded(height, width, block=1):
    """Make an image whose red is its label; blocks of `block` pixels share one."""
    rng = np.random.default_rng(height * width)
    small = rng.integers(0, 200, (-(-height // block), -(-width // block))).astype(np.uint8)
    labels = np.repeat(np.repeat(small, block, 0), block, 1)[:height, :width]
    image = np.stack([labels, 255 - labels, np.full_like(labels, 7)], axis=2)
    return Example(np.ascontiguousarray(image), np.ascontiguousarray(labels), "coded")


def pixels(image, settings):
    """Undo the normalisation: HxWx3 in 0..255."""
    mean, std = (np.array(value)[:, None, None] for value in (settings.mean, settings.std))
    return np.rint(image * std + mean).transpose(1, 2, 0)


def squares(example, settings, count=20):
    return [augment(example, settings, np.random.default_rng(seed)) for seed in range(count)]


def test_the_paper_s_numbers_are_the_defaults():
    settings = Augmentation()
    assert (settings.side, settings.scale, settings.ratios) == (512, (2048, 512), (0.5, 2.0))
    assert (settings.cat_max_ratio, settings.redraws, settings.flip) == (0.75, 10, 0.5)
    assert settings.photometric
    assert settings.mean == (123.675, 116.28, 103.53)


@pytest.mark.parametrize("flip", [0.0, 1.0])
def test_image_and_labels_stay_together(flip):
    settings = dataclasses.replace(PLAIN, flip=flip)
    example = coded(50, 41)
    corners = set()
    for image, labels in squares(example, settings):
        assert (image.dtype, labels.dtype) == (np.float32, np.uint8)
        assert (image.shape, labels.shape) == ((3, 32, 32), (32, 32))
        red = pixels(image, settings)
        assert (red[..., 0] == labels).all()
        assert (red[..., 1] == 255 - labels).all()
        assert (red[..., 2] == 7).all()
        upright = labels[:, ::-1] if flip else labels
        corners.add(bytes(upright[0, :8]))
        windows = np.lib.stride_tricks.sliding_window_view(example.labels, (32, 32))
        assert (windows == upright).all(axis=(2, 3)).sum() == 1
    assert len(corners) > 10


def test_they_stay_together_when_resized():
    settings = dataclasses.replace(PLAIN, scale=(200, 60), side=64, flip=0.5)
    example = coded(48, 60, block=12)
    for image, labels in squares(example, settings):
        there = labels != 255
        red = pixels(image, settings)[..., 0]
        assert there.any()
        assert set(np.unique(labels)) <= {*np.unique(example.labels), 255}
        # bilinear edges differ from nearest ones; the insides of the blocks do not
        assert (np.abs(red - labels)[there] <= 1).mean() > 0.5
        assert np.corrcoef(red[there], labels[there])[0, 1] > 0.9


@pytest.mark.parametrize(
    ("width", "height", "ratio", "expected"),
    [
        (500, 375, 1.0, (683, 512)),
        (375, 500, 1.0, (512, 683)),
        (500, 375, 0.5, (341, 256)),
        (500, 375, 1.999, (1364, 1023)),  # int(512 * 1.999) = 1023
        (4000, 500, 1.0, (2048, 256)),  # the long side binds
        (4000, 2, 1.0, (2048, 1)),
        (9000, 1, 0.5, (1024, 1)),  # never nothing
        (1, 9000, 0.5, (1, 1024)),
    ],
)
def test_images_are_fitted_into_the_scale(width, height, ratio, expected):
    assert fitted(width, height, (2048, 512), ratio) == expected


def test_the_ratio_runs_from_a_half_to_two():
    settings = dataclasses.replace(PLAIN, scale=(2048, 64), side=512)
    example = Example(np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), np.uint8), "a")
    sides = [int((labels[:, 0] == 0).sum()) for _, labels in squares(example, settings, 60)]
    assert 32 <= min(sides) < 40
    assert 115 < max(sides) < 128


def test_padding_is_right_and_below_zero_and_ignored():
    image, labels = augment(coded(20, 30), PLAIN, np.random.default_rng(0))
    assert (labels[20:] == 255).all()
    assert (labels[:, 30:] == 255).all()
    assert (labels[:20, :30] == coded(20, 30).labels).all()
    assert (image[:, 20:] == 0).all()
    assert (image[:, :, 30:] == 0).all()
    assert (image[:, :20, :30] != 0).all()


def test_a_mirrored_crop_is_padded_on_the_same_sides():
    settings = dataclasses.replace(PLAIN, flip=1.0)
    _, labels = augment(coded(32, 20), settings, np.random.default_rng(0))
    assert (labels[:, :20] == coded(32, 20).labels[:, ::-1]).all()
    assert (labels[:, 20:] == 255).all()


def test_half_of_the_crops_are_mirrored():
    example = coded(32, 32)
    settings = dataclasses.replace(PLAIN, flip=0.5)
    kept = [(labels == example.labels).all() for _, labels in squares(example, settings, 60)]
    assert 20 < sum(kept) < 40


def shares(labels):
    counts = np.bincount(labels[labels != 255], minlength=256)
    return counts.max() / counts.sum(), np.count_nonzero(counts)


def test_crops_of_one_word_are_drawn_again():
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 40:] = 1
    labels[:, 50:] = 255
    example = Example(np.zeros((64, 64, 3), np.uint8), labels, "edge")
    wanted = dataclasses.replace(PLAIN, cat_max_ratio=0.75, side=24, redraws=60)
    for _, found in squares(example, wanted):
        share, words = shares(found)
        assert share < 0.75
        assert words == 2
    plain = dataclasses.replace(wanted, cat_max_ratio=1.0)
    assert any(shares(found)[1] == 1 for _, found in squares(example, plain))


@pytest.mark.parametrize("value", [0, 255])
def test_the_last_of_eleven_draws_is_kept(value, monkeypatch):
    draws = []
    real = module._draw_crop
    monkeypatch.setattr(module, "_draw_crop", lambda *args: draws.append(real(*args)) or draws[-1])
    example = coded(50, 50)
    example.labels[:] = value
    settings = dataclasses.replace(PLAIN, cat_max_ratio=0.75)
    image, _ = augment(example, settings, np.random.default_rng(1))
    assert len(draws) == 11
    assert (pixels(image, settings) == example.image[draws[-1]]).all()


def test_the_same_generator_state_gives_the_same_square():
    example = coded(60, 80)
    settings = Augmentation(side=32, scale=(256, 64))
    first, again = squares(example, settings), squares(example, settings)
    for one, two in zip(first, again, strict=True):
        assert all((a == b).all() for a, b in zip(one, two, strict=True))
    assert len({image.tobytes() for image, _ in first}) == 20


def test_the_small_recipe_only_crops_and_flips():
    example = coded(96, 96)
    settings = flip_only(96)
    found = {labels.tobytes() for _, labels in squares(example, settings)}
    assert found == {example.labels.tobytes(), example.labels[:, ::-1].tobytes()}
    image, labels = augment(example, settings, np.random.default_rng(0))
    assert (pixels(image, settings)[..., 0] == labels).all()


def test_the_example_is_not_changed():
    example = coded(60, 80)
    before = example.image.copy(), example.labels.copy()
    squares(example, Augmentation(side=32, scale=(256, 64)))
    assert (example.image == before[0]).all()
    assert (example.labels == before[1]).all()


# --- Light: the same random numbers, one pixel after another ----------------------------------


def to_hsv(b, g, r):
    """Hue in half degrees, saturation and value in 0..255, by the usual formulas."""
    high, low = max(r, g, b), min(r, g, b)
    span = high - low
    if span == 0:
        hue = 0.0
    elif high == r:
        hue = 60 * (g - b) / span
    elif high == g:
        hue = 120 + 60 * (b - r) / span
    else:
        hue = 240 + 60 * (r - g) / span
    hue = round((hue + 360 if hue < 0 else hue) / 2) % 180
    return hue, round(255 * span / high) if high else 0, high


def to_bgr(hue, saturation, value):
    s, v = saturation / 255, float(value)
    sector, part = divmod(hue * 2 / 60, 1)
    p, q, t = v * (1 - s), v * (1 - s * part), v * (1 - s * (1 - part))
    r, g, b = [(v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q)][int(sector) % 6]
    return round(b), round(g), round(r)


def cut(value):
    return int(min(max(value, 0), 255))


def literal(bgr, rng):
    """Distort one colour after another in BGR; the random numbers are drawn once."""
    shift = rng.uniform(-32, 32) if rng.integers(2) else None
    first = bool(rng.integers(2))
    gain = (rng.uniform(0.5, 1.5) if rng.integers(2) else None) if first else None
    vivid = rng.uniform(0.5, 1.5) if rng.integers(2) else None
    turn = int(rng.integers(-18, 18)) if rng.integers(2) else None
    late = None if first else (rng.uniform(0.5, 1.5) if rng.integers(2) else None)
    result = np.zeros_like(bgr)
    for place in np.ndindex(bgr.shape[:2]):
        colour = [int(one) for one in bgr[place]]
        if shift is not None:
            colour = [cut(one + shift) for one in colour]
        if gain is not None:
            colour = [cut(one * gain) for one in colour]
        if vivid is not None:
            hue, saturation, value = to_hsv(*colour)
            colour = list(to_bgr(hue, cut(saturation * vivid), value))
        if turn is not None:
            hue, saturation, value = to_hsv(*colour)
            colour = list(to_bgr((hue + turn) % 180, saturation, value))
        if late is not None:
            colour = [cut(one * late) for one in colour]
        result[place] = colour
    return result


def test_light_changes_as_the_formulas_say():
    rgb = np.random.default_rng(0).integers(0, 256, (12, 12, 3)).astype(np.uint8)
    changed = 0
    for seed in range(60):
        found = distort_light(rgb, np.random.default_rng(seed))
        expected = literal(rgb[..., ::-1], np.random.default_rng(seed))[..., ::-1]
        difference = np.abs(found.astype(int) - expected)
        # OpenCV's 8-bit conversion rounds in other places; a step of hue moves a channel by 4
        assert difference.mean() < 0.5
        assert difference.max() <= 12
        changed += bool((found != rgb).any())
    assert 50 < changed < 60  # one in 16 is left as it is


def test_colours_are_those_of_the_other_channel_order():
    rgb = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    here = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    assert (here == cv2.cvtColor(rgb[..., ::-1].copy(), cv2.COLOR_BGR2HSV)).all()
    back = cv2.cvtColor(here, cv2.COLOR_HSV2BGR)[..., ::-1]
    assert (cv2.cvtColor(here, cv2.COLOR_HSV2RGB) == back).all()


def test_the_hue_turns_by_whole_steps_below_eighteen():
    red = np.full((1, 1, 3), (255, 0, 0), np.uint8)
    turns = set()
    for seed in range(400):
        found = cv2.cvtColor(module._hued(red, np.random.default_rng(seed)), cv2.COLOR_RGB2HSV)
        hue = int(found[0, 0, 0])
        turns.add(hue - 180 if hue > 90 else hue)
    assert (min(turns), max(turns)) == (-18, 17)
