import cv2
import numpy as np
import pytest

from cascadeclip.core.shaping import polygons
from cascadeclip.core.shaping.part import EMPTY, Part

SIZE = 40, 50
ALL = (0, 0, *SIZE)


def inside(ring, x, y):
    """Whether a place lies inside, by counting the edges to its left."""
    crossed = 0
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y0 <= y) != (y1 <= y):
            crossed += x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= x
    return crossed % 2 == 1


def by_middles(rings):
    mask = np.zeros(SIZE, bool)
    for row in range(SIZE[0]):
        for column in range(SIZE[1]):
            mask[row, column] = sum(inside(r, column + 0.5, row + 0.5) for r in rings) % 2 == 1
    return mask


def test_a_rectangle_covers_its_pixels_and_no_more():
    part = polygons.fill([np.array([(3.0, 2.0), (7, 2), (7, 5), (3, 5)])], *SIZE)
    assert part.box == (2, 3, 5, 7)
    assert part.pixels.all()


@pytest.mark.parametrize("seed", range(8))
def test_a_pixel_belongs_when_its_middle_lies_inside(seed):
    rng = np.random.default_rng(seed)
    # corners beyond the image, lines that cross themselves, two rings
    rings = [rng.random((7, 2)) * 70 - 10, rng.random((4, 2)) * 50]
    assert np.array_equal(polygons.fill(rings, *SIZE).on(ALL), by_middles(rings))


def test_a_ring_inside_is_a_hole_and_one_in_that_is_not():
    def square(low, high):
        return np.array([(low, low), (high, low), (high, high), (low, high)], float)

    part = polygons.fill([square(2, 30), square(5, 20), square(8, 12)], *SIZE)
    assert part.area == 28**2 - 15**2 + 4**2
    assert not part.has(6, 6)
    assert part.has(9, 9)


def test_two_corners_hold_nothing():
    assert polygons.fill([np.array([(1.0, 1.0), (9, 9)])], *SIZE) is EMPTY
    assert polygons.fill([], *SIZE) is EMPTY
    assert polygons.fill([np.array([(-9.0, 1.0), (-3, 9), (-3, 1)])], *SIZE).area == 0


@pytest.mark.parametrize("seed", range(12))
def test_exact_outlines_give_the_mask_back(seed):
    rng = np.random.default_rng(seed)
    part = Part(4, 6, rng.random((rng.integers(1, 20), rng.integers(1, 20))) < rng.random())
    rings = polygons.exact_rings(part)
    assert np.array_equal(polygons.fill(rings, *SIZE).on(ALL), part.on(ALL))


def disc_with_hole(height=60, width=60):
    y, x = np.indices((height, width))
    away = np.hypot(y - 30, x - 30)
    return Part(0, 0, (away < 25) & (away > 9))


def test_simplified_outlines_have_few_corners_and_stay_near():
    part = disc_with_hole()
    rings = polygons.rings_of(part)
    assert len(rings) == 2
    assert sum(map(len, rings)) < 50
    again = polygons.fill(rings, 60, 60)
    differing = np.count_nonzero(again.on((0, 0, 60, 60)) != part.on((0, 0, 60, 60)))
    assert differing < 0.05 * part.area


@pytest.mark.parametrize("turn", [(1, 1), (2, 1), (5, 2), (1, 7)])
@pytest.mark.parametrize("size", [40, 200])
def test_a_slanted_line_of_pixels_has_no_steps(turn, size):
    y, x = np.indices((size, size))
    half = Part(3, 5, x * turn[0] + y * turn[1] < size * sum(turn) / 2)
    (ring,) = polygons.rings_of(half)
    assert len(ring) <= 6
    assert len(polygons.exact_rings(half)[0]) > 10
    assert polygons._likeness(half, [ring]) > 0.97


def test_a_rectangle_keeps_its_corners_where_they_are():
    (ring,) = polygons.rings_of(Part(2, 3, np.ones((4, 9), bool)))
    assert {tuple(corner) for corner in ring} == {(3, 2), (12, 2), (12, 6), (3, 6)}


@pytest.mark.parametrize("seed", range(4))
def test_outlines_of_rough_shapes_stay_like_the_mask(seed):
    rough = cv2.GaussianBlur(np.random.default_rng(seed).standard_normal((240, 320)), (0, 0), 9)
    part = Part(0, 0, rough > 0.01).tight()
    rings = polygons.rings_of(part)
    assert polygons._likeness(part, rings) > 0.98
    assert sum(map(len, rings)) < sum(map(len, polygons.exact_rings(part))) / 4


def test_a_speck_has_an_outline():
    assert polygons.fill(polygons.rings_of(Part(4, 4, np.ones((1, 1), bool))), *SIZE).area == 1
    assert polygons.rings_of(EMPTY) == ()


def test_the_tolerance_grows_until_the_corners_are_few():
    rng = np.random.default_rng(0)
    part = Part(0, 0, rng.random((60, 60)) < 0.6)
    assert sum(map(len, polygons.exact_rings(part))) > 1000
    assert 3 <= sum(map(len, polygons.rings_of(part, most=100))) <= 100


def test_moving_no_corner_changes_no_pixel():
    part = disc_with_hole()
    rings = polygons.rings_of(part)
    same = polygons.reshaped(part, rings, rings, 60, 60)
    assert np.array_equal(same.on((0, 0, 60, 60)), part.on((0, 0, 60, 60)))


def test_moving_one_corner_leaves_the_other_side_bit_for_bit():
    part = disc_with_hole()
    before = polygons.rings_of(part)
    outer = before[0].copy()
    corner = int(np.argmax(outer[:, 0]))
    outer[corner] += (4, 0)
    after = polygons.reshaped(part, before, (outer, *before[1:]), 60, 60)
    box = (0, 0, 60, 60)
    assert np.array_equal(after.on(box)[:, :40], part.on(box)[:, :40])
    assert np.array_equal(
        polygons.fill((outer, *before[1:]), 60, 60).has(57.0, outer[corner, 1]),
        after.has(57.0, outer[corner, 1]),
    )
    assert after.area > part.area
