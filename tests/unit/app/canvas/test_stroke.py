import numpy as np
import pytest

from cascadeclip.app.canvas.stroke import (
    LARGEST_SIZE,
    SMALLEST_SIZE,
    Stroke,
    disc,
    next_size,
)


def test_one_pixel_brush_paints_the_pixel_under_the_pointer():
    stroke = Stroke(5, 6, size=1, erase=False)
    stroke.move_to(3.2, 1.9)
    assert np.argwhere(stroke.mask).tolist() == [[1, 3]]


def test_a_fast_move_leaves_no_gap():
    stroke = Stroke(40, 200, size=6, erase=False)
    stroke.move_to(10, 20)
    stroke.move_to(190, 20)
    assert stroke.mask[20, 10:190].all()
    assert stroke.mask[:, 100].sum() == 6


def test_a_stroke_beyond_the_border_is_cut_off_there():
    stroke = Stroke(20, 20, size=10, erase=True)
    stroke.move_to(-3, -3)
    stroke.move_to(40, -3)
    finished = stroke.finish()
    assert finished.erase
    assert finished.cutout.top == 0
    assert finished.cutout.area == stroke.mask.sum() > 0


def test_a_stroke_outside_paints_nothing():
    stroke = Stroke(20, 20, size=4, erase=False)
    stroke.move_to(100, 100)
    assert stroke.finish().cutout.area == 0
    assert not stroke.mask[stroke.dirty].any()


def test_the_dirty_box_holds_every_stamped_pixel():
    stroke = Stroke(60, 60, size=7, erase=False)
    for at in ((30, 30), (50, 12), (5, 44)):
        stroke.move_to(*at)
    assert stroke.mask[stroke.dirty].sum() == stroke.mask.sum()


@pytest.mark.parametrize("size", [1, 2, 3, 8, 33])
def test_a_disc_is_as_wide_as_it_says_and_symmetric(size):
    shape = disc(size)
    assert shape.any(axis=0).all()
    assert shape.any(axis=1).all()
    assert np.array_equal(shape, shape[::-1])
    assert np.array_equal(shape, shape.T)


def test_brush_sizes_move_and_stop():
    assert next_size(1, larger=True) == 2
    assert next_size(SMALLEST_SIZE, larger=False) == SMALLEST_SIZE
    assert next_size(LARGEST_SIZE, larger=True) == LARGEST_SIZE
    assert next_size(40, larger=False) == 34
