import numpy as np
import pytest

from cascadeclip.app.canvas import layers
from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.canvas.layers import Area, compose
from cascadeclip.app.canvas.shapes import Kind, Shape, cut
from cascadeclip.core import masks


def make_shape(mask, colour):
    return Shape(Kind.ANNOTATION, 1, "cat", colour, masks.encode(mask), cut(mask))


def box(top, left, bottom, right, *, height=60, width=80):
    mask = np.zeros((height, width), np.bool_)
    mask[top:bottom, left:right] = True
    return mask


def seen(layer):
    """The colour of the shape each pixel belongs to."""
    colours = {0: ""} | {layer.number(shape): shape.colour for shape in layer.shapes}
    return np.vectorize(colours.get)(layer.numbers)


def test_a_small_mask_lies_on_a_large_one_whatever_the_order():
    shapes = (make_shape(box(4, 4, 6, 6), "#0000ff"), make_shape(box(1, 1, 9, 11), "#ff0000"))
    for order in (shapes, shapes[::-1]):
        colours = seen(compose(order, 60, 80))
        assert colours[4, 4] == "#0000ff"
        assert colours[2, 2] == "#ff0000"
        assert (colours[0] == "").all()


def test_no_shapes_make_a_layer_of_zeros():
    layer = compose((), 4, 5)
    assert layer.numbers.shape == (4, 5)
    assert not layer.numbers.any()


def test_of_a_layer_that_was_there_only_what_changed_is_painted_again():
    shapes = [make_shape(box(y, x, y + 8, x + 8), "#ff0000") for y, x in ((0, 0), (20, 0), (40, 0))]
    first = compose(shapes, 60, 80)
    assert first.painted == 3
    same = compose(shapes[::-1], 60, 80, before=first)
    assert same.painted == 0
    assert same.numbers is first.numbers
    fresh = make_shape(box(24, 4, 30, 12), "#00ff00")
    more = compose([*shapes, fresh], 60, 80, before=first)
    assert more.painted == 2  # itself and the one it lies on
    fewer = compose(shapes[1:], 60, 80, before=more)
    assert not fewer.numbers[:8].any()
    for layer, wanted in ((more, [*shapes, fresh]), (fewer, shapes[1:])):
        assert np.array_equal(seen(layer), seen(compose(wanted, 60, 80)))
    assert not first.numbers[24:30, 8:12].any()  # what was made is never changed


def test_shapes_keep_their_numbers_when_others_go():
    shapes = [make_shape(box(y, 0, y + 8, 8), "#ff0000") for y in (0, 20, 40)]
    first = compose(shapes, 60, 80)
    later = compose(shapes[1:], 60, 80, before=first)
    assert later.number(shapes[1]) == first.number(shapes[1])
    assert later.number(shapes[0]) == 0


def test_an_image_of_another_size_begins_anew():
    first = compose([make_shape(box(0, 0, 8, 8), "#ff0000")], 60, 80)
    other = make_shape(box(0, 0, 8, 8, height=80, width=60), "#ff0000")
    layer = compose([other], 80, 60, before=first)
    assert layer.numbers.shape == (80, 60)
    assert layer.painted == 1


@pytest.mark.parametrize("changes", [0, 1])
def test_a_huge_layer_holds_every_second_pixel_and_gives_all_of_them_in_parts(monkeypatch, changes):
    monkeypatch.setattr(layers, "WHOLE_PIXELS", 60 * 80 // 4)
    monkeypatch.setattr(layers, "TILE", 16)
    rng = np.random.default_rng(1)
    corners = rng.integers(0, (50, 70), (9, 2))
    shapes = [
        make_shape(box(y, x, y + 1 + at, x + 9), f"#0000{at:02x}")
        for at, (y, x) in enumerate(corners)
    ]
    whole = seen(compose_whole(shapes))
    layer = compose(shapes[changes:], 60, 80)
    layer = compose(shapes, 60, 80, before=layer)
    assert layer.step == 2
    assert np.array_equal(seen(layer), whole[::2, ::2])
    colours = {0: ""} | {layer.number(shape): shape.colour for shape in layer.shapes}
    for area in (Area(0, 0, 60, 80), Area(7, 3, 41, 66), Area(59, 79, 60, 80)):
        part = np.vectorize(colours.get)(layer.whole(area))
        assert np.array_equal(part, whole[area.top : area.bottom, area.left : area.right])


def compose_whole(shapes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "WHOLE_PIXELS", 10**9)
        return compose(shapes, 60, 80)


def test_tiles_are_kept_and_not_too_many_of_them(monkeypatch):
    monkeypatch.setattr(layers, "WHOLE_PIXELS", 60 * 80 // 4)
    monkeypatch.setattr(layers, "TILE", 16)
    monkeypatch.setattr(layers, "MOST_TILES", 6)
    layer = compose([make_shape(box(4, 4, 50, 60), "#ff0000")], 60, 80)
    first = layer.whole(Area(0, 0, 16, 32))
    kept = list(layer._tiles.values())
    assert np.array_equal(layer.whole(Area(0, 0, 16, 32)), first)
    assert all(a is b for a, b in zip(kept, layer._tiles.values(), strict=True))
    layer.whole(Area(0, 0, 60, 80))
    assert len(layer._tiles) == 6


def test_halves_begin_with_the_image_and_end_small():
    rgb = np.zeros((3000, 2001, 3), np.uint8)
    sizes = half_sizes(rgb)
    assert [size.shape[:2] for size in sizes] == [(3000, 2001), (1500, 1000), (750, 500)]
    assert len(half_sizes(np.zeros((7, 1, 3), np.uint8))) == 1
