"""Pixels of the image behind the pixels of the screen, against arithmetic on each of them."""

import numpy as np
import pytest

from cascadeclip.app.canvas import sampling
from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.canvas.layers import Area
from cascadeclip.app.canvas.sampling import (
    Frame,
    Part,
    extent,
    image_area,
    nearest,
    picture,
    screen_part,
)

SCALES = (0.07, 0.13, 0.5, 0.9, 1, 1.37, 2, 3.3, 7, 33, 64)
NUMBERS = np.random.default_rng(0).integers(0, 60_000, (300, 400), dtype=np.uint16)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("x", "y"), [(0, 0), (-12, 9), (5, -8)])
def test_each_pixel_of_the_screen_shows_the_one_its_middle_lies_on(scale, x, y):
    frame = Frame(scale, x, y)
    part = Part(0, 0, 120, 90).within(extent(frame, 300, 400))
    assert part.width > 0
    down = np.floor((np.arange(part.height) + part.y + 0.5 - y) / scale + 1e-9).astype(int)
    across = np.floor((np.arange(part.width) + part.x + 0.5 - x) / scale + 1e-9).astype(int)
    assert np.array_equal(nearest(NUMBERS, frame, part), NUMBERS[np.ix_(down, across)])


def test_what_opencv_cannot_warp_is_picked_and_is_the_same(monkeypatch):
    frame, part = Frame(1.37, -30, -20), Part(0, 0, 90, 80)
    warped = nearest(NUMBERS, frame, part)
    monkeypatch.setattr(sampling, "LONGEST", 10)
    assert np.array_equal(nearest(NUMBERS, frame, part), warped)


@pytest.mark.parametrize("scale", [0.07, 0.133, 0.29, 0.5, 0.77, 1, 1.37, 1.9, 5])
def test_a_part_is_the_same_read_alone_or_with_the_rest(scale):
    rng = np.random.default_rng(1)
    smooth = np.cumsum(np.cumsum(rng.normal(size=(1500, 1300, 3)), 0), 1)
    rgb = ((smooth - smooth.min()) / np.ptp(smooth) * 255).astype(np.uint8)
    levels, frame = half_sizes(rgb), Frame(scale, -20, -30)
    whole = Part(0, 0, 500, 400).within(extent(frame, 1500, 1300))
    seen = picture(levels, frame, whole).astype(int)
    assert seen.shape == (whole.height, whole.width, 3)
    for x, y, width, height in ((0, 0, 5, 5), (13, 20, 7, 40), (whole.width - 9, 3, 9, 30)):
        part = Part(whole.x + x, whole.y + y, width, height).within(whole)
        alone = picture(levels, frame, part).astype(int)
        there = seen[part.y - whole.y :, part.x - whole.x :][: part.height, : part.width]
        assert np.abs(alone - there).max() <= 1


def test_at_its_own_size_the_image_is_shown_bit_for_bit():
    rgb = np.random.default_rng(2).integers(0, 255, (50, 60, 3), dtype=np.uint8)
    assert np.array_equal(picture((rgb,), Frame(1.0, 3, 4), Part(3, 4, 60, 50)), rgb)


def test_the_extent_is_every_pixel_whose_middle_is_on_the_image():
    assert extent(Frame(2.0, 10, 20), 30, 40) == Part(10, 20, 80, 60)
    assert extent(Frame(0.3, 0, 0), 5, 4) == Part(0, 0, 1, 1)


def test_areas_go_to_the_screen_and_back():
    frame = Frame(2.0, 10, 20)
    assert screen_part(frame, Area(1, 2, 3, 5), more=1) == Part(13, 21, 8, 6)
    assert image_area(frame, Part(14, 22, 6, 4), 30, 40) == Area(1, 2, 3, 5)
    assert image_area(frame, Part(-90, -90, 900, 900), 30, 40) == Area(0, 0, 30, 40)
