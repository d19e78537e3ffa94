import numpy as np
import pytest

from cascadeclip.core.shaping import operations
from cascadeclip.core.shaping.part import Part

SIZE = 24, 32
ALL = (0, 0, *SIZE)


def whole(part):
    return part.on(ALL)


def some(seed, share=0.6):
    """A ragged mask somewhere inside the image."""
    rng = np.random.default_rng(seed)
    return Part(5, 6, rng.random((12, 15)) < share)


def distances(mask):
    """How far every pixel is from the nearest one of the mask, by looking at all of them."""
    rows, columns = np.nonzero(mask)
    y, x = np.indices(mask.shape)
    away = np.hypot(y[..., None] - rows, x[..., None] - columns)
    return away.min(axis=2)


def test_holes_are_filled_and_bays_are_not():
    ring = np.ones((5, 6), bool)
    ring[2, 2:4] = False
    assert operations.fill_holes(Part(1, 1, ring)).pixels.all()
    ring[2, 4:] = False  # now a bay, open to the right
    assert np.array_equal(operations.fill_holes(Part(1, 1, ring)).pixels, ring)


def test_pixels_laid_out_by_columns_are_filled_too():
    ring = np.ones((5, 6), bool)
    ring[2, 2:4] = False
    assert operations.fill_holes(Part(1, 1, np.asfortranarray(ring))).pixels.all()


def test_a_way_out_over_a_corner_is_closed():
    ring = np.ones((4, 4), bool)
    ring[1, 1] = False
    ring[0, 0] = False  # touches the hole by a corner only
    filled = operations.fill_holes(Part(0, 0, ring)).pixels
    assert filled[1, 1]
    assert not filled[0, 0]


@pytest.mark.parametrize("pixels", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", [0, 1])
def test_growing_adds_what_is_near(pixels, seed):
    part = some(seed, share=0.1)
    grown = operations.grow(part, pixels, *SIZE)
    assert np.array_equal(whole(grown), distances(whole(part)) <= pixels)


@pytest.mark.parametrize("pixels", [1, 2, 4])
@pytest.mark.parametrize("seed", [0, 1])
def test_shrinking_takes_away_what_is_near_the_outside(pixels, seed):
    part = some(seed, share=0.97)
    shrunk = operations.shrink(part, pixels, *SIZE)
    outside = np.pad(~whole(part), 0)
    assert np.array_equal(whole(shrunk), distances(outside) > pixels)


def test_the_edge_of_the_image_is_no_outside():
    part = Part(0, 0, np.ones((10, SIZE[1]), bool))
    assert operations.shrink(part, 3, *SIZE).box == (0, 0, 7, SIZE[1])
    full = Part(0, 0, np.ones(SIZE, bool))
    assert operations.shrink(full, 3, *SIZE).area == full.area


def test_shrinking_may_leave_nothing():
    assert operations.shrink(Part(5, 5, np.ones((3, 3), bool)), 2, *SIZE).area == 0


@pytest.mark.parametrize("seed", range(4))
def test_union_and_difference_are_those_of_the_pixels(seed):
    first, second = some(seed), Part(9, 2, some(seed + 10).pixels)
    assert np.array_equal(whole(operations.unite([first, second])), whole(first) | whole(second))
    assert np.array_equal(
        whole(operations.subtract(first, [second])), whole(first) & ~whole(second)
    )


def test_split_gives_what_hangs_together():
    pixels = np.zeros((6, 9), bool)
    pixels[0, 0] = True
    pixels[2:4, 2:5] = True
    pixels[4, 5] = True  # over a corner
    pixels[0, 7:9] = True
    parts = operations.split(Part(3, 4, pixels))
    assert [part.area for part in parts] == [7, 2, 1]
    assert parts[0].box == (5, 6, 8, 10)


@pytest.mark.parametrize("line", [[(14.5, 0), (14.5, 24)], [(6, 4), (20, 18)], [(0, 9), (32, 12)]])
def test_a_line_across_makes_two_that_make_up_the_whole(line):
    part = Part(5, 6, np.ones((12, 15), bool))
    parts = operations.split_along(part, line)
    assert len(parts) == 2
    assert np.array_equal(sum(whole(one).astype(int) for one in parts), whole(part))
    assert parts[0].area >= parts[1].area > 20


def test_a_line_that_cuts_nothing_through_gives_the_mask():
    part = Part(5, 6, np.ones((12, 15), bool))
    for line in ([(8, 6), (12, 9)], [(0, 0), (32, 0)], [(14, 0), (14, 10)]):
        (one,) = operations.split_along(part, line)
        assert np.array_equal(whole(one), whole(part))


def test_what_the_line_does_not_cut_stays_with_the_largest_piece():
    pixels = np.zeros((10, 20), bool)
    pixels[:, :12] = True
    pixels[:, 15:] = True
    part = Part(2, 3, pixels)
    first, second = operations.split_along(part, [(7, 0), (7, 20)])
    assert second.area == 50
    assert first.has(20, 5)  # the other island


@pytest.mark.parametrize("seed", range(6))
def test_ragged_masks_fall_apart_only_along_the_line(seed):
    part = some(seed)
    lines = np.random.default_rng(seed).random((3, 2)) * 30
    parts = operations.split_along(part, [tuple(point) for point in lines])
    assert np.array_equal(sum(whole(one).astype(int) for one in parts), whole(part))
