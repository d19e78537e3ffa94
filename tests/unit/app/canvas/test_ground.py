"""What is drawn when, and that parts drawn at different times make the same whole."""

import numpy as np
import pytest
from PySide6.QtCore import QRect

from cascadeclip.app.canvas.ground import Ground
from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.canvas.layers import Area, compose
from cascadeclip.app.canvas.look import Look
from cascadeclip.app.canvas.sampling import Frame
from cascadeclip.app.canvas.shapes import Kind, Shape, cut_out
from cascadeclip.core import masks

HEIGHT, WIDTH = 90, 120
VIEW = (160, 100)
RNG = np.random.default_rng(3)
IMAGE = RNG.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def shape(top, left, bottom, right, *, colour="#ff0000", kind=Kind.ANNOTATION, word=1):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[top:bottom, left:right] = True
    rle = masks.encode(mask)
    return Shape(kind, word, "cat", colour, rle, cut_out(rle), 0.5)


SETTLED = (shape(10, 10, 40, 50), shape(20, 30, 30, 90, colour="#00ff00", word=2))
PENDING = (shape(50, 20, 80, 70, colour="#0000ff", kind=Kind.SUGGESTION, word=3),)


HERE, PLAIN = Frame(1.3, 4, -9), Look()


def make(frame=HERE, settled=SETTLED, pending=PENDING, look=PLAIN, ratio=1.0):
    ground = Ground()
    ground.place(frame, *VIEW, ratio)
    ground.show_image(half_sizes(IMAGE))
    ground.show_look(look)
    ground.show_layers(compose(settled, HEIGHT, WIDTH), compose(pending, HEIGHT, WIDTH))
    return ground


def pixels(ground):
    image = ground.ready()
    return np.frombuffer(image.constBits(), np.uint8).reshape(VIEW[1], VIEW[0], 4)[..., :3].copy()


@pytest.fixture
def ground():
    ground = make()
    ground.ready()
    ground.drawn.clear()
    return ground


def test_what_is_up_to_date_is_not_drawn_again(ground):
    ground.ready()
    ground.place(Frame(1.3, 4, -9), *VIEW, 1.0)
    ground.show_look(Look())
    ground.ready()
    assert ground.drawn == []


@pytest.mark.parametrize(("right", "down"), [(7, 0), (0, -5), (-3, 4), (500, 0)])
def test_a_moved_view_draws_only_what_came_into_sight(ground, right, down):
    there = Frame(1.3, 4 + right, -9 + down)
    ground.place(there, *VIEW, 1.0)
    moved = pixels(ground)
    fresh = VIEW[0] * VIEW[1]
    kept = max(VIEW[0] - abs(right), 0) * max(VIEW[1] - abs(down), 0)
    assert sum(one.width() * one.height() for one in ground.drawn) == fresh - kept
    # The dashes of a suggestion may be smoothed otherwise where a line is cut.
    same = (np.abs(moved.astype(int) - pixels(make(there))) <= 2).all(axis=-1)
    assert same.mean() > 0.99


def test_without_suggestions_a_view_moved_about_is_the_one_drawn_at_once():
    ground = make(pending=())
    for x, y in ((9, 3), (-20, 14), (-21, -30), (40, -9)):
        ground.place(Frame(1.3, x, y), *VIEW, 1.0)
        ground.ready()
    assert np.array_equal(pixels(ground), pixels(make(Frame(1.3, 40, -9), pending=())))


def test_a_stroke_draws_its_rectangle_and_nothing_else(ground):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    before = pixels(ground)
    for left in (60, 70):
        mask[50:60, left : left + 10] = True
        ground.show_live(mask, Area(50, left, 60, left + 10), erase=False, number=None)
        after = pixels(ground)
        changed = np.argwhere((before != after).any(axis=-1))
        drawn = ground.drawn.pop()
        assert ground.drawn == []
        assert drawn.width() <= 10 * 1.3 + 2 * ground.radius + 4
        assert drawn.contains(QRect(*changed.min(axis=0)[::-1], 1, 1))
        assert drawn.contains(QRect(*changed.max(axis=0)[::-1], 1, 1))
        before = after


def test_an_eraser_takes_only_from_the_shape_that_is_chosen(ground):
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[15:28, 25:45] = True
    area = Area(15, 25, 28, 45)
    bare = pixels(make(settled=(), pending=()))
    green = int(4 + 35.5 * 1.3), int(-9 + 25.5 * 1.3)
    red = int(4 + 35.5 * 1.3), int(-9 + 17.5 * 1.3)
    number = ground.settled.number(SETTLED[0])
    ground.show_live(mask, area, erase=True, number=number)
    erased = pixels(ground)
    assert (erased[red[::-1]] == bare[red[::-1]]).all()
    assert (erased[green[::-1]] != bare[green[::-1]]).any()
    ground.show_layers(ground.settled, ground.pending)
    assert (pixels(ground)[red[::-1]] != bare[red[::-1]]).any()


def test_new_layers_draw_only_where_they_differ(ground):
    fresh = shape(60, 90, 70, 100)
    settled = compose((*SETTLED, fresh), HEIGHT, WIDTH, before=ground.settled)
    ground.show_layers(settled, ground.pending)
    after = pixels(ground)
    (drawn,) = ground.drawn
    assert drawn.width() < 25
    assert np.array_equal(after, pixels(make(settled=(*SETTLED, fresh))))
    ground.drawn.clear()
    recoloured = (shape(10, 10, 40, 50, colour="#ff8800"), SETTLED[1])
    ground.show_layers(compose(recoloured, HEIGHT, WIDTH, before=settled), ground.pending)
    assert np.array_equal(pixels(ground), pixels(make(settled=recoloured)))
    assert len(ground.drawn) >= 1


def test_opacity_outlines_and_peek_are_looks_and_paint_no_mask_again(ground):
    whole = pixels(ground)
    images = [whole]
    for look in (Look(opacity=0.9), Look(outlines=False), Look(bare=True), Look(veiled=True)):
        ground.show_look(look)
        images.append(pixels(ground))
    assert len({image.tobytes() for image in images}) == len(images)
    assert np.array_equal(images[3], pixels(make(settled=(), pending=())))
    ground.show_look(Look())
    assert np.array_equal(pixels(ground), whole)


def test_brightness_and_contrast_change_what_is_seen_and_not_the_image():
    kept = IMAGE.copy()
    plain = pixels(make(settled=(), pending=())).astype(int)
    bright = pixels(make(settled=(), pending=(), look=Look(brightness=40))).astype(int)
    flat = pixels(make(settled=(), pending=(), look=Look(contrast=-100))).astype(int)
    grown = bright - plain
    assert grown.max() == 51
    assert ((grown >= 0) & (grown <= 51)).all()
    inside = flat[40:60, 20:60]
    assert np.ptp(inside) <= 1
    assert np.array_equal(IMAGE, kept)


def test_the_veil_lies_where_nothing_has_been_decided():
    plain, veiled = pixels(make(pending=())), pixels(make(pending=(), look=Look(veiled=True)))
    there = lambda x, y: (int(-9 + (y + 0.5) * 1.3), int(4 + (x + 0.5) * 1.3))  # noqa: E731
    assert (veiled[there(25, 25)] == plain[there(25, 25)]).all()
    assert veiled[there(5, 80)].sum() < plain[there(5, 80)].sum()


def test_in_a_hurry_it_is_coarse_and_sharp_again_when_there_is_time():
    ground = make()
    ground.ready()
    ground.pace, ground.in_a_hurry = 1.0, True
    there = Frame(1.6, 0, 0)
    ground.place(there, *VIEW, 1.0)
    ground.drawn.clear()
    coarse = pixels(ground)
    sharp = pixels(make(there))
    assert ground.drawn == []
    assert not np.array_equal(coarse, sharp)
    # Blocks of 4 x 4: a quarter of the pixels in each direction.
    assert np.array_equal(coarse[:96:4, :160:4], coarse[3:96:4, 3:160:4])
    ground.sharpen()
    assert np.array_equal(pixels(ground), sharp)
    assert len(ground.drawn) == 1


def test_an_outline_is_as_wide_on_a_fine_screen():
    assert make(ratio=1.0).radius == 1
    assert make(ratio=2.0).radius == 2


def test_an_image_longer_than_qt_can_draw_is_shown_to_its_end():
    width = 70_000
    strip = np.zeros((8, width, 3), np.uint8)
    strip[:, -40:] = 255
    ground = Ground()
    ground.place(Frame(1.0, -width + VIEW[0], 10), *VIEW, 1.0)
    ground.show_image(half_sizes(strip))
    ground.show_layers(compose((), 8, width), compose((), 8, width))
    shown = pixels(ground)
    assert (shown[12, -40:] == 255).all()
    assert not shown[12, 30:-45].any()
    mask = np.zeros((8, width), np.bool_)
    mask[:, -100:-60] = True
    rle = masks.encode(mask)
    one = Shape(Kind.ANNOTATION, 1, "cat", "#ff0000", rle, cut_out(rle), None, 1)
    ground.show_layers(compose((one,), 8, width), compose((), 8, width))
    assert pixels(ground)[14, -80].tolist() == [0, 0, 115]
    ground.place(Frame(VIEW[0] / width, 0, 10), *VIEW, 1.0)
    assert pixels(ground).shape == (100, 160, 3)
